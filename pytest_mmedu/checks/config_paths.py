"""配置里的路径 | A check of the paths in a config: whether they work on another computer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_mmedu.checks import advice
from pytest_mmedu.checks.config_fields import no_config, not_known
from pytest_mmedu.checks.parameters import NOT_FILLED_IN
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.config_tree import ConfigTree, Leaf, leaves
from pytest_mmedu.text import Text, printable

_PATHS = frozenset(
    "data_prefix data_root ann_file classes load_from resume_from work_dir checkpoint pretrained".split()
)
_ABSOLUTE = re.compile(r"(/|~|[A-Za-z]:[\\/]|\\\\)")


@check("asked")
def paths_relative(subject: Subject) -> Verdict:
    """路径在别的电脑上也能用 | Paths that work on another computer

    Of the data, of the weights, of the folder to save in. Addresses on the web are none.
    """
    config = subject.asked.config
    if config is None:
        return no_config(subject)
    open_one = next((leaf for path, leaf in config.blanks() if _names_a_place(path)), None)
    if open_one is not None:
        return no(NOT_FILLED_IN, WANTED, hint=advice.FILL_IN, place=open_one.place)
    paths = list(_paths(config))
    for path, leaf in paths:
        if _ABSOLUTE.match(leaf.value):
            seen = Text.same(f"{path}={printable(leaf.value, 60)}")
            return no(seen, WANTED, hint=MAKE_RELATIVE, place=leaf.place)
    if not paths:
        data = config.first("data.train.data_prefix", "train_dataloader.dataset.data_prefix")
        if data.state == "unreadable":
            return not_known(data, WANTED)
        return unknown(Text("配置里没有路径", "the config has no paths"), WANTED, hint=NAME_PATHS, place=config.name)
    return yes(Text(f"{len(paths)} 处路径都是相对的", f"{len(paths)} of {len(paths)} are relative"), WANTED)


def _paths(config: ConfigTree) -> Iterator[tuple[str, Leaf]]:
    for path, leaf in leaves(config.root):
        text = leaf.state == "given" and isinstance(leaf.value, str) and bool(leaf.value)
        if text and _names_a_place(path) and "://" not in leaf.value:
            yield path, leaf


def _names_a_place(path: str) -> bool:
    """`classes` may be a list of names instead of a file; mmpretrain writes data_prefix=dict(img_path=...)."""
    words = path.split(".")
    return not words[-1].isdecimal() and bool(_PATHS & set(words[-2:]))


WANTED = Text("都是相对路径", "relative paths only")
MAKE_RELATIVE = Text(
    "别的电脑上没有这个文件夹：从配置或程序所在的文件夹算起来写。",
    "No other computer has this folder: write the path as it is seen from the folder you work in.",
)
NAME_PATHS = Text("在 data 里写明图片在哪里。", "State in data where the pictures are.")
