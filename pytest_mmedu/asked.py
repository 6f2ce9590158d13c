"""学生写下的参数 | What a submission asks for: as written in its source, as recorded at the call.

A value may be missing (the default counts), left as `...` (not filled in), or an expression that cannot be resolved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.config_tree import ConfigTree

NOT_PLAIN = Text("从源码里看不出它的值", "its value cannot be read from the source")

State = Literal["given", "default", "not filled in", "unreadable"]


@dataclass(frozen=True, slots=True)
class AskedValue:
    """One argument. `value` means something for "given" and "default" only; `place` is "homework.py:12".

    `differs` holds what the call received where that is not what the source says. `why` it is unreadable is said where
    there is more to say than that: inherited from a config that was not handed in.
    """

    value: Any = None
    state: State = "given"
    place: str | None = None
    differs: Any = None
    why: Text | None = None


@dataclass(frozen=True)
class Asked:
    """All arguments of one training: `values` by MMEdu's name ("lr", "num_classes", "dataset", ...).

    `unknown` are names that train() does not know, with their place; `place` is the train() call itself.
    `config` is the whole config where one was handed in instead of a program.
    """

    values: Mapping[str, AskedValue] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    place: str | None = None
    config: ConfigTree | None = None

    def __getitem__(self, name: str) -> AskedValue:
        """What was asked for `name`; MMEdu's default where the submission does not mention it."""
        return self.values.get(name) or _DEFAULTS[name]

    @property
    def not_filled_in(self) -> dict[str, AskedValue]:
        """The arguments still left as `...`."""
        return {name: asked for name, asked in self.values.items() if asked.state == "not filled in"}


_DEFAULTS = {row.name: AskedValue(row.default, "default") for row in PARAMETERS}
