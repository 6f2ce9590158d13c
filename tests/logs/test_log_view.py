"""`pytest-mmedu log`: the view as a person sees it, in 80 columns, in both languages."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pytest_mmedu.errors import LogError, OutputError
from pytest_mmedu.logs import TrainLog, from_records, read_log
from pytest_mmedu.report.dot_plot import plot
from pytest_mmedu.report.log_rows import epoch_rows, loss_points, thinned
from pytest_mmedu.report.log_view import log_text, save_plot, show_log
from pytest_mmedu.text import Lang, width
from tests.logs.written import mmcv_text, mmengine_text, small_run


@pytest.fixture
def log(tmp_path: Path) -> TrainLog:
    path = tmp_path / "run.log"
    best = "2026-03-01 10:00:00,000 - mmcls - INFO - Best accuracy_top-1 is 70.0000 at 3 epoch.\n"
    path.write_text("\n".join([*mmcv_text(small_run()), best]), "utf-8")
    return read_log(path)


SUMMARY = {
    "zh": """\
run.log · mmcv text · utf-8 · 14 行
 轮数          3
 每轮批数      100
 损失          2.3 → 0.2
 学习率        0.01
 top-1         最好 70.00（第 3 轮），最后 70.00
 最佳权重      top-1 70.00（第 3 轮）

     轮       损失     学习率      top-1      秒/批
      1      1.367       0.01      50.00      0.076
      2     0.6833       0.01      60.00      0.076
      3     0.4556       0.01      70.00      0.076 ★
""",
    "en": """\
run.log · mmcv text · utf-8 · 14 lines
 epochs        3
 iters/epoch   100
 loss          2.3 → 0.2
 lr            0.01
 top-1         best 70.00 (epoch 3), last 70.00
 saved best    top-1 70.00 (epoch 3)

  epoch       loss         lr      top-1     s/iter
      1      1.367       0.01      50.00      0.076
      2     0.6833       0.01      60.00      0.076
      3     0.4556       0.01      70.00      0.076 ★
""",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_summary_and_table(log: TrainLog, lang: str) -> None:
    text = log_text(log, lang)  # type: ignore[arg-type]
    assert text.startswith(SUMMARY[lang])


def test_many_epochs_are_thinned_and_the_best_is_kept(tmp_path: Path) -> None:
    run = small_run(200)
    run.epochs[76].top1 = 99.0
    run.epochs = [*run.epochs]
    for epoch in run.epochs[:76] + run.epochs[77:]:
        epoch.top1 = 50.0
    path = tmp_path / "run.log"
    path.write_text("\n".join(mmengine_text(run)), "utf-8")
    log = read_log(path)
    rows = thinned(epoch_rows(log), 16, [77])
    assert (rows[0].epoch, rows[-1].epoch, 77 in [row.epoch for row in rows]) == (1, 200, True)
    text = log_text(log, "zh")
    assert "（200 轮中的 17 轮）" in text
    assert [line.split()[0] for line in text.split("\n") if line.endswith("★")] == ["77"]
    assert max(width(line) for line in text.split("\n")) <= 80


def test_notes_are_shown_with_their_line() -> None:
    log = from_records([{"mode": "train", "epoch": 1, "iter": 10, "loss": 1.0}, {"a": 1}])
    assert " 说明          第 2 行：这一行是 JSON" in log_text(log, "zh")
    assert " note          line 2: This line is JSON" in log_text(log, "en")


def test_without_epochs_and_without_anything() -> None:
    by_iteration = [{"mode": "train", "iter": i * 10, "loss": 3.0 / i} for i in range(1, 5)]
    assert loss_points(from_records(by_iteration)) == [(10.0, 3.0), (20.0, 1.5), (30.0, 1.0), (40.0, 0.75)]
    assert "没有训练记录" in log_text(from_records([{"tool": "MMEdu2.0.0"}]), "zh")


def test_nan_is_said_and_not_drawn() -> None:
    nan = float("nan")
    records = [{"mode": "val", "epoch": e, "iter": 7, "accuracy_top-1": nan} for e in (1, 2)]
    assert "没有数值（NaN）" in log_text(from_records(records), "zh")


def test_plot() -> None:
    points = [(float(i), float(i % 5)) for i in range(1, 40)]
    assert plot([(1.0, 2.0), (2.0, 1.0)], columns=4, rows=2, unicode=False) == [
        "        2 |**",
        "        1 |  **",
        "          +----",
        "           1  2",
    ]
    assert all(width(line) <= 80 for line in plot(points))
    assert plot(points[:1]) == []


def test_a_console_without_chinese_gets_english(log: TrainLog) -> None:
    raw = io.BytesIO()
    console = io.TextIOWrapper(raw, "ascii", write_through=True)
    show_log(log, lang="zh", console=console)
    shown = raw.getvalue().decode("ascii")
    assert "best 70.00" in shown
    assert "This console cannot show Chinese" in shown


def test_svg(log: TrainLog, tmp_path: Path) -> None:
    path, out = tmp_path / "out.svg", io.StringIO()
    show_log(log, lang="zh", plot=path, console=out)
    assert out.getvalue().endswith(f"曲线图：{path}\n")
    root = ET.fromstring(path.read_text("utf-8"))
    curves = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert [len(curve.attrib["points"].split()) for curve in curves] == [9, 3]
    assert list(tmp_path.glob("*.part")) == []


def test_svg_of_nothing_and_to_nowhere(log: TrainLog, tmp_path: Path) -> None:
    nothing = save_plot(from_records([{"tool": "MMEdu2.0.0"}]), tmp_path / "out.svg", "en")
    assert nothing.en == "The log has no curve to draw: no plot was written."
    assert nothing.zh == "日志里没有可以画的曲线，没有写图。"
    assert not (tmp_path / "out.svg").exists()
    with pytest.raises(OutputError, match=r"cannot be written to out\.svg"):
        save_plot(log, tmp_path / "missing" / "out.svg", "en")


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError):
        show_log(tmp_path, lang="en", console=io.StringIO())


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["log_text-041.log", "log_json-019.log.json", "log_notebook_output-022.nb.txt"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_real_logs_fit_80_columns(corpus: Path, name: str, lang: str) -> None:
    lines = log_text(read_log(corpus / "logs" / name), lang).split("\n")  # type: ignore[arg-type]
    assert max(width(line) for line in lines) <= 80


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_and_numbers_of_any_size_stay_in_80_columns(tmp_path: Path, lang: Lang) -> None:
    metrics = f'"{"类别_" * 20}": 1e300, "accuracy_top-1": 1e300, "accuracy_{"x" * 60}": -1e200'
    lines = [f'{{"mode": "val", "epoch": {epoch}, "iter": 7, {metrics}}}' for epoch in (1, 2)]
    losses = [f'{{"mode": "train", "epoch": 1, "iter": {at}, "loss": -1.2345e-{at}}}' for at in (100, 200)]
    path = tmp_path / f"{'很长的名字' * 12}.log.json"
    path.write_text("\n".join([*losses, *lines, ""]), "utf-8")
    text = log_text(read_log(path), lang)
    assert max(map(width, text.split("\n"))) <= 80
    assert "1e+300" in text
    assert "-1.2e-100" in text


def test_a_flat_curve_has_one_label() -> None:
    assert [line[:9].strip() for line in plot([(1, 50.0), (2, 50.0)])[:7]] == ["50", *[""] * 6]


def test_an_epoch_that_a_resumed_run_repeats_is_named_once() -> None:
    log = from_records([{"mode": "val", "epoch": epoch, "accuracy_top-1": 50.0} for epoch in (1, 2, 3, 3)])
    assert "最好 50.00（第 1、2、3 轮）" in log_text(log, "zh")
