"""The page of `rejoinder serve`."""

from conftest import ROOT, check, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

ARTICLE = (ROOT / "tests/articles/cyberattack-row.txt").read_text()


def marks(browser):
    return browser.find_elements(By.CSS_SELECTOR, "mark:not([data-off])")


def paste(browser, server, text):
    browser.get(server)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".threshold"))
    area = browser.find_element(By.ID, "text")
    browser.execute_script("arguments[0].value = arguments[1]", area, text)
    area.send_keys(Keys.CONTROL, Keys.ENTER)
    wait(browser, lambda b: " ms" in b.find_element(By.ID, "status").text)


def test_pasted_article_is_read_back_with_its_claims(browser, server):
    browser.get(server)
    check(browser, "page-empty")
    paste(browser, server, ARTICLE)
    shown = browser.find_element(By.CSS_SELECTOR, ".article").get_property("textContent")
    assert shown == "pasted" + ARTICLE
    denial = next(mark for mark in marks(browser) if mark.text == "Minsk denied any involvement.")
    browser.execute_script("arguments[0].focus()", denial)
    detail = browser.find_element(By.ID, "detail")
    assert "denial" in detail.text and "Minsk (BLR) → ?" in detail.text and "DENY" in detail.text
    assert "denied" in [part.text for part in denial.find_elements(By.CSS_SELECTOR, ".evidence")]
    check(browser, "page-claims")


def test_claims_are_stepped_through_by_keyboard(browser, server):
    paste(browser, server, ARTICLE)
    last = browser.find_elements(By.CSS_SELECTOR, "input[type=range]")[-1]
    browser.execute_script("arguments[0].focus()", last)
    seen = []
    for _ in range(3):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        assert browser.switch_to.active_element.tag_name == "mark"
        seen.append(browser.find_element(By.ID, "detail").text)
    assert len(set(seen)) == 3


def test_slider_hides_and_shows_claims(browser, server):
    paste(browser, server, ARTICLE)
    before = len(marks(browser))
    slider = browser.find_element(By.CSS_SELECTOR, "input[type=range]")
    slider.send_keys(Keys.HOME)
    more = len(marks(browser))
    slider.send_keys(Keys.END)
    assert len(marks(browser)) < before <= more
    assert browser.find_element(By.ID, "count-0").text.startswith("100 %")


def test_files_are_read_and_errors_told(browser, server, tmp_path):
    browser.get(server)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".threshold"))
    table = tmp_path / "two.csv"
    table.write_text("id,title,text\na1,First,Moscow denied the charge.\na2,Second,It rained.\n")
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"title": "no text"}\n')
    browser.find_element(By.ID, "files").send_keys(f"{table}\n{wrong}")
    wait(browser, lambda b: "wrong.jsonl" in b.find_element(By.ID, "status").text)
    assert [h.text for h in browser.find_elements(By.CSS_SELECTOR, ".article h2")] == ["First", "Second"]
    assert [mark.text for mark in marks(browser)] == ["Moscow denied the charge."]
    assert "no column `text`" in browser.find_element(By.ID, "status").text
    browser.get_log("browser")  # the console names the refused request
    check(browser, "page-files")


def test_hostile_text_stays_text(browser, server):
    hostile = 'He denied it, <img src=x onerror="document.title=1"><script>document.title=2</script> "said" the 🦊 minister.'
    paste(browser, server, hostile)
    assert browser.title == "rejoinder"
    assert browser.find_element(By.CSS_SELECTOR, ".article").get_property("textContent") == "pasted" + hostile
    assert not browser.find_elements(By.CSS_SELECTOR, ".article img, .article script")
