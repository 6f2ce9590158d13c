"""练习 15 的图片 | The pictures of exercise 15, drawn. For the teacher: `python make_pictures.py` writes them anew.

pictures/             what students are given: 12 suns and 12 moons without an order, and three that do not belong
master_my_dataset/    the data set as it should be
submissions/          the sample submissions, each a data set with one mistake
"""

from __future__ import annotations

import math
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SIDE, OF_EACH = 24, 12
CLASSES = ("moon", "sun")
Split = dict[str, dict[str, list[str]]]  # split -> class -> names of pictures


def sun(chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), (chance.randint(40, 150), chance.randint(120, 220), 255))
    draw, size = ImageDraw.Draw(picture), chance.randint(4, 7)
    x, y = chance.randint(7, 16), chance.randint(7, 16)
    rays, turn = chance.choice((5, 6, 8)), chance.random()
    for ray in range(rays):
        angle = 2 * math.pi * (ray + turn) / rays
        end = x + 12 * math.cos(angle), y + 12 * math.sin(angle)
        draw.line([(x, y), end], fill=(255, chance.randint(150, 220), 0), width=2)
    draw.ellipse([x - size, y - size, x + size, y + size], fill=(255, 240, chance.randint(40, 200)))
    return picture


def moon(chance: random.Random) -> Image.Image:
    night = (chance.randint(0, 50), chance.randint(0, 40), chance.randint(30, 120))
    picture = Image.new("RGB", (SIDE, SIDE), night)
    draw, size = ImageDraw.Draw(picture), chance.randint(5, 9)
    x, y, shift = chance.randint(8, 15), chance.randint(8, 15), chance.choice((-5, -4, 4, 5))
    draw.ellipse([x - size, y - size, x + size, y + size], fill=(250, 245, chance.randint(170, 230)))
    draw.ellipse([x - size + shift, y - size - 2, x + size + shift, y + size - 2], fill=night)
    for _ in range(chance.randint(2, 6)):
        draw.point((chance.randrange(SIDE), chance.randrange(SIDE)), fill=(255, 255, 255))
    return picture


def given(folder: Path) -> dict[str, list[str]]:
    """Write what students are given; the names of the good pictures of each class."""
    draw = {"sun": sun, "moon": moon}
    kinds = list(CLASSES) * OF_EACH
    random.Random(15).shuffle(kinds)
    names: dict[str, list[str]] = {name: [] for name in CLASSES}
    for number, kind in enumerate(kinds, 1):
        name = f"IMG_{number:03}.png"
        save(draw[kind](random.Random(number)), folder / name)
        names[kind].append(name)
    with Image.open(folder / names["sun"][2]) as picture:  # the same picture in another size
        save(picture.resize((32, 32), Image.Resampling.BICUBIC), folder / "IMG_025.png")
    save(moon(random.Random(99)), folder / "IMG_026.png", "GIF")  # renamed
    save(sun(random.Random(98)), folder / "IMG_027.png")
    (folder / "IMG_027.png").write_bytes((folder / "IMG_027.png").read_bytes()[:120])  # cut off
    return names


def save(picture: Image.Image, path: Path, form: str = "PNG") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = picture.quantize(16, dither=Image.Dither.NONE) if form == "PNG" else picture
    colours.save(path, format=form, optimize=True)


def shared_out(names: dict[str, list[str]], train: int = 8, val: int = 2, test: int = 2) -> Split:
    ends = {"training_set": (0, train), "val_set": (train, train + val), "test_set": (train + val, train + val + test)}
    return {split: {kind: names[kind][a:b] for kind in CLASSES} for split, (a, b) in ends.items()}


def data_set(folder: Path, split: Split, renamed: dict[str, str] | None = None) -> Path:
    """With classes.txt, val.txt and test.txt."""
    for part, kinds in split.items():
        for kind, names in kinds.items():
            for name in names:
                target = folder / (renamed or {}).get(part, part) / kind / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(HERE / "pictures" / name, target)
    lines(folder / "classes.txt", CLASSES)
    for part, file in (("val_set", "val.txt"), ("test_set", "test.txt")):
        pairs = [(kind, name) for kind, names in split.get(part, {}).items() for name in names]
        listed = [f"{kind}/{name} {CLASSES.index(kind)}" for kind, name in pairs]
        if listed:
            lines(folder / file, listed)
    return folder


def lines(path: Path, text: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in text), encoding="utf-8", newline="\n")


def own_pictures(folder: Path) -> None:
    """Another student's: three classes, JPEG, deeper in the folder, class names in Chinese."""
    kinds: dict[str, Callable[[ImageDraw.ImageDraw, int, str], None]] = {
        "圆": lambda draw, at, fill: draw.ellipse([at, 4, at + 11, 16], fill=fill),
        "方": lambda draw, at, fill: draw.rectangle([at, 3, at + 10, 14], fill=fill),
        "条": lambda draw, at, fill: draw.line([(0, 2 * at), (20, 20 - at)], fill=fill, width=3),
    }
    ordered = sorted(kinds)
    lines(folder / "classes.txt", ordered)
    lists: dict[str, list[str]] = {"val_set": [], "test_set": []}
    for kind in ordered:
        for at in range(10):
            part = "training_set" if at < 7 else "val_set" if at < 9 else "test_set"
            picture = Image.new("L", (20, 20), 25 * at)
            kinds[kind](ImageDraw.Draw(picture), at, "white" if at < 5 else "black")
            path = folder / part / kind / f"{at}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.save(path, quality=60)
            lists.get(part, []).append(f"{kind}/{at}.jpg {ordered.index(kind)}")
    lines(folder / "val.txt", lists["val_set"])
    lines(folder / "test.txt", lists["test_set"])


def rejected(names: dict[str, list[str]], place: Path) -> None:
    good = {kind: some[:10] for kind, some in names.items()}
    split = shared_out(good, 7, 2, 1)
    data_set(place / "all_for_training" / "my_dataset", {"training_set": good})
    data_set(place / "tested_on_the_same" / "my_dataset", {**split, "val_set": {k: v[:2] for k, v in good.items()}})
    train = split["training_set"]
    everything = {"moon": [*train["moon"], "IMG_026.png"], "sun": [*train["sun"], "IMG_027.png"]}
    with_twin = {**split["val_set"], "sun": [*split["val_set"]["sun"], "IMG_025.png"]}
    data_set(place / "took_all_pictures" / "my_dataset", {**split, "training_set": everything, "val_set": with_twin})
    others = {"moon": good["moon"][:5], "sun": good["sun"][:9]}
    only_moon = {**split, "val_set": {"moon": good["moon"][5:9]}, "training_set": others}
    data_set(place / "no_sun_to_validate" / "my_dataset", only_moon)
    data_set(place / "half_and_half" / "my_dataset", shared_out(good, 5, 4, 1))
    few = {kind: {**split[kind], "sun": split[kind]["sun"][:3]} for kind in split}
    data_set(place / "hardly_any_sun" / "my_dataset", few)
    folder = data_set(place / "classes_out_of_order" / "my_dataset", split)
    lines(folder / "classes.txt", reversed(CLASSES))
    folder = data_set(place / "no_class_list" / "my_dataset", split)
    (folder / "classes.txt").unlink()
    folder = data_set(place / "gif_among_them" / "my_dataset", split)
    shutil.copyfile(HERE / "pictures" / "IMG_026.png", folder / "training_set" / "moon" / "IMG_026.gif")
    folder = data_set(place / "val_txt_of_before" / "my_dataset", split)
    (folder / "val_set" / "sun" / split["val_set"]["sun"][0]).rename(folder / "val_set" / "sun" / "better.png")
    short = {"training_set": "train", "val_set": "val", "test_set": "test"}
    data_set(place / "other_folder_names" / "my_dataset", split, short)


if __name__ == "__main__":
    for made in ("pictures", "master_my_dataset", "submissions"):
        shutil.rmtree(HERE / made, ignore_errors=True)
    NAMES = given(HERE / "pictures")
    data_set(HERE / "master_my_dataset", shared_out(NAMES))
    own_pictures(HERE / "submissions" / "accepted" / "own_pictures" / "我的作业" / "形状数据集")
    rejected(NAMES, HERE / "submissions" / "rejected")
