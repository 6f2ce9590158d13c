"""Windows, and disks that know no links: `latest.pth` is a copy there, and what reads it sees no difference."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.run import Run

pytestmark = pytest.mark.train


def test_latest_is_a_copy_where_links_cannot_be_made(
    trained: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", no_links)
    monkeypatch.setattr(Path, "symlink_to", no_links)  # Python 3.10 keeps a function of os for it
    run = trained(epochs=2)
    assert run.latest is not None
    assert not run.latest.is_symlink()
    assert run.latest.read_bytes() == run.checkpoints[2].read_bytes()
    assert read_checkpoint(run.latest).epoch == 2
    assert sorted(run.checkpoints) == [1, 2]
