"""A page in a real browser: from disk in a headless Chromium, which tells what it asked for and complained of."""

from __future__ import annotations

import base64
import importlib.util
import json
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
_PATIENCE = 180  # seconds for a script, on a machine that has much else to do
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, arguments[0]).then((found) => done(found.violations.map((one) =>
  `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120) + " | " + node.failureSummary).join("; ")}`)),
  (error) => done([String(error)]));
"""
TOO_WIDE = """
const width = document.documentElement.clientWidth;
const scrolls = (one) => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
return [...document.querySelectorAll("body *")]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > width + 0.5)
  .filter((one) => getComputedStyle(one).position !== "absolute" && !scrolls(one.parentElement))
  .map((one) => one.outerHTML.slice(0, 120));
"""
SEEN_TEXTS = """
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const parent = walker.currentNode.parentElement;
  if (parent.closest("script, style") || !parent.getClientRects().length) continue;
  const text = walker.currentNode.textContent.trim();
  const neutral = parent.closest("bdi, [translate=no], [data-choose]") !== null;
  if (text) found.push([text, parent.closest("[lang]").getAttribute("lang"), neutral]);
}
return found;
"""


class SeenText(NamedTuple):
    """`lang` is the language that it says it is in; names and what a student wrote are `neutral`."""

    text: str
    lang: str
    neutral: bool


class Browser:
    """One browser for all tests of this process. `open` starts anew: no page knows anything of an earlier one."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(
        self,
        page: Path,
        *,
        width: int = 1280,
        lang: Literal["zh", "en"] = "en",
        dark: bool = False,
        fragment: str = "",
    ) -> None:
        """The page in a window of this width, for a reader of this language and colour scheme."""
        cdp = self.driver.execute_cdp_cmd
        cdp(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}
        cdp("Emulation.setEmulatedMedia", {"media": "screen", "features": [scheme, calm]})
        accepts = {"zh": "zh-CN,zh", "en": "en-US,en"}[lang]
        cdp("Emulation.setUserAgentOverride", {"userAgent": "test", "acceptLanguage": accepts})
        self.driver.get("about:blank")
        for kind in ("performance", "browser"):
            self.driver.get_log(kind)
        self.driver.get(page.resolve().as_uri() + fragment)

    def print_as_paper(self) -> None:
        """The page as it would be printed."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def requests(self) -> list[str]:
        """What the page asked for since it was opened, itself included; what is in the page is no request."""
        told = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [one["params"]["request"]["url"] for one in told if one["method"] == "Network.requestWillBeSent"]
        return [url for url in asked if not url.startswith("data:")]

    def console(self) -> list[str]:
        """What the browser had to complain of, its content policy included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def choose(self, lang: str) -> None:
        self.driver.find_element("css selector", f'[data-choose="{lang}"]').click()

    def seen_texts(self) -> list[SeenText]:
        """Every text that can be seen."""
        return [SeenText(*found) for found in self.run(SEEN_TEXTS)]

    def too_wide(self) -> list[str]:
        """What reaches over the right edge and does not scroll by itself."""
        return list(self.run(TOO_WIDE))

    def wrong_by_axe(self) -> list[str]:
        """What the rules of axe-core find, WCAG 2.1 AA and good practice."""
        self.run(self._axe)
        return list(self.driver.execute_async_script(AXE, AXE_RULES))

    @cached_property
    def _axe(self) -> str:
        if importlib.util.find_spec("axe_core_python") is None:
            pytest.skip("axe-core-python is not installed: accessibility was not checked")
        return resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")

    def picture(self, path: Path) -> None:
        """The whole page as a PNG file, to be looked at."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return document.documentElement.clientWidth")
        area = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": area, "captureBeyondViewport": True})
        path.write_bytes(base64.b64decode(shot["data"]))


def started(program: str, driver_program: str, profile: Path) -> Any:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver_program))
    driver.set_script_timeout(_PATIENCE)
    return driver
