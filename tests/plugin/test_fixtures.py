"""What test files can ask for, each on the real thing: a submission that is run, a training that is carried out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.report.report import Report

Grade = Callable[..., Report]

FIXTURES = ("check", "device", "log", "mmedu_train", "run", "submission", "subject", "tiny_dataset", "weights")
TOML = """
id = "ex"
title = { zh = "练习", en = "Exercise" }
dataset = "shapes3"
budget = { epochs = 2, images = 20, seconds = 300 }
"""
HOMEWORK = """
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "first"
model.train(epochs=2, lr=0.05, batch_size=4, random_seed=1, validate=True)
"""


@pytest.fixture
def exercise(pytester: pytest.Pytester) -> Callable[..., Path]:
    """A folder with exercise.toml, a homework and a test file."""

    def make(tests: str, homework: str | None = HOMEWORK) -> Path:
        pytester.path.joinpath("exercise.toml").write_text(TOML, "utf-8")
        if homework is not None:
            pytester.path.joinpath("homework.py").write_text(homework, "utf-8")
        return Path(pytester.makepyfile(test_ex=tests))

    return make


def test_the_documentation_is_what_pytest_shows(pytester: pytest.Pytester) -> None:
    shown = pytester.runpytest("--fixtures").outlines
    start = next(n for n, line in enumerate(shown) if "pytest_mmedu.fixtures" in line)
    ours = shown[start:]
    for name in FIXTURES:
        place = next(n for n, line in enumerate(ours) if line.startswith(f"{name} -- "))
        zh, bar, en = ours[place + 1].strip().partition(" | ")
        assert zh
        assert bar
        assert en.isascii()


def test_the_marker_is_documented(pytester: pytest.Pytester) -> None:
    pytester.runpytest("--markers").stdout.fnmatch_lines(["@pytest.mark.points(n, after=None): *分*|*worth n points*"])


@pytest.mark.train
def test_a_submission_through_every_fixture(exercise: Callable[..., Path], grade: Grade, tmp_path: Path) -> None:
    exercise(
        """
        from pytest_mmedu import points

        @points(1)
        def test_all(submission, run, log, weights, check, subject):
            assert submission.source_file.name == "homework.py"
            assert sorted(run.checkpoints) == [1, 2]
            assert log.val[-1].epoch == 2
            assert weights.path == run.best
            assert subject.images.classes == ("circle", "square", "triangle") or len(subject.images.classes) == 3
            assert check.subject is subject
            assert check.param("lr", between=(0.01, 0.1)).outcome == "passed"
            check.run_finished()
            check.checkpoint_agrees()  # its steps are those of the pictures that the budget left
        """
    )
    settings = (f"--mmedu-cache={tmp_path}", "--mmedu-isolation=process")
    first, second = (grade(*settings, code=0) for _ in range(2))
    assert first.all_earned
    assert first.exercise.id == "ex"
    assert len(first.submission.sha256 or "") == 64
    assert first.isolation == "process"
    assert (first.from_cache, second.from_cache) == (False, True)


USES = """
from pytest_mmedu import points

@points(1)
def test_run(run): pass

@points(1)
def test_log(log): pass

@points(1)
def test_weights(weights): pass

@points(1)
def test_check(check): check.run_finished()
"""


@pytest.mark.parametrize(
    ("homework", "word"),
    [
        (HOMEWORK.replace("epochs=2", "epochs=..."), "epochs"),
        (HOMEWORK.replace("epochs=2,", "epochs=2，"), "homework.py"),
        (None, ""),
    ],
)
def test_what_the_student_did_wrong_is_a_failure_without_a_traceback(
    exercise: Callable[..., Path], pytester: pytest.Pytester, grade: Grade, homework: str | None, word: str
) -> None:
    exercise(USES, homework)
    report = grade(code=1)
    assert (report.score, report.max_score) == (0, 4)
    assert [test.outcome for test in report.tests] == ["failed"] * 4
    said = [test.message or test.results[0].seen + test.results[0].hint for test in report.tests]  # type: ignore[operator]
    assert all(
        word in f"{text}{test.results[0].place if test.results else ''}"
        for text, test in zip(said, report.tests, strict=True)
    )
    assert all(text.zh != text.en for text in said)
    done = pytester.runpytest()
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*Error*")


def test_the_submission_can_be_read_without_being_run(exercise: Callable[..., Path], grade: Grade) -> None:
    exercise(
        """
        from pytest_mmedu import points

        @points(1)
        def test_source(submission):
            assert submission.kind == "script"
        """,
        "raise SystemExit('never run')",
    )
    report = grade(code=0)
    assert (report.score, report.isolation, report.from_cache) == (1, "", False)


def test_a_broken_exercise_is_our_error(exercise: Callable[..., Path], pytester: pytest.Pytester, grade: Grade) -> None:
    exercise(USES)
    pytester.path.joinpath("exercise.toml").write_text('id = "ex"\n', "utf-8")
    report = grade(code=1)
    assert {test.outcome for test in report.tests} == {"error"}
    assert report.has_errors
    assert report.max_score == 4


@pytest.mark.train
def test_a_gpu_that_is_not_there_is_our_error(exercise: Callable[..., Path], grade: Grade) -> None:
    exercise("from pytest_mmedu import points\n@points(1)\ndef test_x(device): assert device == 'cuda:99'")
    report = grade("--mmedu-device=cuda:99", code=1, own_process=True)
    assert report.tests[0].outcome == "error"
    message = report.tests[0].message
    assert message is not None
    assert message.zh.startswith("不能用 cuda:99：")
    assert message.zh.endswith("请用 --mmedu-device=cpu，或用 auto：有显卡才用显卡。")
    assert message.en.startswith("cuda:99 cannot be used: ")
    assert message.en.endswith("Use --mmedu-device=cpu, or auto, which takes a GPU where there is one.")


@pytest.mark.parametrize("wanted", ["cpu", "auto"])
def test_device(exercise: Callable[..., Path], grade: Grade, wanted: str) -> None:
    exercise("from pytest_mmedu import points\n@points(1)\ndef test_x(device): assert device in ('cpu', 'cuda')")
    assert grade(f"--mmedu-device={wanted}", own_process=wanted == "auto").all_earned


@pytest.mark.train
def test_a_test_can_train_and_judge_it(exercise: Callable[..., Path], grade: Grade) -> None:
    exercise(
        """
        from pytest_mmedu import points

        @points(1)
        def test_x(mmedu_train, tiny_dataset, check):
            run = mmedu_train(dataset="shapes3", epochs=1, batch_size=8, lr=0.01)
            check.of(run, tiny_dataset("shapes3")).log_exists()
            check.of(run).param("lr", equals=0.01)

        @points(1)
        def test_wrong_parameter(mmedu_train):
            mmedu_train(lr=-1)
        """,
        None,
    )
    first = grade(code=1, own_process=True)
    assert [(test.outcome, test.earned) for test in first.tests] == [("passed", 1), ("failed", 0)]
    assert "lr" in str(first.tests[1].message)
    assert (first.from_cache, grade().from_cache) == (False, True)


def test_a_test_file_may_judge_something_else(exercise: Callable[..., Path], grade: Grade) -> None:
    exercise(
        """
        import pytest
        from pytest_mmedu import points
        from pytest_mmedu.asked import Asked, AskedValue
        from pytest_mmedu.checks import Subject

        @pytest.fixture
        def subject():
            return Subject(asked=Asked({"lr": AskedValue(0.5)}, place="x.py:1"))

        @points(1)
        def test_x(check):
            check.param("lr", equals=0.5)
        """,
        None,
    )
    assert grade().all_earned
