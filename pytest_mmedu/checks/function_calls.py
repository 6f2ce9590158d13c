"""函数检查 | Checks of a function that a student writes: tried with many examples, in the box, compared here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_mmedu.checks.agreement import KIND_NAMES, agree, kind_of
from pytest_mmedu.checks.examples import Arguments, drawn
from pytest_mmedu.checks.figures import clause
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, because, check, no, unknown, yes
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.submission.plain_data import NotPlain, encode
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:  # submission imports Subject from here
    from pytest_mmedu.submission.call_results import Answer
    from pytest_mmedu.submission.functions import Called

Reference = Callable[..., Any]
Property = tuple[Text, Callable[[Arguments, Any], Any]]
_LONGEST_CALL, _LONGEST_VALUE = 160, 80


@check()
def function(
    subject: Subject,
    name: str,
    *,
    examples: Any,
    reference: Reference | None = None,
    properties: Sequence[Property] = (),
    count: int = 100,
    close: float = 1e-6,
    partly: bool = False,
    show_expected: bool = False,
    title: Text | None = None,
    hint: Text | None = None,
) -> Verdict:
    """函数 | Function

    `check.function("topk_accuracy", examples=strategy, reference=right)`: the student's function, called in the box
    with each example, against what `reference` gives here. `examples` are tuples of arguments: a list, or a strategy
    of hypothesis of which `count` are drawn. Each of `properties` is (Text, rule), and `rule(args, result)` must be
    true. A failure shows the simplest example; what would have been right only with `show_expected`.

    Numbers agree within `close`. Python's own plain types count as what they are; numbers and arrays of numpy and
    tensors of torch are taken as numbers and lists, any other object is not.

    All or nothing; with `partly` the reference and every property earn an equal part.
    """
    title = title or Text(f"函数 {name}", f"Function {name}")
    rules = _rules(reference, properties, close, show_expected, hint)
    arguments = drawn(examples, count)
    right = [_reference_says(reference, one) for one in arguments] if reference is not None else [None] * len(arguments)
    if subject.call is None:
        return unknown(NOT_CALLED, hint=NAME_SUBMISSION, title=title)
    from pytest_mmedu.submission.functions import Calls

    called = subject.call(Calls(name, arguments))
    if called.no_call is not None and called.isolation == "artefacts" and called.refused is None:
        return unknown(clause(called.no_call.seen), hint=ONLY_WHEN_RUN, title=title)
    if called.no_call is not None:
        return _titled(because(called.no_call), title)
    cases = [_Case(name, *pair) for pair in zip(arguments, right, strict=True)]
    return _titled(_verdict(called, cases, rules, partly), title)


@dataclass(frozen=True)
class _Case:
    """One example with what is right for it."""

    name: str
    arguments: Arguments
    right: Any

    @property
    def call(self) -> str:
        """`topk_accuracy([[0.2, 0.8]], [1], 1)`"""
        return printable(f"{self.name}({', '.join(map(repr, self.arguments))})", _LONGEST_CALL)


@dataclass(frozen=True)
class _Rule:
    """What every example must keep; `broken` says how one does not."""

    holds: Callable[[_Case, Any], bool]
    broken: Callable[[_Case, Any], Verdict]


def _verdict(called: Called, cases: Sequence[_Case], rules: Sequence[_Rule], partly: bool) -> Verdict:
    """The first example that went wrong tells why: they are in the order of their simplicity."""
    wanted = Text(f"{len(cases)} 个例子都要对", f"right for all {len(cases)} examples")
    wrong = list(_wrong(called, cases, rules))
    if not wrong:
        return yes(Text(f"{len(cases)} 个例子都对", f"right for all {len(cases)} examples"), place=called.place)
    _, first = wrong[0]
    broken = {id(rule) for rule, _ in wrong if rule is not None}
    spoilt = any(rule is None for rule, _ in wrong)  # a call without an answer keeps no rule
    share = (len(rules) - len(broken)) / len(rules) if partly and not spoilt else 0.0
    return Verdict(first.outcome, first.seen, first.wanted or wanted, share, first.hint, first.place or called.place)


def _wrong(called: Called, cases: Sequence[_Case], rules: Sequence[_Rule]) -> Iterator[tuple[_Rule | None, Verdict]]:
    for case, answer in zip(cases, called.answers, strict=False):
        if answer.how != "returned" or (answer.value is None and case.right is not None):
            yield None, _without_value(case, answer, called)
            continue
        yield from ((rule, rule.broken(case, answer.value)) for rule in rules if not rule.holds(case, answer.value))
    if called.stopped is not None:
        stopped, call = called.stopped, cases[len(called.answers)].call
        seen = Text(f"调用 {call}：{clause(stopped.seen).zh}", f"In {call}: {_small(clause(stopped.seen).en)}")
        yield None, Verdict(stopped.outcome, seen, hint=stopped.hint, place=stopped.place)


def _without_value(case: _Case, answer: Answer, called: Called) -> Verdict:
    """Nothing came back that could be compared, in a sentence of its own for each way."""
    call = case.call
    if answer.how == "returned":
        return no(Text(f"{call} 没有返回值（None）", f"{call} returns nothing (None)"), hint=USE_RETURN)
    if answer.how == "raised":
        from pytest_mmedu.submission import reasons

        assert called.program is not None
        text, place = reasons.error_text(answer.error), reasons.error_place(answer.error, called.program)
        seen = Text(f"{call} {clause(text).zh}", f"{call}: {_small(clause(text).en)}")
        why = reasons.own_error(answer.error, called.program)
        return Verdict(why.outcome, seen, hint=why.hint, place=place)
    if answer.how == "does not fit":
        takes = printable(called.takes, 80)
        seen = Text(
            f"{case.name}{takes} 不能用 {len(case.arguments)} 个参数调用",
            f"{case.name}{takes} cannot be called with {len(case.arguments)} arguments",
        )
        return no(seen, hint=ARGUMENTS_AS_GIVEN)
    if answer.how == "changed":
        seen = Text(
            f"{call} 改动了传给它的第 {answer.which + 1} 个参数",
            f"{call} changes argument {answer.which + 1} that it was given",
        )
        return no(seen, hint=WORK_ON_COPY)
    return _no_data(case, answer)


def _no_data(case: _Case, answer: Answer) -> Verdict:
    call = case.call
    if answer.how == "not plain":
        kind = printable(answer.detail, 40)
        what = KIND_NAMES.get(kind_of(case.right) or "nothing")
        assert what is not None
        if kind_of(case.right) in (None, "nothing"):
            what = Text("普通的数、文字或列表", "a plain number, text or list")
        seen = Text(f"{call} 返回的是 {kind} 对象，不是{what.zh}", f"{call} returns a {kind} object, not {what.en}")
        return no(seen, hint=PLAIN_VALUE)
    if answer.how == "too much":
        return no(Text(f"{call} 返回的数据太多", f"{call} returns too much data"), hint=RIGHT_KIND)
    if answer.how == "exit":
        return no(Text(f"{call} 结束了整个程序", f"{call} ends the whole program"), hint=NO_EXIT)
    if answer.how == "not filled in":
        seen = Text(f"{call} 返回的是 ...，还没有填写", f"{call} returns the dots: it is not filled in")
        return no(seen, hint=FILL_IN_CODE)
    return no(Text(f"{call} 的返回值读不了", f"what {call} returns cannot be read"), hint=PLAIN_VALUE)


def _rules(
    reference: Reference | None, properties: Sequence[Property], close: float, show: bool, hint: Text | None
) -> list[_Rule]:
    rules = [] if reference is None else [_agrees(close, show, hint)]
    rules += [_keeps(text, rule, hint) for text, rule in properties]
    if not rules:
        raise ExerciseError(
            Text("check.function 没有说怎样才算对。", "check.function does not say what is right."),
            Text("请给它 reference 或 properties。", "Give it a reference or properties."),
        )
    return rules


def _agrees(close: float, show: bool, hint: Text | None) -> _Rule:
    def broken(case: _Case, value: Any) -> Verdict:
        wanted = Text(f"应为 {_shown(case.right)}", f"should be {_shown(case.right)}") if show else None
        kind, right = kind_of(value), kind_of(case.right)
        if kind != right and kind is not None and right is not None:
            is_, not_ = KIND_NAMES[kind], KIND_NAMES[right]
            seen = Text(
                f"{case.call} 返回 {_shown(value)}，是{is_.zh}，不是{not_.zh}",
                f"{case.call} returns {_shown(value)}, {is_.en} and not {not_.en}",
            )
            return no(seen, wanted, hint=RIGHT_KIND)
        seen = Text(
            f"{case.call} 返回 {_shown(value)}，不对", f"{case.call} returns {_shown(value)}, which is not right"
        )
        return no(seen, wanted, hint=hint or BY_HAND)

    return _Rule(lambda case, value: agree(value, case.right, close), broken)


def _keeps(text: Text, rule: Callable[[Arguments, Any], Any], hint: Text | None) -> _Rule:
    def holds(case: _Case, value: Any) -> bool:
        try:
            return bool(rule(case.arguments, value))
        except Exception:  # noqa: BLE001 - a rule about a number, given a text
            return False

    def broken(case: _Case, value: Any) -> Verdict:
        seen = Text(
            f"{case.call} 返回 {_shown(value)}，不符合：{clause(text).zh}",
            f"{case.call} returns {_shown(value)}, against the rule: {clause(text).en}",
        )
        return no(seen, hint=hint or BY_HAND)

    return _Rule(holds, broken)


def _reference_says(reference: Reference, arguments: Arguments) -> Any:
    """On a copy; a reference that fails is the teacher's mistake."""
    from copy import deepcopy

    call = printable(repr(arguments), _LONGEST_CALL)
    try:
        value = reference(*deepcopy(arguments))
        encode(value)
    except NotPlain as error:
        raise ExerciseError(
            Text(f"reference 返回了 {error.kind}：{call}。", f"The reference returns a {error.kind}: {call}."),
            Text("它要返回普通的数、文字或列表。", "It has to return a plain number, text or list."),
        ) from None
    except Exception as error:
        why = printable(f"{type(error).__name__}: {error}", 120)
        raise ExerciseError(
            Text(f"reference{call} 出错：{why}。", f"reference{call} failed: {why}."),
            Text("例子应当都在 reference 能算的范围内。", "Give only examples that the reference can work out."),
        ) from error
    return value


def _titled(verdict: Verdict, title: Text) -> Verdict:
    from dataclasses import replace

    return replace(verdict, title=title)


def _shown(value: Any) -> str:
    return printable(repr(value), _LONGEST_VALUE)


def _small(sentence: str) -> str:
    """In the middle of a sentence; the name of an exception keeps its capital."""
    return sentence[:1].lower() + sentence[1:] if sentence.startswith(("The ", "No ")) else sentence


NOT_CALLED = Text("没有可以调用的作业", "there is no submission to call it in")
NAME_SUBMISSION = Text("请用 check 固定件，它知道交上来的作业。", "Use the fixture check, which knows the submission.")
ONLY_WHEN_RUN = Text("函数要运行了才能判断。", "A function can be judged only where it may be run.")
USE_RETURN = Text(
    "用 return 把结果交回来；print 只是把它显示在屏幕上。",
    "Hand the result back with return; print only shows it on the screen.",
)
BY_HAND = Text(
    "拿纸笔按这个例子算一遍，看看你的函数在哪一步不一样。",
    "Work this example out on paper, and see at which step your function differs.",
)
RIGHT_KIND = Text("再读一遍题目：函数应当返回什么？", "Read the task again: what is the function to return?")
PLAIN_VALUE = Text(
    "返回普通的数（int 或 float）、文字或列表，不要返回别的对象。",
    "Return a plain number (int or float), a text or a list, and no other object.",
)
WORK_ON_COPY = Text(
    "在副本上操作：传进来的列表还要给别人用。", "Work on a copy: somebody else still needs the list that was given."
)
NO_EXIT = Text("去掉函数里的 exit()，用 return 返回。", "Take exit() out of the function, and use return.")
FILL_IN_CODE = Text("把 ... 换成你的代码。", "Put your code for the dots.")
ARGUMENTS_AS_GIVEN = Text(
    "函数的参数要和题目里写的一样：个数和顺序都不变。",
    "Its arguments must be those of the task: as many of them, in that order.",
)
