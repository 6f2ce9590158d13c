"""图片检查 | Checks of the pictures: what is there, what can be opened, what is in two splits at once."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.checks import advice
from pytest_mmedu.checks.config_fields import not_known
from pytest_mmedu.checks.facts import log_of, split_size
from pytest_mmedu.checks.figures import clause, many
from pytest_mmedu.checks.parameters import NOT_FILLED_IN
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.config_tree import ConfigTree, plain
from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.dataset.contents import TEXT_FILES
from pytest_mmedu.dataset.evidence import balance, counts, same_files, same_looks, unreadable_pictures
from pytest_mmedu.logs.config_facts import DATA, facts
from pytest_mmedu.text import Text, listing, printable

_SPLIT_INSIDE = ("CIFAR", "MNIST", "FashionMNIST", "VOC", "CUB")
_HARMLESS = ("ignored", "missing text", "encoding", "not a picture")


@check("images")
def dataset_consistent(subject: Subject, *, lists: bool = False) -> Verdict:
    """数据集各部分一致 | The parts of the data set agree

    Folders, classes.txt, val.txt and test.txt. With `lists` these have to be there: MMEdu would write them itself.
    """
    images = images_of(subject)
    missing = [name for name in TEXT_FILES if lists and not (images.root / name).is_file()]
    bad = [finding for finding in images.findings if finding.kind not in _HARMLESS]
    if missing and not bad:
        named = listing(missing)
        return no(Text(f"没有 {named.zh}", f"there is no {named.en}"), hint=WRITE_LISTS, place=missing[0])
    if bad:
        more = Text(f"（共 {len(bad)} 处）", f"({len(bad)} in all)") if len(bad) > 1 else Text("", "")
        return no(clause(bad[0].text) + more, hint=SAME_FOLDERS, place=bad[0].place)
    counts = " / ".join(str(len(images.splits.get(name, ()))) for name in ("training_set", "val_set", "test_set"))
    return yes(Text(f"{len(images.classes)} 类，{counts} 张", f"{len(images.classes)} classes, {counts} pictures"))


@check("images")
def images_readable(subject: Subject, *, all_files: bool = False) -> Verdict:
    """图片都能打开 | Every picture opens

    With `all_files` nothing else may lie among them: a GIF, a text, a picture outside the folders of the classes.
    """
    images = images_of(subject)
    bad = unreadable_pictures(images)
    strange = next((one for one in images.findings if all_files and one.kind in ("not a picture", "loose")), None)
    if strange is not None and not bad:
        return no(clause(strange.text), hint=REPLACE_PICTURE, place=strange.place)
    count = sum(len(samples) for samples in images.splits.values())
    if not bad:
        return yes(Text(f"{count} 张都能打开", f"{count} of {count} open"))
    path, why = bad[0]
    name = _name(images, path)
    more = Text(f"（共 {len(bad)} 张）", f" ({len(bad)} in all)") if len(bad) > 1 else Text("", "")
    return no(Text(f"{name}：{why.zh}{more.zh}", f"{name}: {why.en}{more.en}"), hint=REPLACE_PICTURE, place=name)


@check("images")
def enough_pictures(subject: Subject, *, at_least: int = 10) -> Verdict:
    """每一类有足够的图片 | Enough pictures of each class

    Over all splits; and none of the three splits is empty.
    """
    images = images_of(subject)
    per_split = counts(images)
    empty = next((split for split, found in per_split.items() if not sum(found.values())), None)
    if empty is not None:
        return no(Text(f"{empty} 里没有图片", f"{empty} has no picture"), hint=FILL_SPLITS, place=empty)
    total = {name: sum(found[name] for found in per_split.values()) for name in images.classes}
    name = min(total, key=total.__getitem__)
    shown = printable(name, 40)
    seen = Text(f"最少的是 {shown}：{total[name]} 张", f"the fewest are of {shown}: {total[name]}")
    wanted = Text(f"每类至少 {at_least} 张", f"{at_least} or more of each class")
    return yes(seen, wanted) if total[name] >= at_least else no(seen, wanted, hint=MORE_PICTURES, place=shown)


@check("images")
def no_shared_images(subject: Subject) -> Verdict:
    """训练集和验证集没有相同的图片 | No picture in two splits

    The same file, and also the same picture saved anew or in another size.
    """
    images = images_of(subject)
    pairs = same_files(images) or same_looks(images)
    if not pairs:
        return yes(Text("没有相同的图片", "no picture is in two splits"))
    first, second = _name(images, pairs[0].first), _name(images, pairs[0].second)
    resized = pairs[0].how == "looks"
    seen = Text(
        f"{first} 和 {second} {'看起来相同' if resized else '相同'}，共 {len(pairs)} 对",
        f"{first} and {second} {'look the same' if resized else 'are the same'}, {len(pairs)} in all",
    )
    return no(seen, hint=SEPARATE, place=second)


@check("images")
def classes_balanced(subject: Subject, *, at_most: float = 3.0) -> Verdict:
    """各类图片数相近 | The classes are balanced

    The largest class has at most `at_most` times the pictures of the smallest.
    """
    found = balance(images_of(subject))
    small, large = printable(found.smallest, 40), printable(found.largest, 40)
    seen = Text(f"{small} {found.fewest} 张，{large} {found.most} 张", f"{small} {found.fewest}, {large} {found.most}")
    wanted = Text(f"相差不超过 {at_most:g} 倍", f"at most {at_most:g} times")
    if found.ratio <= at_most:
        return yes(seen, wanted)
    return no(seen, wanted, hint=MORE_PICTURES, place=small)


@check("log or config")
def splits_separate(subject: Subject) -> Verdict:
    """验证集不是训练集 | The validation set is not the training set

    By what the config says, or the log: equal folders are certain, equal sizes only a suspicion.
    """
    if subject.asked.config is not None:
        return _separate_in(subject.asked.config)
    log = log_of(subject)
    train, val = log.config.get("train_data"), log.config.get("val_data")
    if isinstance(train, dict) and isinstance(val, dict) and _same_pictures(train, val):
        seen = Text(
            f"都是 {_folder(train)}",
            f"both are {_folder(train)}",
        )
        return no(seen, hint=SEPARATE, place=log.place())
    steps = log.iters_per_epoch
    batches = max((step for step in log.val.iter if step is not None), default=None)
    if steps is None or batches is None:
        if split_size(subject, "val_set"):
            return yes(Text("文件夹不同", "different folders"))
        seen = Text("日志里看不出", "the log does not tell")
        return unknown(seen, hint=KEEP_CONFIG, place=log.place())
    seen = Text(f"训练 {steps} 批，验证 {batches} 批", f"{many(steps, 'batch')} to train, {batches} to validate")
    if steps == batches and steps > 1:
        return unknown(seen, hint=SEPARATE, place=log.place(log.val.line[0]))
    return yes(seen, place=log.place(log.val.line[0]))


def _separate_in(config: ConfigTree) -> Verdict:
    """For grading the exercise's own data are used: what the config says of the student's is all there is."""
    unclear = [config.first(*(f"{part}.{key}" for part in DATA[name])) for name in ("train_data", "val_data") for key in
               ("data_prefix", "ann_file", "data_root")]  # fmt: skip
    found = facts(plain(config.root))
    train, val = found.get("train_data", {}), found.get("val_data", {})
    where = config.first(*(f"{part}.data_prefix" for part in DATA["val_data"])).place or config.name
    for one in unclear:
        if one.state == "not filled in":
            return no(NOT_FILLED_IN, hint=advice.FILL_IN, place=one.place)
        if one.state == "unreadable":
            return not_known(one)
    if not train or not val:
        seen = Text("配置里没有写明训练集和验证集", "the config does not state both data sets")
        return unknown(seen, hint=NAME_SPLITS, place=where)
    if _same_pictures(train, val):
        return no(Text(f"都是 {_folder(train)}", f"both are {_folder(train)}"), hint=SEPARATE, place=where)
    return yes(Text("文件夹或列表不同", "different folders or lists"), place=where)


def _same_pictures(train: dict[str, object], val: dict[str, object]) -> bool:
    """Equal folder and equal list; the splits of CIFAR and the like lie in one folder and are told apart inside."""
    if str(train.get("type", "")).startswith(_SPLIT_INSIDE):
        return False
    keys = ("data_root", "data_prefix", "ann_file", "split")
    known = [key for key in keys if train.get(key) or val.get(key)]
    return bool(known) and all(train.get(key) == val.get(key) for key in known)


def _folder(data: dict[str, object]) -> str:
    named = next((data[key] for key in ("data_prefix", "data_root", "ann_file") if data.get(key)), "?")
    return printable(str(named), 60)


def images_of(subject: Subject) -> ImageFolder:
    """The data set, where `check("images")` has made sure that there is one."""
    assert subject.images is not None
    return subject.images


def _name(images: ImageFolder, path: Path) -> str:
    relative = path.relative_to(images.root) if path.is_relative_to(images.root) else path
    return printable(relative.as_posix(), 80)


SAME_FOLDERS = Text(
    "training_set、val_set、test_set 里的类别文件夹要一样，列表文件要对得上。",
    "training_set, val_set and test_set need the same class folders, and the lists have to agree with them.",
)
WRITE_LISTS = Text(
    "照着说明把列表文件写好：类别名一行一个，按名称排序。",
    "Write the lists as the exercise says; classes.txt has one class a line, sorted by name.",
)
FILL_SPLITS = Text(
    "把每一类的图片分成三份：大部分训练，一小部分验证，再留几张测试。",
    "Share out the pictures of each class: most to train, some to validate, a few to test.",
)
REPLACE_PICTURE = Text("换掉或删去打不开的图片。", "Replace or delete the picture that does not open.")
SEPARATE = Text(
    "验证集要用训练时没见过的图片：重新分一次数据。",
    "Validate on pictures that the training has not seen: split the data anew.",
)
MORE_PICTURES = Text(
    "给图片少的类别多收集一些图片。",
    "Collect more pictures of the small class.",
)
NAME_SPLITS = Text("在配置的 data 里写明 train 和 val。", "State train and val in the data of the config.")
KEEP_CONFIG = Text(
    "请交开头写有完整配置的日志（.log 文本）。",
    "Hand in the text log (.log) that begins with the whole config.",
)
