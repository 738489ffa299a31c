"""A server, a browser at phone and at desktop width, and what every page is checked for.

A page is added by a test that takes `browser`, opens it, does what a user does, and calls `check(browser, NAME)`.
"""

import json
import os
import re
import subprocess
import time
from importlib import resources
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REJOINDER", str(ROOT / "target/debug/rejoinder"))
SHOTS = ROOT / "target/browser"
WIDTHS = {"phone": (375, 812), "desktop": (1280, 900)}
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()


def start(*arguments):
    """Starts a server on a free port; returns the process and its address."""
    command = [PROGRAM, *arguments, "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    for line in process.stderr:
        if found := re.match(r"(http://\S+)", line):
            break
    else:
        raise RuntimeError(f"{command} did not start")
    # What it logs from now on would fill the pipe.
    subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
    return process, found[1]


def stop(process):
    process.terminate()
    assert process.wait(15) == 0


@pytest.fixture(scope="session")
def server():
    process, address = start("serve")
    yield address
    stop(process)


@pytest.fixture(scope="session", params=WIDTHS)
def browser(request):
    size = request.param
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking"
        " --disable-component-update --disable-sync --hide-scrollbars"
    ).split():
        options.add_argument(argument)
    if size == "desktop":
        # A mouse, which a machine without a screen lacks: pages tell keys where one can point.
        options.add_argument("--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
    # Many times what they take, so that a busy machine fails no test.
    driver.set_script_timeout(180)
    width, height = WIDTHS[size]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.size = size
    yield driver
    driver.quit()


def wait(browser, condition, seconds=60):
    return WebDriverWait(browser, seconds).until(condition)


def check(browser, name):
    """Takes a screenshot in both themes, and finds no serious fault of accessibility, no error in the console, nothing wider than
    the screen, nothing loaded from elsewhere."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    browser.execute_script(AXE)
    for theme in ("light", "dark"):
        media = {"prefers-color-scheme": theme, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in media.items()]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        browser.save_screenshot(str(SHOTS / f"{name}-{browser.size}-{theme}.png"))
        found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
        serious = [
            {"rule": fault["id"], "nodes": [node["html"][:200] for node in fault["nodes"]], "why": fault["nodes"][0]["failureSummary"]}
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{theme}: {json.dumps(serious, indent=1)}"
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    origin = browser.execute_script("return location.origin")
    assert all(name.startswith(f"{origin}/") for name in loaded), loaded
    errors = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert not errors, errors
    wide = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels wider than the screen"
