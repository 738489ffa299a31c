"""The page of `rejoinder label`."""

import csv
import json
import re
import subprocess
from collections import Counter
from urllib.request import urlopen

import pytest
from conftest import PROGRAM, ROOT, check, start, stop, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

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
    assert score in browser.find_element(By.ID, "status").text
    check(browser, "desk-trained")
    # A label more, and the score is told with how far it moved.
    press(browser, Keys.ENTER)
    status(browser, "Saved")
    press(browser, "t")
    wait(browser, lambda b: re.search(r"\([+−]0\.\d{3}\) cross-validated on 41 sentences", b.find_element(By.ID, "score").text))


def test_two_people_disagree_and_a_third_rules(browser, desk):
    come(browser, desk, "ada")
    first = current(browser)
    press(browser, "1")
    press(browser, "r")
    browser.switch_to.active_element.send_keys("7", Keys.ENTER)
    status(browser, "Saved: accusation")
    come(browser, desk, "bea")
    assert current(browser) == first
    # What one chose and did not save is not shown to the other.
    press(browser, "2")
    come(browser, desk, "dan")
    assert current(browser) == first
    assert not browser.find_elements(By.CSS_SELECTOR, "#labels [aria-pressed=true]")
    come(browser, desk, "bea")
    press(browser, "2")
    assert not browser.find_elements(By.CSS_SELECTOR, "#labels [aria-pressed=true]")
    press(browser, "3", Keys.ENTER)
    status(browser, "Saved: denial")
    browser.find_element(By.CSS_SELECTOR, "[data-view=agree]").click()
    wait(browser, lambda b: "1 sentence coded by two" in b.find_element(By.ID, "view-agree").text)
    shown = browser.find_element(By.ID, "view-agree").text
    assert "Krippendorff’s α, with 95 % intervals" in shown and "Cohen’s κ" in shown and "ada and bea 1 " in shown
    # Where they differ, by the rule that one of them named.
    assert f"7 1 {first}" in shown
    check(browser, "desk-agreement")
    come(browser, desk, "cle")
    browser.find_element(By.CSS_SELECTOR, "[data-view=rule]").click()
    card = wait(browser, lambda b: b.find_element(By.CSS_SELECTOR, "#view-rule .card"))
    assert "ada: accusation (rule 7)" in card.text and "bea: denial" in card.text
    check(browser, "desk-rule")
    card.find_elements(By.CSS_SELECTOR, "button.label")[2].send_keys(Keys.SPACE)
    next(button for button in card.find_elements(By.TAG_NAME, "button") if button.text == "Decide: denial").send_keys(Keys.ENTER)
    wait(browser, lambda b: "Nobody disagrees" in b.find_element(By.ID, "view-rule").text)


def ask(browser, path, body):
    """Asks the desk as its page does."""
    script = """
        const [path, body, done] = arguments;
        const headers = { "content-type": "application/json" };
        fetch(`/v1/desk/${path}`, { method: "POST", headers, body: JSON.stringify(body) }).then((answer) => answer.json()).then(done);
    """
    return browser.execute_async_script(script, path, body)


def test_next_disagreement_has_the_focus(browser, desk):
    come(browser, desk, "cle")
    for sentence in (0, 1):
        for name, labels in (("ada", ["denial"]), ("bea", [])):
            ask(browser, "code", {"annotator": name, "sentence": sentence, "labels": labels})
    browser.find_element(By.CSS_SELECTOR, "[data-view=rule]").click()
    cards = wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#view-rule .card"))
    assert len(cards) == 2
    cards[0].find_elements(By.TAG_NAME, "button")[-1].send_keys(Keys.ENTER)
    status(browser, "Decided: none")
    left = browser.find_elements(By.CSS_SELECTOR, "#view-rule .card")
    assert left == cards[1:]
    assert browser.switch_to.active_element == left[0].find_element(By.TAG_NAME, "button")


def test_last_sentence_is_told_and_taken_back(browser, desk):
    come(browser, desk, "ada")
    check(browser, "desk-first")
    while task := ask(browser, "next", {"annotator": "ada"})["task"]:
        ask(browser, "code", {"annotator": "ada", "sentence": task["sentence"], "labels": []})
    press(browser, "s")
    wait(browser, lambda b: "You have labelled all" in b.find_element(By.ID, "article").text)
    check(browser, "desk-done")
    browser.find_element(By.ID, "undo").click()
    status(browser, "Taken back")
    assert current(browser)


@pytest.mark.parametrize("order", ["uncertainty", "diversity", "random"])
def test_order_is_chosen(browser, desk, order):
    come(browser, desk, "ada")
    Select(browser.find_element(By.ID, "order")).select_by_value(order)
    first = ask(browser, "next", {"annotator": "ada", "order": order})["task"]
    text = next(line["text"] for line in first["lines"] if line["sentence"] == first["sentence"])
    wait(browser, lambda b: current(b) == text)


def test_suspected_errors_come_first(browser, tmp_path):
    file, rows = tmp_path / "desk.sqlite", tmp_path / "rows.csv"
    rows.write_text(ROWS.replace("fraud in year 4.,accusation", "fraud in year 4.,none"))
    subprocess.run([PROGRAM, "label", file, "--import", rows, "--from", "csv"], check=True)
    process, address = start("label", str(file))
    try:
        browser.get(f"{address}/desk")
        wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#codebook h2"))
        Select(browser.find_element(By.ID, "order")).select_by_value("suspects")
        browser.find_element(By.ID, "annotator").clear()
        browser.find_element(By.ID, "annotator").send_keys("ada", Keys.ENTER)
        status(browser, "may be wrong")
        assert current(browser) == "The minister accused the mayor of fraud in year 4."
        suspect = browser.find_element(By.ID, "suspect").text
        assert suspect.startswith("Labelled without accusation; models that learned from the other sentences give it ")
        check(browser, "desk-suspect")
        press(browser, "1", Keys.ENTER)
        status(browser, "Saved: accusation")
        wait(browser, lambda b: "No other label looks wrong." in b.find_element(By.ID, "article").text)
    finally:
        stop(process)


def test_codebook_stands_beside_the_sentence(browser, desk):
    come(browser, desk, "ada")
    book = browser.find_element(By.ID, "codebook")
    assert {"accusation", "denial", "cooperation"} <= {heading.text for heading in book.find_elements(By.TAG_NAME, "h3")}
    offered = browser.find_elements(By.CSS_SELECTOR, "#rules option")
    assert len(offered) > 3


def test_server_that_is_gone_is_told(browser, tmp_path):
    process, address = start("label", str(tmp_path / "desk.sqlite"))
    browser.get(f"{address}/desk")
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#codebook h2"))
    stop(process)
    browser.find_element(By.ID, "annotator").send_keys("ada", Keys.ENTER)
    status(browser, "The server does not answer")
    browser.get_log("browser")  # the console tells it too


HOSTILE = "<img src=x onerror='window.pwned = 1'></script><script>window.pwned = 1</script>"


def test_hostile_text_stays_text(browser, tmp_path):
    file, articles = tmp_path / "desk.sqlite", tmp_path / "articles.jsonl"
    article = {"id": HOSTILE, "title": HOSTILE, "text": f"He denied it, {HOSTILE} he said."}
    articles.write_text(json.dumps(article) + "\n")
    book = tmp_path / "book.md"
    book.write_text(f"# {HOSTILE}\n\n## {HOSTILE}\n\n1. {HOSTILE}\n")
    subprocess.run([PROGRAM, "label", file, "--import", articles, "--double", "100"], check=True)
    process, address = start("label", str(file), "--codebook", str(book))
    try:
        for name, key in ((HOSTILE[:40], "1"), ("<b>bea</b>", "3")):
            come(browser, address, name)
            assert HOSTILE in browser.find_element(By.ID, "article").get_property("textContent")
            press(browser, key, Keys.ENTER)
            status(browser, "Saved")
        for view in ("rule", "agree", "code"):
            browser.find_element(By.CSS_SELECTOR, f"[data-view={view}]").click()
            wait(browser, lambda b, view=view: "<b>bea</b>" in b.find_element(By.ID, f"view-{view}").text or view == "code")
        assert browser.execute_script("return window.pwned") is None
        assert browser.find_elements(By.CSS_SELECTOR, "img, main script, b") == []
    finally:
        stop(process)


@pytest.mark.parametrize("format", ["csv", "jsonl", "doccano", "label-studio"])
def test_export_of_the_page_is_imported_again(browser, desk, tmp_path, format):
    come(browser, desk, "ada")
    press(browser, "3", Keys.ENTER)
    status(browser, "Saved")
    link = browser.find_element(By.CSS_SELECTOR, f"#exports [href$='={format}']").get_attribute("href")
    labels = tmp_path / "labels"
    labels.write_bytes(urlopen(link).read())
    again, out = tmp_path / "again.sqlite", tmp_path / "out.csv"
    subprocess.run([PROGRAM, "label", again, "--import", labels, "--from", format], check=True)
    subprocess.run([PROGRAM, "label", again, "--export", out], check=True)
    with out.open() as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 41
    assert Counter(row["labels"] for row in rows) == {"accusation": 10, "cooperation": 10, "denial": 11, "none": 10}
