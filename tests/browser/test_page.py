"""The page of `rejoinder serve`."""

import json

from conftest import ROOT, check, wait
from selenium.webdriver import ActionChains
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
    article = ARTICLE + "\n\nThe Belarusian foreign minister denied the charge and accused Estonia of fabricating evidence."
    paste(browser, server, article)
    shown = browser.find_element(By.CSS_SELECTOR, ".article").get_property("textContent")
    assert shown == "pasted" + article
    denial = next(mark for mark in marks(browser) if mark.text == "Minsk denied any involvement.")
    browser.execute_script("arguments[0].focus()", denial)
    detail = browser.find_element(By.ID, "detail")
    assert "denial" in detail.text and "DENY" in detail.text
    assert "Minsk (BLR) → Foreign Ministry spokeswoman Kadri Laanemets" in detail.text
    assert "Tallinn" not in detail.text
    browser.execute_script("arguments[0].focus()", marks(browser)[0])
    assert "Tallinn (EST), Minsk (BLR) ↔ one another" in detail.text
    browser.execute_script("arguments[0].focus()", denial)
    assert "denied" in [part.text for part in denial.find_elements(By.CSS_SELECTOR, ".evidence")]
    styles = {mark.value_of_css_property("border-style") for mark in marks(browser)}
    assert styles == {f"none none {style}" for style in ("solid", "dashed", "dotted", "double")}
    check(browser, "page-claims")


def test_evidence_is_under_the_pointer(browser, server):
    paste(browser, server, ARTICLE)
    detail = browser.find_element(By.ID, "detail")
    for mark in marks(browser)[:3]:
        browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", mark)
        if browser.size == "desktop":
            ActionChains(browser).move_to_element_with_offset(mark, 0, 0).perform()
        else:
            mark.click()
        wait(browser, lambda b, mark=mark: "chosen" in mark.get_attribute("class"))
        evidence = mark.find_element(By.CSS_SELECTOR, ".evidence")
        assert "underline" in evidence.value_of_css_property("text-decoration-line")
        assert "What decided" in detail.text and "log-odds" in detail.text


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
    assert browser.find_element(By.ID, "count-0").text.startswith("100 %: ")


def test_claim_that_a_slider_hides_is_shown_no_longer(browser, server):
    paste(browser, server, "Moscow denied the charge.")
    browser.execute_script("arguments[0].focus()", marks(browser)[0])
    detail = browser.find_element(By.ID, "detail")
    assert detail.find_element(By.TAG_NAME, "h2").text == "denial"
    slider = browser.find_elements(By.CSS_SELECTOR, "input[type=range]")[2]
    assert browser.find_element(By.ID, "count-2").text.endswith(": 1 sentence")
    slider.send_keys(Keys.END)
    if not marks(browser):
        assert "Point at a marked sentence" in detail.text
    else:
        browser.execute_script("arguments[0].value = 0.05; arguments[0].dispatchEvent(new Event('input'))", slider)
        assert detail.find_element(By.TAG_NAME, "h2").text == "denial"
    check(browser, "page-thresholds")


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


DROP = """
    const files = new DataTransfer();
    files.items.add(new File(["Moscow denied the charge."], "dropped.txt"));
    document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files }));
"""


def test_files_can_be_dropped(browser, server):
    browser.get(server)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".threshold"))
    browser.execute_script(DROP)
    wait(browser, lambda b: [h.text for h in b.find_elements(By.CSS_SELECTOR, ".article h2")] == ["dropped"])
    assert [mark.text for mark in marks(browser)] == ["Moscow denied the charge."]
    assert browser.find_element(By.ID, "status").text.startswith("1 article, 1 sentence, ")


def test_hostile_names_stay_text(browser, server, tmp_path):
    hostile = "<img src=x onerror='window.pwned = 1'><script>window.pwned = 1</script>"
    table = tmp_path / "<b>name.jsonl"
    table.write_text(json.dumps({"id": hostile, "title": hostile, "outlet": hostile, "text": f"{hostile} denied the charge."}) + "\n")
    browser.get(server)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".threshold"))
    browser.find_element(By.ID, "files").send_keys(str(table))
    wait(browser, lambda b: " ms" in b.find_element(By.ID, "status").text)
    for mark in marks(browser):
        browser.execute_script("arguments[0].focus()", mark)
    assert browser.find_element(By.CSS_SELECTOR, ".article h2").text == hostile
    assert browser.execute_script("return window.pwned") is None
    assert browser.find_elements(By.CSS_SELECTOR, "main img, main script, main b") == []


def test_policy_runs_no_other_script(browser, server):
    browser.get(server)
    browser.execute_script("""
        const script = document.createElement("script");
        script.textContent = "window.pwned = 1";
        const button = document.createElement("button");
        button.setAttribute("onclick", "window.pwned = 2");
        const elsewhere = document.createElement("img");
        elsewhere.src = "http://127.0.0.2/pixel.png";
        document.body.append(script, button, elsewhere);
        button.click();
    """)
    assert browser.execute_script("return window.pwned") is None
    told = [entry["message"] for entry in browser.get_log("browser")]
    assert len([message for message in told if "Content Security Policy" in message]) == 3, told


def test_hostile_text_stays_text(browser, server):
    hostile = 'He denied it, <img src=x onerror="document.title=1"><script>document.title=2</script> "said" the 🦊 minister.'
    paste(browser, server, hostile)
    assert browser.title == "rejoinder"
    assert browser.find_element(By.CSS_SELECTOR, ".article").get_property("textContent") == "pasted" + hostile
    assert not browser.find_elements(By.CSS_SELECTOR, ".article img, .article script")
