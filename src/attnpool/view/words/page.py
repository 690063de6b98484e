"""What pages of cards say, and what their script does."""

from __future__ import annotations

from attnpool.view.words.table import Plural, Table

PAGE: Table = {
    "page.sections": ("Sections", "章节"),
    "page.contents": ("Contents", "目录"),
    "page.top": ("Back to top", "回到顶部"),
    "page.command": ("The commands that make this", "得到这些结果的命令"),
    "page.footer": (
        "Made by attnpool. This page is one file and loads nothing. It works without JavaScript; "
        "values are then listed below each text.",
        "由 attnpool 生成。本页是单个文件，不加载任何内容。没有 JavaScript 也能使用："
        "数值会列在每个文本下方。",
    ),
    "page.strongest": ("Strongest:", "最强："),
    "page.true": ("true", "真实类别"),
    "page.all-heads": ("all heads", "所有头"),
    "page.for": ("for", "解释类别"),
    "page.by": ("by", "方法"),
    "page.for-class": (" for ", "，解释类别 "),
    "page.methods": ("{count} methods", "{count} 种方法"),
    "page.alignment": ("Alignment", "对齐"),
    "page.alignment-of": ("Alignment of {left} and {right}", "{left} 与 {right} 的对齐"),
    "page.more-classes": ("{count} more classes", "还有 {count} 个类别"),
    "page.other-classes": (
        Plural("and {count} other, together {share}", "and {count} others, together {share}"),
        "另有 {count} 个，合计 {share}",
    ),
    "page.point": ("; point at a colour for its value", "；指向颜色可查看数值"),
    "page.keys": (", or go to it with Tab and the arrow keys", "，也可用 Tab 键和方向键移动"),
    "page.phrase-for": ("for", "支持"),
    "page.phrase-against": ("against", "反对"),
    "page.phrase-value": ("value", "数值"),
    "page.phrase-none": ("No phrase stands out.", "没有突出的短语。"),
    "rows": (Plural("{count} row", "{count} rows"), "{count} 条样本"),
    "meets": ("{left} → {right}: {value}", "{left} → {right}：{value}"),
    "up-to": ("up to {value}, {tokens} tokens", "最大 {value}，{tokens} 个词元"),
    "tokens": (Plural("{count} token", "{count} tokens"), "{count} 个词元"),
    "model.accuracy": ("accuracy", "准确率"),
    "model.accuracy-on": (
        Plural("accuracy on {count} validation row", "accuracy on {count} validation rows"),
        "验证集（{count} 条样本）准确率",
    ),
    "model.unmeasured": ("not measured", "未测量"),
    "model.majority": ("majority class", "多数类"),
    "model.majority-of": ("majority class ({name})", "多数类（{name}）"),
    "model.macro-f1": ("macro F1", "宏平均 F1"),
    "model.rows": ("rows trained on", "训练样本数"),
    "model.parameters": ("parameters", "参数量"),
    "model.warning": ("Warning: {said}.", "警告：{said}。"),
    "model.classes": ("Classes:", "类别："),
    "model.more": (" and {count} more", "，另有 {count} 个"),
}

SHARED = ("attention", "page.all-heads", "meets", "up-to")
"""The keys of other parts that the script of a page needs too."""

SCRIPT: Table = {
    "uniform": ("uniform share or less", "不高于均匀值"),
    "card-of": ("Card of: {text}", "卡片：{text}"),
    "show-as": ("show as", "显示为"),
    "cards": ("Cards", "卡片"),
    "lines": ("Lines", "单行"),
    "colour-all": ("colour all by", "全部按此着色"),
    "coloured-by": ("coloured by", "着色依据"),
    "explained-for": ("explained for", "所解释的类别"),
    "explained-by": ("explained by", "解释方法"),
    "side": ("{name}: {text}", "{name}：{text}"),
    "copy": ("Copy", "复制"),
    "copy-text": ("Copy as text", "复制为文本"),
    "copied": ("Copied", "已复制"),
    "not-copied": ("Could not copy", "无法复制"),
}
