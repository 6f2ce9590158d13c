"""A browser for the tests of pages, gone with the last of a file: other tests look for processes left behind."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator

import pytest

from tests.browser.chromium import Browser, started

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium; a reason to skip where there is none."""
    if importlib.util.find_spec("selenium") is None:
        pytest.skip("selenium is not installed: no page was opened")
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("there is no Chromium with its chromedriver here: no page was opened")
    running = started(program, driver, tmp_path_factory.mktemp("profile"))
    yield Browser(running)
    running.quit()
