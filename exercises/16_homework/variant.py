"""16 号练习的变式 | Variants of exercise 16: four pictures of traffic signs, other ones for every student."""

from pytest_mmedu.dataset import shipped_dataset

# Of the pictures that no student's program gets, those that each of 120 trainings saw right: who has trained well must
# not lose points because another computer rounds differently.
CLEAR = {
    "ahead": ("0200",),
    "no_entry": ("0202", "0203", "0205"),
    "parking": ("0206",),
    "priority": ("0211", "0212", "0213"),
    "warning": ("0214", "0216"),
    "yield": ("0218", "0220"),
}
COUNT = 4


def files(variant):
    """这个学生的图片 | The pictures of this student."""
    pictures = shipped_dataset("signs6") / "test_set"
    return {
        f"my_pictures/{name}.png": (
            pictures / sign / f"{variant.choice(f'picture of {sign}', CLEAR[sign])}.png"
        ).read_bytes()
        for name, sign in answers(variant).items()
    }


def answers(variant):
    """图片上是什么 | What is to be seen in them, which is what a model that learned sees."""
    signs = variant.sample("signs", tuple(CLEAR), COUNT)
    return {f"picture_{number}": sign for number, sign in enumerate(signs, 1)}
