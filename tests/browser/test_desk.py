"""The page of `rejoinder label`."""

import subprocess

import pytest
from conftest import PROGRAM, ROOT, check, start, stop, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

ROWS = "text,labels,group\n" + "".join(
    f"{text} in year {number}.,{label},g{number // 4}\n"
    for number in range(10)
    for text, label in (
        ("The minister accused the mayor of fraud", "accusation"),
        ("The mayor denied the allegations", "denial"),
        ("The ministers agreed to hold talks", "cooperation"),
        ("It rained for a long time", "none"),
    )
)


@pytest.fixture
def desk(tmp_path):
    file, rows = tmp_path / "desk.sqlite", tmp_path / "rows.csv"
    rows.write_text(ROWS)
    articles = ROOT / "tests/articles"
    for arguments in (["--import", articles, "--from", "articles", "--double", "100"], ["--import", rows, "--from", "csv"]):
        subprocess.run([PROGRAM, "label", file, *arguments], check=True)
    test = tmp_path / "test.csv"
    test.write_text("text,labels\nThe mayor accused the minister of theft.,accusation\nThe minister denied it.,denial\nIt snowed.,none\n")
    process, address = start("label", str(file), "--test", str(test))
    yield address
    stop(process)


def press(browser, *keys):
    browser.find_element(By.TAG_NAME, "body").send_keys(*keys)


def status(browser, text):
    wait(browser, lambda b: text in b.find_element(By.ID, "status").text)


def come(browser, desk, name):
    """Opens the desk as somebody."""
    browser.get(f"{desk}/desk")
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#codebook h2"))
    field = browser.find_element(By.ID, "annotator")
    field.clear()
    field.send_keys(name, Keys.ENTER)
    # Once the first sentence is there, keys are for labels.
    wait(browser, lambda b: b.switch_to.active_element.tag_name == "body" and b.find_elements(By.ID, "current"))


def current(browser):
    return wait(browser, lambda b: b.execute_script("return document.getElementById('current')?.textContent"))


def test_sentences_are_labelled_by_keyboard(browser, desk):
    come(browser, desk, "ada")
    first = current(browser)
    press(browser, "1")
    press(browser, "r")
    browser.switch_to.active_element.send_keys("7", Keys.ESCAPE)
    check(browser, "desk-label")
    press(browser, Keys.ENTER)
    status(browser, "Saved: accusation")
    wait(browser, lambda b: current(b) != first)
    assert browser.find_element(By.ID, "progress").text.startswith("1 by you")
    press(browser, "u")
    status(browser, "Taken back")
    assert current(browser) == first
    press(browser, "s")
    wait(browser, lambda b: current(b) != first)
    # What is being typed survives a reload.
    typed = current(browser)
    press(browser, "3")
    browser.refresh()
    assert current(browser) == typed
    pressed = browser.find_elements(By.CSS_SELECTOR, "#labels [aria-pressed=true]")
    assert [button.get_property("textContent") for button in pressed] == ["3 denial"]


def test_model_learns_at_a_key(browser, desk):
    come(browser, desk, "ada")
    press(browser, "t")
    status(browser, "Trained in")
    score = browser.find_element(By.ID, "score").text
    assert "on 40 sentences" in score and "on 3 test sentences" in score


def test_two_people_disagree_and_a_third_rules(browser, desk):
    come(browser, desk, "ada")
    first = current(browser)
    press(browser, "1", Keys.ENTER)
    status(browser, "Saved: accusation")
    come(browser, desk, "bea")
    assert current(browser) == first
    assert not browser.find_elements(By.CSS_SELECTOR, "#labels [aria-pressed=true]")
    press(browser, "3", Keys.ENTER)
    status(browser, "Saved: denial")
    browser.find_element(By.CSS_SELECTOR, "[data-view=agree]").click()
    wait(browser, lambda b: "1 sentences coded by two" in b.find_element(By.ID, "view-agree").text)
    check(browser, "desk-agreement")
    browser.find_element(By.CSS_SELECTOR, "[data-view=rule]").click()
    card = wait(browser, lambda b: b.find_element(By.CSS_SELECTOR, "#view-rule .card"))
    assert "ada: accusation" in card.text and "bea: denial" in card.text
    check(browser, "desk-rule")
    card.find_elements(By.CSS_SELECTOR, "button.label")[2].click()
    next(button for button in card.find_elements(By.TAG_NAME, "button") if button.text == "Decide").click()
    wait(browser, lambda b: "Nobody disagrees" in b.find_element(By.ID, "view-rule").text)
