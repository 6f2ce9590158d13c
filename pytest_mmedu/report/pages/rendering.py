"""网页的共同部分 | What all pages share: one file without a network, both languages in it, foreign text shown as text.

A page is a template that extends `base.html.jinja`. In it `t("中文", "English")` writes a sentence of ours in both
languages, `text | both` a `Text`, `name | foreign` words of a student on one line: whatever stands in them is shown and
does nothing. The page's own policy allows its one style sheet and its one script by their checksums, and pictures that
are in the file: a `style="…"` or an `onclick="…"` has no effect, so use classes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu import __version__
from pytest_mmedu.report.layout import number
from pytest_mmedu.text import Lang, Text, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FOLDER = Path(__file__).parent
LANG_TAGS = {"zh": "zh-CN", "en": "en"}
_LONGEST = 400  # as on the card


def render(
    template: str,
    *,
    lang: Lang,
    title: Text,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    **context: Any,
) -> str:
    """The whole page. `styles` and `scripts` are files of this folder that follow `style.css` and `page.js`.

    `lang` is what a reader sees whose browser speaks neither language, or runs no script.
    """
    return "".join(pieces(template, lang=lang, title=title, styles=styles, scripts=scripts, **context))


def pieces(
    template: str,
    *,
    lang: Lang,
    title: Text,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    **context: Any,
) -> Iterator[str]:
    """As `render`, piece by piece: iterators in `context` are read while the page is written."""
    from markupsafe import Markup

    style, script = _together("style.css", *styles), _together("page.js", *scripts)
    made = _environment().get_template(template)
    yield from made.generate(
        lang=lang,
        title=title,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        version=__version__,
        **context,
    )
    yield "\n"


def both(text: Text) -> Markup:
    """A text in its two languages, of which one is seen; once where they are the same."""
    from markupsafe import Markup

    zh, en = shown(text.zh), shown(text.en)
    if zh == en:
        return Markup("<bdi>{}</bdi>").format(zh)
    return Markup('<span lang="zh-CN" data-l="zh">{}</span><span lang="en" data-l="en">{}</span>').format(zh, en)


def foreign(text: object) -> Markup:
    """A name, a path: nobody's language, and its direction turns nothing around it."""
    from markupsafe import Markup

    return Markup('<bdi translate="no">{}</bdi>').format(shown(str(text)))


def shown(text: str) -> str:
    """On one line, without characters that steer what stands around them; still to be escaped for HTML."""
    return printable(" ".join(text.split()), _LONGEST)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(both=both, foreign=foreign, shown=shown, number=number)
    made.globals.update(t=lambda zh, en: both(Text(zh, en)), lang_tags=LANG_TAGS)
    return made


@cache
def _together(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text("utf-8").replace("\r\n", "\n").strip("\n") for name in names)


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere; what is in the page by its checksum."""
    return (
        f"default-src 'none'; img-src data:; style-src {_checksum(style)}; script-src {_checksum(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _checksum(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode('ascii')}'"
