"""What the live page says; its script fills most of the templates in."""

from __future__ import annotations

from attnpool.view.words.table import Table

LIVE: Table = {
    "live.lead": (
        "Type or paste a text: the colours show what moved the answer. Click a token to "
        "strike it out. What you type stays on this page.",
        "输入或粘贴一段文本，颜色显示是什么左右了模型的预测。点击词元可以划掉它。输入的内容不"
        "会离开本页。",
    ),
    "live.lead_pair": (
        "Type two texts: the colours show what moved the answer, in both. Click a token to "
        "strike it out. Lines with a tab between two texts become a table. What you type "
        "stays on this page.",
        "输入两段文本，颜色显示两边是什么左右了模型的预测。点击词元可以划掉它。每行两段、以制"
        "表符分隔的多行文本会成为表格。输入的内容不会离开本页。",
    ),
    "live.noscript": (
        "This page runs the model in your browser, which needs JavaScript. It loads nothing "
        "and sends nothing.",
        "本页在浏览器中运行模型，需要启用 JavaScript。它不加载也不发送任何内容。",
    ),
    "live.label": ("Text", "文本"),
    "live.label_a": ("Text A", "文本 A"),
    "live.label_b": ("Text B", "文本 B"),
    "live.counted": ("{tokens} tokens", "{tokens} 个词元"),
    "live.counted_one": ("1 token", "1 个词元"),
    "live.cut": (
        "the model reads the first {limit} tokens; the rest is grey",
        "模型只读前 {limit} 个词元，其余为灰色",
    ),
    "live.empty": ("no token", "没有词元"),
    "live.examples": ("Examples", "示例"),
    "live.reading": ("Lines", "多行文本"),
    "live.as_lines": ("one text per line", "每行一条"),
    "live.as_pairs": ("one pair per line", "每行一对"),
    "live.no_pairs": ("lines without two texts left out: {count}", "略去不足两段文本的 {count} 行"),
    "live.more_cells": ("cells beyond the second left out", "略去第二格之后的单元格"),
    "live.both_needed": ("Both texts are needed", "需要两段文本"),
    "live.named": ("{verdict} ({name})", "{verdict}（{name}）"),
    "live.to_strike": (
        "Click tokens to strike them out: what is left appears here.",
        "点击词元可划掉它们，余下的文本显示在这里。",
    ),
    "live.foot_tokens": (
        "This file holds {tokens} tokens of the training texts, and anyone who has the file can "
        "read them.",
        "本文件含有训练文本中的 {tokens} 个词元，任何拿到文件的人都能读出。",
    ),
    "live.as_one": ("one text", "整段作为一条"),
    "live.table": (
        "All lines. Choose one to see it below.",
        "全部文本行。选中一行，即可在下方查看。",
    ),
    "live.line": ("#", "#"),
    "live.of_line": ("text", "文本"),
    "live.answer": ("answer", "预测"),
    "live.probability": ("probability", "概率"),
    "live.csv": ("Save as CSV", "保存为 CSV"),
    "live.more_lines": ("the first {shown} of {lines} lines", "共 {lines} 行，显示前 {shown} 行"),
    "live.classes": (
        "Probability of each class. Choose one to colour by it.",
        "各类别的概率。选择一个类别，按它着色。",
    ),
    "live.more_classes": ("{count} more classes", "其余 {count} 个类别"),
    "live.by": ("Colour by", "着色依据"),
    "live.head": ("attention head {number}", "注意力头 {number}"),
    "live.as_typed": ("As typed", "原文"),
    "live.as_is": ("Without what is struck out", "划掉之后"),
    "live.explains": ("{name} {percent}", "{name} {percent}"),
    "live.verdict": (
        "{verdict} · score {score}, threshold 0.5",
        "{verdict} · 得分 {score}，阈值 0.5",
    ),
    "live.tokens": (
        "Tokens. Press one to strike it out or to bring it back; move between them with the "
        "arrow keys.",
        "词元。点按可划掉或恢复，用方向键移动。",
    ),
    "live.value_of": ("{token}: contribution {value} to {name}", "{token}：对{name}的贡献 {value}"),
    "live.weight_of": ("{token}: weight {value}", "{token}：权重 {value}"),
    "live.struck": ("{said}; struck out", "{said}；已划掉"),
    "live.turn_searching": (
        "Looking for a few tokens whose deletion changes the answer …",
        "正在寻找删去后会改变预测的少数词元……",
    ),
    "live.turn": (
        "Delete {tokens} and the answer becomes {name} ({percent}).",
        "删去{tokens}，预测就变为{name}（{percent}）。",
    ),
    "live.turn_do": ("Try it", "试一试"),
    "live.turn_none": (
        "No deletion that was tried changes this answer.",
        "试过的删法都不能改变这个预测。",
    ),
    "live.restore": ("Bring all back", "全部恢复"),
    "live.change": ("{name}: {before} → {after}", "{name}：{before} → {after}"),
    "live.copy": ("Copy as", "复制为"),
    "live.link": ("link", "链接"),
    "live.copied": ("copied", "已复制"),
    "live.saved": ("saved", "已保存"),
    "live.proof": (
        "The contributions of all tokens and a constant add up exactly to the margin of the "
        "class (its logit less the mean of all); what a deletion does is computed by the "
        "model itself. Attention shows where the model looked, not why. None of this says "
        "whether the model is right, or what it would answer to another text.",
        "所有词元的贡献加上一个常数，恰好等于该类别的间隔（其 logit 减去各类别的平均）；删去词"
        "元的结果由模型实际算出。注意力只说明模型看了哪里，不说明为什么。这些都不能说明模型是"
        "否正确，也不能说明它对别的文本会如何预测。",
    ),
    "live.proof_pair": (
        "The contributions of all tokens of both texts and a constant add up exactly to the "
        "margin of the class (its logit less the mean of all); a token that stands in both "
        "texts has nearly the same value in each. What a deletion does is computed by the "
        "model itself. Attention shows where the model looked, not why. None of this says "
        "whether the model is right, or what it would answer to other texts.",
        "两段文本所有词元的贡献加上一个常数，恰好等于该类别的间隔（其 logit 减去各类别的平均）"
        "；两边都有的词元，其贡献在两边几乎相同。删去词元的结果由模型实际算出。注意力只说明模"
        "型看了哪里，不说明为什么。这些都不能说明模型是否正确，也不能说明它对别的文本会如何预"
        "测。",
    ),
    "live.moved": (
        "Orange moved the model towards {name}, blue away from it.",
        "橙色使模型偏向{name}，蓝色使它偏离。",
    ),
    "live.separator": (", ", "、"),
    "live.quoted": ("“{text}”", "“{text}”"),
    "live.foot_model": (
        "A model of attnpool{version}, exported on {date}; digest {digest}.",
        "attnpool{version} 的模型，导出于 {date}；摘要 {digest}。",
    ),
    "live.foot_reveals": (
        "This file holds {tokens} tokens and {ngrams} n-grams of the training texts with "
        "their weights, and anyone who has the file can read them.",
        "本文件含有训练文本中的 {tokens} 个词元和 {ngrams} 个 n-gram 及其权重，任何拿到文件的"
        "人都能读出。",
    ),
    "live.foot_pruned": (
        "To save space it leaves out {left} of {all} n-grams.",
        "为节省空间，省去了 {all} 个 n-gram 中的 {left} 个。",
    ),
    "live.none_known": ("none known to the model", "模型都不认识"),
    "live.unknown": ("{count} of them unknown to the model", "其中 {count} 个是模型不认识的"),
    "live.not_drawn": ("{count} more are read but not drawn", "另有 {count} 个词元已读但未画出"),
    "live.comma": ("; ", "；"),
    "live.nothing": ("No text yet", "还没有文本"),
    "live.to_nothing": (
        "To an empty text the model answers {name} ({percent}).",
        "对空文本，模型的预测是{name}（{percent}）。",
    ),
    "live.more_class": ("1 more class", "其余 1 个类别"),
    "live.turned": ("{before} {was} → {after} {is}", "{before} {was} → {after} {is}"),
    "live.turn_nearly": (
        "Delete {tokens} and the answer is only just {name} ({percent}).",
        "删去{tokens}，预测勉强变为{name}（{percent}）。",
    ),
    "live.turn_many": ("the {count} tokens outlined below", "下面框出的 {count} 个词元"),
    "live.not_copied": ("not possible here", "此处无法复制"),
    "live.too_long": ("too long for a link", "文本过长，无法做成链接"),
    "live.answering": ("{done} of {all} lines …", "{done} / {all} 行……"),
    "live.failed_damaged": (
        "The model in this page is damaged. Ask for the file again.",
        "本页中的模型已损坏，请重新获取该文件。",
    ),
    "live.failed_version": (
        "The model in this page is of another version than the page. Ask for the file again.",
        "本页中的模型与页面版本不同，请重新获取该文件。",
    ),
    "live.failed_browser": (
        "This browser cannot unpack the model. Open the page in a newer one.",
        "此浏览器无法解压模型，请换用较新的浏览器打开本页。",
    ),
    "live.broken": (
        "This page did not start: the file is incomplete or was changed. Ask for it again.",
        "本页未能启动：文件不完整或已被改动，请重新获取。",
    ),
    "live.foot_unmeasured": (
        "Its accuracy was not measured in training.",
        "训练时没有测量准确率。",
    ),
    "live.foot_words": (
        "To save space it does not read words it does not know by their letters.",
        "为节省空间，它不再按字母读取不认识的词。",
    ),
    "live.foot_smaller": (
        "To save space its tables are less exact than the model's.",
        "为节省空间，其中的数值不如原模型精确。",
    ),
}
