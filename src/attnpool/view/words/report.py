"""What the corpus page says, and what its script does."""

from __future__ import annotations

from attnpool.view.words.table import Plural, Table

REPORT: Table = {
    "report.title": ("What the model answers, and what it looks at", "模型如何回答，看了哪里"),
    "report.title-of": ("{model} on {data}", "模型 {model} 在 {data} 上的表现"),
    "report.accuracy": ("accuracy; majority class", "准确率；多数类"),
    "report.majority": (": {share}", "：{share}"),
    "report.ece": ("expected calibration error", "期望校准误差"),
    "report.wrong": (
        Plural("wrong of {count} labelled row", "wrong of {count} labelled rows"),
        "{count} 条有标签样本中的错误",
    ),
    "report.rows": ("rows", "样本数"),
    "report.sampled": (
        "The figures are of all {rows} rows. The rows below, and the words and phrases, are those "
        "of a random sample of {count}.",
        "指标涵盖全部 {rows} 条样本；下方列出的样本以及词语和短语来自其中随机抽取的 {count} 条。",
    ),
    "report.sampled.unlabelled": (
        "The predictions are counted over all {rows} rows. The rows below, and the words and "
        "phrases, are those of a random sample of {count}.",
        "预测统计涵盖全部 {rows} 条样本；下方列出的样本以及词语和短语来自其中"
        "随机抽取的 {count} 条。",
    ),
    "report.sampled.rows": (
        "These rows are a random sample of {count} of {rows}.",
        "以下样本是从 {rows} 条中随机抽取的 {count} 条。",
    ),
    "report.nav.classes": ("Classes", "类别"),
    "report.nav.confidence": ("Confidence", "置信度"),
    "report.nav.length": ("Length", "长度"),
    "report.nav.predictions": ("Predictions", "预测"),
    "report.nav.attention": ("Attention", "注意力"),
    "report.nav.phrases": ("Phrases", "短语"),
    "report.nav.rows": ("Rows", "样本"),
    "report.confusion": ("Confusion matrix", "混淆矩阵"),
    "report.confusion.lead": (
        "Each row is a true class, each column a predicted class:",
        "每行是一个真实类别，每列是一个预测类别：",
    ),
    "report.confusion.right": ("right,", "正确，"),
    "report.confusion.wrong": (
        "wrong. The deeper the colour, the larger the share of the row.",
        "错误。颜色越深，在该行中占比越大。",
    ),
    "report.corner": ("true ↓ · predicted →", "真实 ↓ · 预测 →"),
    "report.mistakes": ("Most frequent mistakes", "最常见的错误"),
    "report.predicted-as": ("predicted as", "被预测为"),
    "report.by-class": ("Figures by class", "各类别的指标"),
    "report.class": ("class", "类别"),
    "report.precision": ("precision", "精确率"),
    "report.recall": ("recall", "召回率"),
    "report.n": ("rows", "样本数"),
    "report.more": (
        "And {count} more, with no more rows each.",
        "另有 {count} 个，样本数都不更多。",
    ),
    "report.absent": (
        Plural(
            "The model has {count} more class, which no row has and none is predicted as.",
            "The model has {count} more classes, which no row has and none is predicted as.",
        ),
        "模型还有 {count} 个类别，没有样本属于它们，也没有样本被预测为它们。",
    ),
    "report.absent.unlabelled": (
        Plural(
            "The model has {count} more class, which none of these rows is predicted as.",
            "The model has {count} more classes, which none of these rows is predicted as.",
        ),
        "模型还有 {count} 个类别，没有样本被预测为它们。",
    ),
    "report.calibration": ("Is its confidence reliable?", "置信度可靠吗？"),
    "report.calibration.lead": (
        "Of the predictions made with 80% confidence, 80% should be right: each bar should end at "
        "the line. Below the line, the model is too confident; above it, not confident enough. The "
        "average gap is {gap}. Thin lines are 95% intervals.",
        "置信度为 80% 的预测应有 80% 正确：每个柱子都应止于斜线。低于斜线表示模型过于自信，"
        "高于斜线表示不够自信。平均差距为 {gap}。细线是 95% 置信区间。",
    ),
    "report.as-table": ("As a table", "以表格显示"),
    "report.confidence": ("confidence", "置信度"),
    "report.tokens": ("tokens", "词元数"),
    "report.accuracy-by": ("Accuracy by {name}", "准确率随{name}的变化"),
    "report.bar": ("bar", "柱"),
    "report.interval": ("95% interval", "95% 置信区间"),
    "report.chart": (
        "Accuracy by confidence; the table below has the numbers",
        "准确率随置信度的变化；下方表格中有数字",
    ),
    "report.chart.axis": ("confidence; above: accuracy", "置信度；上方：准确率"),
    "report.chart.rows": ("rows", "样本数"),
    "report.chart.bar": (
        "confidence {low} to {high}: accuracy {accuracy}, {count} rows, mean confidence {mean}",
        "置信度 {low} 至 {high}：准确率 {accuracy}，{count} 条样本，平均置信度 {mean}",
    ),
    "report.length": ("Short and long texts", "短文本与长文本"),
    "report.length.lead": (
        "Accuracy by the number of tokens read, with 95% intervals.",
        "准确率随读取的词元数的变化，附 95% 置信区间。",
    ),
    "report.predictions": ("Predictions", "预测"),
    "report.predictions.lead": (
        "These rows have no labels, so errors cannot be counted.",
        "这些样本没有标签，因此无法统计错误。",
    ),
    "report.drives": ("What drives each class", "哪些短语推动各个类别"),
    "report.drives.lead": (
        "Phrases that moved the model towards a class, or away from it, in the rows explained for "
        "that class. Each has its value, the mean per occurrence by {method}, and the number of "
        "its occurrences.",
        "在解释某类别的样本中，把模型推向该类别或推离该类别的短语。每个短语附有数值（按{method}"
        "计算，每次出现的平均值）和出现次数。",
    ),
    "report.drives.live": (
        " Click a phrase to show the rows that contain it.",
        "点击短语可查看包含它的样本。",
    ),
    "report.drives.note": (
        "A phrase occurs at least {least} times in the rows of its class. Phrases that are "
        "frequent in all classes are not listed.",
        "短语在其类别的样本中至少出现 {least} 次。在所有类别中都常见的短语不列出。",
    ),
    "report.sorted": ("Sorted by", "排序"),
    "report.sorted.strength": ("strength", "强度"),
    "report.sorted.value": ("value", "数值"),
    "report.sorted.count": ("count", "次数"),
    "report.sorted.total": ("value × count", "数值 × 次数"),
    "report.csv": ("Download CSV", "下载 CSV"),
    "report.classes-left": (
        Plural(
            "And {count} more class, with fewer rows or no phrase that stands out.",
            "And {count} more classes, with fewer rows or no phrase that stands out.",
        ),
        "另有 {count} 个类别，样本更少或没有突出的短语。",
    ),
    "report.looked": ("Where the model looked", "模型看了哪里"),
    "report.highest": ("Highest average attention", "平均注意力最高的词元"),
    "report.highest.note": (
        "Where the model looked, not why it decided: how many times uniform attention a token gets "
        "on average. Only tokens that occur at least {often} times are listed.",
        "表示模型看了哪里，不表示它为何这样判断：词元平均得到的注意力是均匀注意力的多少倍。"
        "只列出至少出现 {often} 次的词元。",
    ),
    "report.token": ("token", "词元"),
    "report.times-uniform": ("times uniform", "均匀值的倍数"),
    "report.count": ("count", "次数"),
    "report.none-often": ("None occurs that often.", "没有词元出现这么多次。"),
    "report.samples": ("Rows", "样本"),
    "report.first-of": ("The first {shown} of {rows} rows", "{rows} 条样本中的前 {shown} 条"),
    "report.errors-first": (", errors first", "，错误在前"),
    "report.unsure-first": (", least confident first", "，置信度最低的在前"),
    "report.noscript": (
        "The other rows, search and filters need JavaScript.",
        "其余样本、搜索和筛选需要 JavaScript。",
    ),
    "report.held": (
        "This page contains {held} of {rows} rows{order}; the figures above cover all rows.",
        "本页包含 {rows} 条样本中的 {held} 条{order}；上方的指标涵盖全部样本。",
    ),
    "report.show-more": ("Show more", "显示更多"),
    "report.footer": (
        "Made by attnpool. This page is one file and loads nothing. Search, filters and sorting "
        "need JavaScript.",
        "由 attnpool 生成。本页是单个文件，不加载任何内容。搜索、筛选和排序需要 JavaScript。",
    ),
    "report.row": ("row {number}", "第 {number} 行"),
    "report.search": ("Search", "搜索"),
    "report.order": ("Order", "顺序"),
    "report.order.first": ("errors first", "错误在前"),
    "report.order.loss": ("largest loss", "损失最大"),
    "report.order.unsure": ("least confident", "置信度最低"),
    "report.order.sure": ("most confident", "置信度最高"),
    "report.order.long": ("longest", "最长"),
    "report.order.short": ("shortest", "最短"),
    "report.order.row": ("original order", "原始顺序"),
    "report.result": ("Result", "结果"),
    "report.any": ("any", "全部"),
    "report.wrong-only": ("wrong", "错误"),
    "report.right-only": ("right", "正确"),
    "report.true-class": ("True class", "真实类别"),
    "report.predicted-class": ("Predicted class", "预测类别"),
    "report.confidence-range": ("Confidence, %", "置信度，%"),
    "report.tokens-range": ("Tokens", "词元数"),
    "report.least": ("at least", "至少"),
    "report.most": ("at most", "至多"),
    "report.reset": ("Reset", "重置"),
}

REPORT_SHARED = (
    "empty",
    "page.true",
    "page.strongest",
    "clauses",
    "stop",
    "tokens",
    "rows",
    "report.row",
)
"""The keys of other parts that the script of the corpus page needs too."""

REPORT_SCRIPT: Table = {
    "whole-text": ("Show the whole text", "显示全文"),
    "show-more": ("Show {some} more of {left}", "再显示 {some} 条，剩余 {left} 条"),
    "status.some": ("{some} of {all} rows", "{all} 条样本中的 {some} 条"),
    "status.wrong": (", {wrong} of them wrong", "，其中 {wrong} 条错误"),
    "status.none-wrong": (", none of them wrong", "，没有错误"),
    "pick": (
        "{count}: rows of {truth} predicted as {predicted}",
        "{count}：真实类别 {truth}，预测类别 {predicted} 的样本",
    ),
    "rows-with": ("rows with {text}", "包含 {text} 的样本"),
    "not-unpacked": (
        " This browser cannot unpack the others.",
        "此浏览器无法解压其余样本。",
    ),
}
