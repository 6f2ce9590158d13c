"""A teacher's own score: it counts, is shown everywhere, and what cannot be one is told."""

from __future__ import annotations

from pathlib import Path

from tests.gradebook.conftest import Grade, MakeClass
from tests.gradebook.graded import CLASS, SCORES, run, scores


def test_override_and_export(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    grade(hand_in(CLASS))
    changed = run("override", results, "LI SI", "--score", "8", "--comment", "=很好")
    assert (changed.exit_code, changed.output) == (0, "Li Si: 8 points; 5 as graded.\n")
    page = (results / "students" / "Li Si.html").read_text("utf-8")
    assert "很好" in page
    assert "老师给的得分：8 分。 | The teacher&#39;s score: 8 points." in page
    assert "Li Si,8,10,5,0,0,8,'=很好,graded," in (results / "gradebook.csv").read_text("utf-8-sig")
    exported = run("export", results, "--format", "markdown")
    assert exported.output == f"{results / 'gradebook.md'}\n"
    assert "| Li Si | 8 | 10 | 0 | 8 | =很好 | graded |  |\n" in (results / "gradebook.md").read_text("utf-8")
    commented = run("override", results, "Li Si", "--comment", "再看看")
    assert commented.output == "Li Si: 8 points; 5 as graded.\n"
    removed = run("override", results, "Li Si", "--remove")
    assert removed.output == "Li Si: 5 points, as graded.\n"
    assert "很好" not in (results / "students" / "Li Si.html").read_text("utf-8")


IMPOSSIBLE = {
    ("Li", "--score", "3"): "There is no student Li here. Did you mean Li Si?",
    ("wang", "--score", "80"): "A score of 80 cannot be. It is between 0 and 10. Check the score.",
    ("wang", "--score", "nan"): "A score of nan cannot be. It is between 0 and 10. Check the score.",
    ("wang",): "Give --score or --comment, or --remove alone.",
}


def test_an_override_that_cannot_be(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    grade(hand_in(CLASS))
    for words, sentence in IMPOSSIBLE.items():
        done = run("override", results, *words)
        assert (done.exit_code, sentence in done.output) == (2, True), done.output
    assert scores(results) == SCORES


def test_no_gradebook_there(tmp_path: Path) -> None:
    for command in (["override", tmp_path, "wang", "--score", "1"], ["export", tmp_path]):
        done = run(*command)
        assert done.exit_code == 2
        assert f"There is no gradebook in {tmp_path.name}. Give the folder of `grade --out`." in done.output
    assert list(tmp_path.iterdir()) == []
