"""关于全班的提醒 | What a teacher should know about the class as it was handed in. Nothing here changes a score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pytest_mmedu.batch.class_lists import ClassLists
from pytest_mmedu.batch.enrolling import Enrolled
from pytest_mmedu.batch.hand_in_times import TIMES_FILE
from pytest_mmedu.batch.layouts import Student, left_out
from pytest_mmedu.exercise.personal import same_students
from pytest_mmedu.exercise.roster import ROSTER_FILE
from pytest_mmedu.gradebook.file_names import same_name
from pytest_mmedu.text import Text, listing, printable

MOST_NAMED = 20


def on_class(
    students: Sequence[Student], enrolled: Enrolled, lists: ClassLists, owners: Iterable[tuple[str, str]] = ()
) -> Iterator[Text]:
    """One for each thing to look at. `owners` are the names in the gradebook, each with the id it was graded for."""
    shared = {job.student: one.shared for one, job in zip(students, enrolled.jobs, strict=False)}
    yield from same_students(dict.fromkeys((shared.get(name) or name, owner) for name, owner in owners))
    yield from _several(students)
    if ignored := left_out(students):
        names = named(ignored)
        yield Text(
            f"没有当作作业：{names.zh}。作业应是文件夹、压缩包，或者 .py、.ipynb、.toml 文件。",
            f"Not taken for submissions: {names.en}. A submission is a folder, an archive, or a .py, .ipynb or .toml "
            "file.",
        )
    if enrolled.moved:
        names = named(enrolled.moved)
        yield Text(
            f"{names.zh} 的作业和上次不在同一个文件夹，成绩册里现在是这一次的。"
            "如果是同名的两个人，请给每个班一个自己的 --out 文件夹。",
            f"{names.en}: the work lies in another folder than the last time, and the gradebook now has this one. "
            "If these are two people of one name, give each class an --out folder of its own.",
        )
    if lists.missing:
        count, names = len(lists.missing), named(lists.missing)
        yield Text(
            f"名单上有 {count} 人没有交作业：{names.zh}。",
            f"{count} on the list of the class handed nothing in: {names.en}.",
        )
    if lists.strangers:
        names = named(line.name for line in lists.strangers)
        yield Text(
            f"{TIMES_FILE} 里的 {names.zh} 对不上任何作业，请核对名字。",
            f"{TIMES_FILE} names {names.en}, and no submission is called so: check the names.",
        )
    if lists.without_owner:
        names = named(lists.without_owner)
        yield Text(
            f"{ROSTER_FILE} 里没有 {names.zh}，不知道学号。",
            f"{ROSTER_FILE} leaves out {names.en}: there is no id for them.",
        )
    if lists.unread:
        line, count = lists.unread[0], len(lists.unread)
        place, told = printable(line.place, 80), printable(line.unread, 60)
        yield Text(
            f"有 {count} 个交作业时间读不懂，如 {place} 的“{told}”，没有使用。",
            f"Times of handing in that cannot be read and were not used: {count}, such as “{told}” in {place}.",
        )


def named(names: Iterable[str]) -> Text:
    """The first of them, and how many there are if those are not all."""
    every = [printable(name, 40) for name in names]
    shown, more = listing(every[:MOST_NAMED]), len(every) - MOST_NAMED
    return shown if more <= 0 else Text(f"{shown.zh}等 {len(every)} 人", f"{shown.en} and {more} more")


def _several(students: Sequence[Student]) -> Iterator[Text]:
    groups: defaultdict[str, list[Student]] = defaultdict(list)
    for student in students:
        if student.shared:
            groups[same_name(student.shared)].append(student)
    for several in groups.values():
        who, each = printable(several[0].shared, 40), named(one.name for one in several)
        yield Text(
            f"名为 {who} 的作业有 {len(several)} 份，都批改了：{each.zh}。是同名的人，还是交了几次？请核对。",
            f"{len(several)} submissions go by the name of {who}, and each was graded: {each.en}. "
            "Are these people of one name, or did one hand in more than once?",
        )
