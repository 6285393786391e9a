# SPDX-License-Identifier: Apache-2.0
"""The HTML page, driven in a browser."""

from __future__ import annotations

import shutil
import tempfile

import pytest
from edgejs.napi.matrix import tables
from lines import line

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-extensions"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("NO CHROMIUM OR NO CHROMEDRIVER: the page was not driven")
    webdriver = pytest.importorskip("selenium.webdriver")
    lines = [
        line("beta", "node24", "passes", is_reference=True),
        line("beta", "edgejs", "passes", version="2.0.0"),
        line("alpha", "node24", "passes", version="10.0.0", is_reference=True),
        line("alpha", "edgejs", "crashes", "SIGSEGV", version="10.0.0"),
        line("gamma", "node24", "passes", version="9.0.0", is_reference=True),
        line("gamma", "edgejs", "not-applicable", version="9.0.0"),
    ]
    earlier = [line("alpha", "edgejs", "passes", version="9.9.9")]
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(tables.html([earlier, lines]), encoding="utf-8")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
        browser.get(file.as_uri())
        yield browser
        browser.quit()


@pytest.fixture(autouse=True)
def fresh(page):
    page.refresh()


def rows(page):
    shown = page.find_elements("css selector", ".matrix tbody tr")
    return [row.get_attribute("data-package") for row in shown if row.is_displayed()]


def choose(page, control, text):
    from selenium.webdriver.support.ui import Select

    Select(page.find_element("id", control)).select_by_visible_text(text)


def test_it_sorts(page):
    heads = page.find_elements("css selector", ".matrix thead button")
    assert rows(page) == ["beta", "alpha", "gamma"]
    heads[0].click()
    assert rows(page) == ["alpha", "beta", "gamma"]
    heads[0].click()
    assert rows(page) == ["gamma", "beta", "alpha"]
    heads[1].click()  # versions are numbers
    assert rows(page) == ["beta", "gamma", "alpha"]
    heads[3].click()
    assert rows(page) == ["alpha", "gamma", "beta"]


def test_it_filters(page):
    page.find_element("id", "search").send_keys("ALP")
    assert rows(page) == ["alpha"]
    page.refresh()
    choose(page, "verdict", "passes")
    assert rows(page) == ["beta", "alpha", "gamma"]
    choose(page, "runtime", "edgejs")
    assert rows(page) == ["beta"]
    assert page.find_element("id", "shown").text == "1 of 3"


def test_a_cell_opens(page):
    cell = page.find_element("css selector", "tr[data-package=alpha] td:nth-child(4)")
    assert "SIGSEGV" not in cell.text
    cell.find_element("css selector", "summary").click()
    assert "SIGSEGV" in cell.text and "3 Node-API calls" in cell.text and "</script> of alpha" in cell.text
    titles = [step.get_attribute("title") for step in cell.find_elements("css selector", ".history span")]
    assert [title.rpartition(", ")[2] for title in titles] == ["9.9.9: passes", "10.0.0: crashes"]


def test_it_needs_nothing_else(page):
    asked = page.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert asked == []
