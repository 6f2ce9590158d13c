"""说明的句子 | The sentences of the notes, in both languages."""

from __future__ import annotations

from pytest_mmedu.text import Text, printable


def cut_off(last: str) -> Text:
    """`last` is the line; its end is shown."""
    shown = printable(last.strip()[-30:])
    return Text(
        f"最后一行没写完（停在“{shown}”），没写完的部分没有采用。",
        f'The last line is cut off (it stops at "{shown}"); what is incomplete was not used.',
    )


def not_json(why: Text) -> Text:
    return Text(
        f"这一行不是完整的 JSON（{why.zh}），跳过了。", f"This line is not complete JSON ({why.en}); it was skipped."
    )


NEVER_CLOSED = Text("括号没有合上", "a bracket is never closed")
_BADLY_FORMED = Text("写法不对", "it is badly formed")
_JSON_REASONS = {
    "Expecting property name": Text("键应写在双引号里", "a key must stand in double quotes"),
    "Expecting ',' delimiter": Text("缺少逗号", "a comma is missing"),
    "Expecting ':' delimiter": Text("缺少冒号", "a colon is missing"),
    "Expecting value": Text("缺少一个值", "a value is missing"),
    "Unterminated string": Text("引号没有合上", "a quotation mark is never closed"),
    "Exceeds the limit": Text("数字太长", "a number is too long"),
}


def json_reason(error: Exception) -> Text:
    """Why Python's json refused a line, in our words."""
    said = str(error)
    return next((text for start, text in _JSON_REASONS.items() if said.startswith(start)), _BADLY_FORMED)


def not_a_record() -> Text:
    return Text(
        "这一行是 JSON，但不是训练或验证记录，跳过了。",
        "This line is JSON but neither a training nor a validation record; it was skipped.",
    )


def too_deep() -> Text:
    return Text("这一行的括号嵌套太深，跳过了。", "The brackets of this line are nested too deeply; it was skipped.")


def duplicate_key(key: str) -> Text:
    """The key of a JSON object."""
    name = printable(key, 40)
    return Text(
        f"键 {name} 在一行里出现了两次，用了后一个。", f"The key {name} stands twice in one line; the last was used."
    )


def unusable(key: str, value: object) -> Text:
    """A value that is no number of the kind that its key asks for."""
    name, shown = printable(key, 40), printable(_short(value), 40)
    return Text(
        f"{name} 的值 {shown} 不能用，当作没写。", f"The value {shown} of {name} cannot be used; it counts as missing."
    )


def _short(value: object) -> str:
    if isinstance(value, int) and abs(value) >= 1 << 64:
        return "…"  # a number of thousands of digits may not even be printable
    return repr(value)[:60] if isinstance(value, (int, float, str)) else type(value).__name__


def no_loss() -> Text:
    return Text("这条训练记录里没有损失。", "This training record has no loss.")


def long_line(limit: int) -> Text:
    """`limit` in bytes."""
    size = f"{limit // (1 << 20)} MB"
    return Text(f"这一行超过 {size}，跳过了。", f"This line is longer than {size}; it was skipped.")


def undecodable() -> Text:
    return Text(
        "这一行有些字节既不是 UTF-8 也不是 GBK，显示为“�”。",
        "Some bytes of this line are neither UTF-8 nor GBK; they are shown as “�”.",
    )


def mixed_encodings(line: int) -> Text:
    return Text(
        f"文件里混着 UTF-8 和 GBK（第一处 GBK 在第 {line} 行），逐行解码。",
        f"The file mixes UTF-8 and GBK (the first GBK in line {line}); each line was decoded by itself.",
    )


def nul_bytes() -> Text:
    return Text(
        "这里有空字节（写盘时中断过？），已忽略。", "NUL bytes here (writing was interrupted?); they were ignored."
    )


def conflict(marker: str) -> Text:
    """`marker` is the line as it stands."""
    shown = printable(marker, 40)
    return Text(
        f"这里留着 git 合并冲突的标记“{shown}”：文件里可能有两份内容，请解决冲突后再提交。",
        f'A git conflict marker "{shown}" was left here: the file may hold two versions; resolve the conflict first.',
    )


def several_runs(count: int, first: int, last: int) -> Text:
    return Text(
        f"文件里接连有 {count} 次训练，采用最后一次（第 {first}–{last} 行）。",
        f"The file holds {count} runs, one after another; the last one is used (lines {first}-{last}).",
    )


def same_run_twice() -> Text:
    return Text("其中有内容完全相同的训练。", "Some of these runs are the very same.")


def resumed(before: int, after: int) -> Text:
    """The two epochs; they are the same where a training stopped within one."""
    if before == after:
        return Text(
            f"第 {after} 轮又从头开始：这是从权重文件接着训练的。",
            f"Epoch {after} begins anew: the training was resumed from a checkpoint.",
        )
    return Text(
        f"轮数从 {before} 回到 {after}：这是从权重文件接着训练的。",
        f"The epoch goes back from {before} to {after}: the training was resumed from a checkpoint.",
    )


def starts_late(epoch: int) -> Text:
    return Text(
        f"日志从第 {epoch} 轮开始：前面的被删去了，或者是接着训练的。",
        f"The log starts at epoch {epoch}: what came before was removed, or the training was resumed.",
    )


def no_records() -> Text:
    return Text("日志里没有训练记录，也没有验证记录。", "The log holds neither training nor validation records.")


def no_train() -> Text:
    return Text(
        "没有训练（损失）记录：每轮的批数可能少于日志间隔。",
        "There are no training (loss) records: an epoch may have fewer batches than the log interval.",
    )


def mixed_formats(names: list[str]) -> Text:
    """The names of the formats, the most frequent first."""
    listed = Text("、".join(names), ", ".join(names))
    return Text(f"文件里混着几种日志格式：{listed.zh}。", f"The file mixes several log formats: {listed.en}.")


def traceback(last: str) -> Text:
    """`last` is the line that names the error."""
    shown = printable(last.strip(), 120)
    return Text(f"训练中出现了报错：{shown}", f"The training printed an error: {shown}")


def plain_accuracy(rank: int) -> Text:
    return Text(
        f"配置里 topk={rank}，所以 accuracy 是 top-{rank} 准确率。",
        f"The config says topk={rank}, so accuracy is the top-{rank} accuracy.",
    )


def too_many_metrics(limit: int) -> Text:
    return Text(
        f"指标超过 {limit} 个，多出的没有采用。", f"There are more than {limit} metrics; the rest were not used."
    )


def lr_groups() -> Text:
    return Text(
        "各参数组的学习率不同，没有采用。", "The parameter groups have different learning rates; none was used."
    )
