"""The page that `rejoinder report` writes, opened from its file."""

import copy
import json
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import PROGRAM, ROOT, check, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

OUTLETS = ["The Courier", "Northern Herald", "Harbour Times"]
HOSTILE = [
    "</script><script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    '" onmouseover="window.pwned = 1" autofocus onfocus="window.pwned = 1',
    "<!-- <script>",
    "javascript:window.pwned=1",
    "\u202edrawkcab\u2066 \u0000",
    "W" * 5000,
    "\N{PILE OF POO}" * 50 + " & ' \" <b>",
]


def classify(*arguments):
    command = [PROGRAM, "classify", *arguments, "--format", "jsonl", "--quiet"]
    return list(map(json.loads, subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()))


def report(folder, lines):
    claims, page = folder / "claims.jsonl", folder / "report.html"
    claims.write_text("".join(json.dumps(line) + "\n" for line in lines))
    subprocess.run([PROGRAM, "report", claims, "-o", page, "--quiet"], check=True)
    return page.as_uri()


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The claims of the project's articles, printed in several months and outlets: far more than a screen holds."""
    found = classify(*sorted((ROOT / "tests/articles").glob("*.txt")))
    lines = []
    for time in range(24):
        for line in copy.deepcopy(found):
            line["article"] += f"-{time}"
            line["date"] = f"{2021 + time % 2}-{time % 12 + 1:02}-{time % 28 + 1:02}"
            line["outlet"] = OUTLETS[time % 3]
            lines.append(line)
    return report(tmp_path_factory.mktemp("report"), lines)


@pytest.fixture(scope="session")
def long_page(tmp_path_factory):
    """The claims of all labelled sentences, each in two articles, over three years and three outlets."""
    once = classify(ROOT / "labels/sentences.csv", ROOT / "labels/articles.csv", "--unit", "record")
    lines = [line | {"article": f"{line['article']}-{print}"} for line in once for print in (1, 2)]
    for number, line in enumerate(lines):
        month = number * 36 // len(lines)
        line["date"] = f"{2021 + month // 12}-{month % 12 + 1:02}-{number % 28 + 1:02}"
        line["outlet"] = OUTLETS[number % 3]
    return report(tmp_path_factory.mktemp("long"), lines), len(lines)


def hostile_line(number, text):
    party = {"text": text, "code": text, "role": text, "antecedent": {"text": text}}
    return {
        "article": text, "sentence": number, "start": 0, "end": len(text), "text": text,
        "labels": ["accusation", text], "probabilities": {"accusation": 0.9, text: 0.5},
        "speaker": party, "source": party, "target": party,
        "relations": [{"label": "accusation", "sources": [party], "targets": [{"text": "Ada Obi", "code": None}]}],
        "evidence": [{"label": "accusation", "term": text, "start": 0, "end": 3, "contribution": 1.5}],
        "cluster": {"article": text, "sentence": number}, "date": text, "outlet": text, "title": text,
    }  # fmt: skip


def open_page(browser, address, fragment=""):
    browser.get("about:blank")
    browser.get(address + fragment)
    wait(browser, lambda b: " of " in summary(b))


def summary(browser):
    return browser.find_element(By.ID, "summary").text


def claims(browser):
    return browser.find_elements(By.CSS_SELECTOR, ".claim")


def test_page_is_accessible(browser, page):
    open_page(browser, page)
    check(browser, "report")
    open_page(browser, page, "#label=0&once=0")
    check(browser, "report-claims")


def test_every_number_is_that_of_the_sentences_behind_it(browser, page):
    open_page(browser, page)
    browser.set_script_timeout(120)
    wrong = browser.execute_async_script("""
        const done = arguments[arguments.length - 1];
        const follow = (link) => new Promise((then) => {
          if (location.hash === link.getAttribute("href")) return then();
          addEventListener("hashchange", () => setTimeout(then), { once: true });
          location.hash = link.getAttribute("href");
        });
        (async () => {
          const links = [...document.querySelectorAll('a[href*="once="]')].filter((link) => !link.closest("#list") && !link.matches(".derived"));
          const wrong = links.length < 100 ? [`only ${links.length} links`] : [];
          // One in so many of the distinct links, from the beginning of the page to its end.
          const distinct = [...new Map(links.map((link) => [link.href, link])).values()];
          const step = Math.ceil(distinct.length / 50);
          for (const link of distinct.filter((_, at) => at % step === 0)) {
            const [, number, noun] = (link.getAttribute("aria-label") ?? link.textContent).match(/([0-9,]+)( [a-z]+)?$/);
            await follow(link);
            const summary = document.getElementById("summary").textContent;
            const told = / (article|outlet)s?/.test(noun) ? summary.includes(` ${number}${noun}`) : summary.startsWith(`${number} of `);
            if (!told) wrong.push(`${link.getAttribute("href")}: ${number}, but ${summary}`);
          }
          return wrong;
        })().then(done);
    """)
    assert wrong == []


def test_bar_leads_to_its_sentences_and_back(browser, page):
    open_page(browser, page)
    before = summary(browser)
    bar = browser.find_element(By.CSS_SELECTOR, ".timeline a")
    browser.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", bar)
    wait(browser, lambda b: summary(b) != before and claims(b))
    assert browser.switch_to.active_element.get_attribute("id") == "claims-title"
    days = {place.text[:7] for place in browser.find_elements(By.CSS_SELECTOR, ".claim .from")}
    assert days == {"2021-01"}
    browser.find_element(By.CSS_SELECTOR, "#chips button").click()
    wait(browser, lambda b: len(b.find_elements(By.CSS_SELECTOR, "#chips button")) == 2)


def test_filters_work_by_keyboard(browser, page):
    open_page(browser, page, "#once=0&from=2021-01-01")
    filters = browser.find_element(By.CSS_SELECTOR, ".filters")
    if filters.get_attribute("open") is None:
        browser.find_element(By.CSS_SELECTOR, ".filters summary").send_keys(Keys.ENTER)
    before = summary(browser)
    browser.find_element(By.NAME, "source").send_keys("Estonia")
    wait(browser, lambda b: summary(b) != before)
    wait(browser, lambda b: claims(b) and all("Estonia" in c.text for c in claims(b) if c.text))
    box = browser.find_element(By.CSS_SELECTOR, "[name=label]")
    before = summary(browser)
    box.send_keys(Keys.SPACE)
    wait(browser, lambda b: summary(b) != before)
    assert "label=0" in browser.current_url and "source=" in browser.current_url
    reset = browser.find_element(By.CSS_SELECTOR, "[type=reset]")
    reset.send_keys(Keys.ENTER)
    wait(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, "#chips button"))
    check(browser, "report-filters")


def test_filters_that_nothing_passes_say_so(browser, page):
    open_page(browser, page, "#q=xyzzy&once=0")
    assert summary(browser).startswith("0 of ")
    assert browser.find_element(By.ID, "more").text == "No sentence passes these filters."
    # These lines do not tell reprints, so there is nothing to count once.
    assert not browser.find_element(By.NAME, "once").is_displayed()
    check(browser, "report-nothing")


def test_charts_are_as_wide_as_the_screen(browser, page):
    open_page(browser, page)
    cut = browser.execute_script("""
        const wide = document.documentElement.clientWidth;
        const inside = ({ left, right }) => left >= 0 && right <= wide;
        return [...document.querySelectorAll("svg.fluid rect, svg.fluid text")]
          .filter((part) => part.checkVisibility() && !inside(part.getBoundingClientRect())).map((part) => part.outerHTML);
    """)
    assert cut == []


def test_cells_are_large_enough_for_a_finger(browser, page):
    open_page(browser, page)
    small = browser.execute_script("""
        return [...document.querySelectorAll("td a, nav a, #chips button, .filters :is(input, select, summary, button)")]
          .filter((target) => target.checkVisibility())
          .map((target) => [target.closest("label") ?? target, target])
          .filter(([area]) => { const { width, height } = area.getBoundingClientRect(); return width < 24 || height < 24; })
          .map(([, target]) => target.outerHTML);
    """)
    assert small == []


def test_paper_has_every_part_and_the_first_sentences(browser, page, tmp_path):
    open_page(browser, page, "#once=0")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        browser.execute_script("dispatchEvent(new Event('beforeprint'))")
        shown = [claim for claim in claims(browser) if claim.is_displayed()]
        assert len(shown) == 200
        assert browser.find_element(By.ID, "more").text.endswith(" more are not printed.")
        assert not browser.find_element(By.CSS_SELECTOR, ".filters").is_displayed()
        for part in ("totals", "timeline", "directions", "answers", "claims"):
            assert browser.find_element(By.ID, part).is_displayed()
        wide = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert browser.size == "phone" or wide <= 0
        browser.execute_script("dispatchEvent(new Event('afterprint'))")
        assert browser.find_element(By.ID, "more").text == ""
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_long_list_holds_what_is_looked_at(browser, page):
    open_page(browser, page, "#once=0&sort=newest")
    for _ in range(30):
        browser.execute_script("window.scrollBy(0, 3000)")
    wait(browser, lambda b: b.execute_script("""
        const middle = document.elementFromPoint(innerWidth * 0.6, innerHeight / 2);
        return middle?.closest(".claim") !== null;
    """))
    assert len(claims(browser)) < 200


# A change of each kind of filter → milliseconds until its result is painted.
CHANGES = """
    const done = arguments[arguments.length - 1];
    const form = document.getElementById("filters");
    const painted = () => new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
    const change = async (name, value) => {
      const field = form.elements[name][0]?.type === "checkbox" ? form.elements[name][0] : form.elements[name];
      field.type === "checkbox" ? (field.checked = value) : (field.value = value);
      const before = document.getElementById("summary").textContent;
      const started = performance.now();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      while (document.getElementById("summary").textContent === before) await painted();
      await painted();
      return performance.now() - started;
    };
    (async () => {
      const took = {};
      for (const [name, value] of [["label", true], ["label", false], ["from", "2022-01-01"], ["outlet", "1"], ["p", 90],
        ["actor", "minister"], ["actor", ""], ["answered", "no"], ["q", "said"], ["q", ""]]) {
        took[`${name} ${value}`] = Math.round(await change(name, value));
      }
      return took;
    })().then(done);
"""


def test_many_claims_stay_fluid(browser, long_page):
    """Prints the figures of the README (`tests/browser/run.sh -k fluid -s`); only a page that hangs fails."""
    address, count = long_page
    assert count >= 20_000
    open_page(browser, address)
    paint = wait(browser, lambda b: b.execute_script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"))
    took = browser.execute_async_script(CHANGES)
    size = Path(unquote(urlsplit(address).path)).stat().st_size / 1e6
    print(f"\n{count} claims, {size:.1f} MB: painted after {paint:.0f} ms; milliseconds of a change: {took}")
    assert len(took) == 10


def test_hostile_text_stays_text(browser, tmp_path):
    page = report(tmp_path, [hostile_line(number, text) for number, text in enumerate(HOSTILE)])
    open_page(browser, page)
    browser.execute_script("document.getElementById('list').scrollIntoView()")
    wait(browser, claims)
    assert browser.execute_script("return window.pwned") is None
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 2
    assert browser.find_elements(By.CSS_SELECTOR, "img, iframe, object, embed, base, [onerror], [onmouseover]") == []
    shown = {element.get_property("textContent") for element in browser.find_elements(By.CSS_SELECTOR, ".said")}
    assert set(HOSTILE) <= shown
    check(browser, "report-hostile")


def test_policy_runs_no_other_script(browser, page):
    open_page(browser, page)
    browser.execute_script("""
        const script = document.createElement("script");
        try { script.textContent = "window.pwned = 1"; } catch { }
        document.body.append(script);
        try { document.body.innerHTML += "<b>markup</b>"; } catch { window.refused = 1; }
    """)
    assert browser.execute_script("return [window.pwned, window.refused]") == [None, 1]
    browser.get_log("browser")  # the policy tells there what it refused


def test_tables_stand_without_a_script(browser, page):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get("about:blank")
        browser.get(page)
        text = browser.find_element(By.TAG_NAME, "main").text
        assert "Who accuses whom" in text and "needs JavaScript" in text
        assert len(browser.find_elements(By.CSS_SELECTOR, ".matrix a")) > 10
        assert not browser.find_element(By.ID, "filters").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
