"""What the live page says; its script fills most of the templates in."""

from __future__ import annotations

from attnpool.view.words.table import Table

LIVE: Table = {
    "live.lead": (
        "Type or paste a text: the colours show what moved the answer. Click a token to "
        "strike it out. Nothing leaves this page.",
        "输入或粘贴一段文本，颜色显示是什么左右了模型的回答。点击词元可以划掉它。所有内容都不会离开本页。",
    ),
    "live.lead_pair": (
        "Type two texts: the colours show what moved the answer, in both. Click a token to strike "
        "it out. Pasted lines with a tab between two texts become a table. Nothing leaves this "
        "page.",
        "输入两段文本，颜色显示两边是什么左右了模型的回答。点击词元可以划掉它。粘贴多行、每行两段文本以制表符分隔，"
        "即成表格。所有内容都不会离开本页。",
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
        "{tokens} tokens, of which the model reads {limit}",
        "{tokens} 个词元，模型只读前 {limit} 个",
    ),
    "live.empty": (
        "No token: the answer is what the model says of an empty text.",
        "没有词元：这是模型对空文本的回答。",
    ),
    "live.examples": ("examples", "示例"),
    "live.reading": ("read as", "读取方式"),
    "live.as_lines": ("one text a line", "每行一条"),
    "live.as_one": ("one text", "整段一条"),
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
    "live.by": ("colour by", "着色依据"),
    "live.head": ("head {number}", "第 {number} 个头"),
    "live.as_typed": ("As typed", "原文"),
    "live.as_is": ("Without what is struck out", "划掉之后"),
    "live.explains": ("{name} {percent}", "{name} {percent}"),
    "live.verdict": (
        "{verdict} · score {score}, threshold 0.5",
        "{verdict} · 得分 {score}，阈值 0.5",
    ),
    "live.tokens": (
        "Tokens. Press one to strike it out or to bring it back; arrow keys go on.",
        "词元。按下可划掉或恢复，用方向键移动。",
    ),
    "live.value_of": ("{token}: {value} for {name}", "{token}：对{name}的贡献 {value}"),
    "live.weight_of": ("{token}: weight {value}", "{token}：权重 {value}"),
    "live.struck": ("{token}: struck out", "{token}：已划掉"),
    "live.turn_searching": (
        "Looking for the fewest tokens whose deletion turns the answer …",
        "正在寻找删去后能改变预测的最少词元……",
    ),
    "live.turn": (
        "Delete {tokens} and the answer is {name} ({percent}).",
        "删去{tokens}，预测就变为{name}（{percent}）。",
    ),
    "live.turn_do": ("Strike out", "划掉它们"),
    "live.turn_none": ("Deleting tokens does not turn this answer.", "删去词元不能改变这个预测。"),
    "live.restore": ("Bring all back", "全部恢复"),
    "live.change": ("{name}: {before} → {after}", "{name}：{before} → {after}"),
    "live.copy": ("copy as", "复制为"),
    "live.link": ("link", "链接"),
    "live.copied": ("copied", "已复制"),
    "live.saved": ("saved", "已保存"),
    "live.proof": (
        "The contributions of all tokens and a constant add up exactly to the score of the "
        "class; what a deletion does is computed by the model itself. Attention shows where "
        "the model looked, not why. None of this says whether the model is right, or what it "
        "would answer to another text.",
        "所有词元的贡献加上一个常数，恰好等于该类别的得分；删去词元的结果由模型实际算出。注意力只说明模型看了哪里，不说明为什么。这些都不能说明模型是否正确，也不能说明它会怎样回"
        "答别的文本。",
    ),
    "live.proof_pair": (
        "The contributions of all tokens of both texts and a constant add up exactly to the score "
        "of the class; a token that stands in both texts shares its value between them. What a "
        "deletion does is computed by the model itself. Attention shows where the model looked, "
        "not why. None of this says whether the model is right, or what it would answer to other "
        "texts.",
        "两段文本所有词元的贡献加上一个常数，恰好等于该类别的得分；两边都有的词元共享其贡献。删去词元的结果由模型实际"
        "算出。注意力只说明模型看了哪里，不说明为什么。这些都不能说明模型是否正确，也不能说明它会怎样回答别的文本。",
    ),
    "live.moved": (
        "Orange moved the model towards {name}, blue away from it.",
        "橙色使模型偏向{name}，蓝色使它偏离。",
    ),
    "live.separator": (", ", "、"),
    "live.quoted": ("“{text}”", "“{text}”"),
    "live.failed": (
        "The model in this page cannot be read: {why}. Ask for the file again.",
        "无法读取本页中的模型：{why}。请重新获取该文件。",
    ),
    "live.foot_model": (
        "A model of attnpool{version}, exported on {date}; digest {digest}.",
        "attnpool{version} 的模型，导出于 {date}；摘要 {digest}。",
    ),
    "live.foot_accuracy": (
        "Accuracy {accuracy} on {rows} validation rows; always answering “{name}” gives "
        "{majority}.",
        "在 {rows} 行验证数据上准确率为 {accuracy}；总是回答“{name}”则为 {majority}。",
    ),
    "live.foot_accuracy_plain": (
        "Accuracy {accuracy} on {rows} validation rows.",
        "在 {rows} 行验证数据上准确率为 {accuracy}。",
    ),
    "live.foot_reveals": (
        "This file holds {tokens} tokens and {ngrams} n-grams of the training texts with "
        "their weights, for anybody who has it to read.",
        "本文件含有训练文本中的 {tokens} 个词元和 {ngrams} 个 n-gram 及其权重，"
        "任何拿到它的人都能读出。",
    ),
    "live.foot_pruned": (
        "To be small it leaves out {left} of {all} n-grams.",
        "为减小体积，省去了 {all} 个 n-gram 中的 {left} 个。",
    ),
}
