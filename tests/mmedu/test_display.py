"""The result's picture: written where asked, shown only where somebody sits at a screen, never in the way."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from pytest_mmedu.errors import OutputError
from pytest_mmedu.mmedu import display
from pytest_mmedu.mmedu.image_input import Picture, pictures_of
from pytest_mmedu.mmedu.predictions import Prediction, chinese, sentence_of
from pytest_mmedu.mmedu.printing import say

ROCK: Prediction = {"pred_label": 1, "pred_score": 0.984, "pred_class": "rock"}


@pytest.fixture
def digit(tmp_path: Path) -> Picture:
    Image.new("L", (8, 8), 200).save(tmp_path / "digit.png")
    return pictures_of(tmp_path / "digit.png")[0]


def test_a_tiny_picture_is_enlarged_above_a_strip_with_text(digit: Picture) -> None:
    drawn = display.draw_result(digit, ROCK)
    assert drawn.size == (224, 248)
    assert drawn.getpixel((5, 5)) == (200, 200, 200)
    assert len(drawn.crop((0, 224, 224, 248)).getcolors()) > 1  # there is ink on the strip


def test_the_picture_is_kept_under_its_name_with_the_class(digit: Picture, tmp_path: Path) -> None:
    file = display.save_result(digit, ROCK, tmp_path / "new" / "folder")
    assert file == tmp_path / "new" / "folder" / "digit.png"
    assert Image.open(file).size == (224, 248)


def test_a_chinese_class_name_is_drawn_or_replaced_by_its_number(digit: Picture) -> None:
    stone: Prediction = {**ROCK, "pred_class": "石头"}
    assert display.draw_result(digit, stone).size == (224, 248)


def test_a_folder_that_cannot_be_written_is_told_and_the_program_goes_on(
    digit: Picture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputError) as caught:
        display.save_result(digit, ROCK, tmp_path / "taken")
    target = tmp_path / "taken" / "digit.png"
    assert caught.value.text.zh == (f"结果图写不进 {target}。请用 save_fold 换一个可以写入的文件夹，或写 show=False。")
    assert caught.value.text.en == (
        f"The result picture cannot be written to {target}. Choose a writable folder with save_fold, or use show=False."
    )
    display.show_results([digit], [ROCK], tmp_path / "taken", window=True)
    assert capsys.readouterr().out == f"{caught.value.text}\n"


def test_nobody_watches_a_test() -> None:
    assert not display.somebody_watches()


def test_a_terminal_without_a_screen_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", _Terminal())
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not display.somebody_watches()
    monkeypatch.setenv("DISPLAY", ":0")
    assert display.somebody_watches()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_console_of_another_encoding_gets_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    say("分类 ok")
    assert raw.getvalue() == b"?? ok\n"


def test_no_console_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    say("x")
    assert not display.somebody_watches()


def test_the_chinese_form_of_a_result() -> None:
    result = chinese([ROCK])
    assert result == [{"标签": 1, "置信度": 0.984, "预测结果": "rock"}]
    assert sentence_of(result) == "分类结果如下：\n[{'标签': 1, '置信度': 0.984, '预测结果': 'rock'}]"
