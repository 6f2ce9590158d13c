"""pytest 插件 | The pytest plugin, as pytest finds it: it registers the hooks and the fixtures.

Every pytest in an environment pays for what happens here, those that grade nothing as well.
"""

from __future__ import annotations

import pytest


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """The first that pytest calls. For names in `pytest_plugins` it would search all packages that are installed."""
    _import_plainly(pluginmanager)
    from pytest_mmedu import fixtures, hooks

    pluginmanager.register(hooks, "mmedu_hooks")
    pluginmanager.register(fixtures, "mmedu_fixtures")


def _import_plainly(pluginmanager: pytest.PytestPluginManager) -> None:
    """pytest reads a plugin's whole package anew for the sake of its asserts: ours says what is wrong in sentences.

    There is no public way to decline. Where a later pytest keeps its list elsewhere, imports only take longer.
    """
    getattr(pluginmanager.rewrite_hook, "_must_rewrite", set()).discard(__package__)
