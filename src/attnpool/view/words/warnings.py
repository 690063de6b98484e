"""What speaks against figures, and what a reader must know of rows."""

from __future__ import annotations

from attnpool.view.words.table import Plural, Table

WARNINGS: Table = {
    "sentence": ("{said}.", "{said}。"),
    "list-clauses": (" and ", "，"),
    "warn.few-rows": (
        Plural(
            "only {count} row; results from fewer than {least} are not reliable",
            "only {count} rows; results from fewer than {least} are not reliable",
        ),
        "只有 {count} 条样本；少于 {least} 条时结果不可靠",
    ),
    "warn.of-class": ("'{name}' ({count})", "{name}（{count}）"),
    "warn.few-of-class": (
        "classes with fewer than {least} rows: {named}",
        "样本少于 {least} 条的类别：{named}",
    ),
    "warn.no-better": (
        "no better than always predicting the majority class '{name}': accuracy {accuracy}, "
        "majority class {majority}",
        "不优于总是预测多数类 {name}：准确率 {accuracy}，多数类 {majority}",
    ),
    "warn.unknown": (
        Plural(
            "{count} row has a label the model does not know ({named}): counted as wrong.",
            "{count} rows have labels the model does not know ({named}): counted as wrong.",
        ),
        "{count} 条样本的标签是模型不认识的（{named}）：计为错误。",
    ),
    "warn.unranked": (
        Plural(
            "{count} row has a label that is not ranked ({named}): counted as wrong.",
            "{count} rows have labels that are not ranked ({named}): counted as wrong.",
        ),
        "{count} 条样本的标签不在候选标签中（{named}）：计为错误。",
    ),
    "warn.at-least": ("at least ", "至少 "),
    "warn.trained": ("{least}{count} were trained on", "{least}{count} 条参与过训练"),
    "warn.validated": (
        "{least}{count} chose when training stopped",
        "{least}{count} 条用于决定何时停止训练",
    ),
    "warn.known": ("Of {rows} rows, {parts}; {then}.", "{rows} 条样本中，{parts}；{then}。"),
    "warn.then-figures": ("these figures are too optimistic", "这些指标过于乐观"),
    "warn.then-predictions": (
        "on new rows the model is less often right and less certain",
        "在新样本上，模型不会这样常常正确，也不会这样有把握",
    ),
    "warn.majority": ("; majority class ({name}): {share}", "；多数类（{name}）：{share}"),
    "warn.training": (
        Plural(
            "In training, accuracy on {count} validation row was {accuracy}{majority}.",
            "In training, accuracy on {count} validation rows was {accuracy}{majority}.",
        ),
        "训练时，验证集（{count} 条样本）准确率为 {accuracy}{majority}。",
    ),
    "warn.training-exported": (
        Plural(
            "In training, before the model was exported, accuracy on {count} validation row was "
            "{accuracy}{majority}.",
            "In training, before the model was exported, accuracy on {count} validation rows was "
            "{accuracy}{majority}.",
        ),
        "训练时（模型导出之前），验证集（{count} 条样本）准确率为 {accuracy}{majority}。",
    ),
    "warn.maybe-trained": (
        "If these rows are among the training rows, these figures are too optimistic.",
        "如果这些样本在训练集中，这些指标就过于乐观。",
    ),
    "warn.left-out": (
        Plural("{count} bad row left out: {places}.", "{count} bad rows left out: {places}."),
        "略去了 {count} 条无效样本：{places}。",
    ),
}
