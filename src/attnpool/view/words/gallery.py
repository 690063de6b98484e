"""What the gallery and the demo say."""

from __future__ import annotations

from attnpool.view.words.table import Plural, Table

GALLERY: Table = {
    "gallery.title": (
        "attnpool gallery: what small models look at",
        "attnpool 示例集：小模型看了哪里",
    ),
    "gallery.lead": (
        "Examples of pooling: how the tokens of a text become one vector, and how much each token "
        "counts. Every model was trained when this page was made. The samples are drawn at random "
        "from rows that no model trained on; they include errors. What the pictures do not prove: "
        "a deep colour means that the pooling gave a token much weight, not that the prediction "
        "would change without it. With another seed, another token may be coloured and the "
        "prediction stay the same. Colours on sensible words do not make a prediction right.",
        "池化的示例：文本的词元如何变成一个向量，每个词元占多大分量。所有模型都在生成本页时训练。"
        "样例从没有任何模型训练过的样本中随机抽取，其中包括错误。图片不能证明的是：颜色深表示池化给了"
        "该词元较大的权重，并不表示没有它预测就会改变。换一个随机种子，着色的可能是别的词元，而预测不变。"
        "颜色落在合理的词上，并不说明预测正确。",
    ),
    "gallery.accuracy": (
        "accuracy on {count} held-out rows (majority class: {majority})",
        "留出的 {count} 条样本上的准确率（多数类：{majority}）",
    ),
    "gallery.trained": (
        "training rows{capped}; a tenth of them chose the number of epochs",
        "训练样本数{capped}；其中十分之一用于选择训练轮数",
    ),
    "gallery.capped": (
        " (capped, of {count} rows in all)",
        "（共 {count} 条，只取一部分）",
    ),
    "gallery.time": ("training time", "训练时间"),
    "gallery.seconds": ("{seconds} s", "{seconds} 秒"),
    "gallery.overlap": (
        "overlap of the heads, mean over the held-out rows (1: all alike)",
        "各头的重叠度，留出样本上的平均值（1 表示完全相同）",
    ),
    "gallery.evidence": (
        "of the colour is on the words that carry the label (if uniform: {uniform})",
        "的颜色落在决定标签的词上（均匀时：{uniform}）",
    ),
    "gallery.triplets": (
        "of {count} triplets of held-out rows are ordered right (chance: 50%)",
        "的三元组顺序正确（留出样本的 {count} 个三元组；随机：50%）",
    ),
    "gallery.in-place": (
        "of the colour of A stays in place with another B, mean over {count} held-out pairs "
        "(a siamese model keeps all of it)",
        "的 A 的颜色在换了 B 之后留在原处（{count} 个留出文本对的平均值；孪生网络会全部保留）",
    ),
    "gallery.rows": ("Rows: {origin}.", "样本：{origin}。"),
    "gallery.bundled": (
        "bundled rows, written for this project (“{task}”); figures on them say nothing about "
        "real text",
        "随附的样本，为本项目编写（“{task}”）；其指标不能说明真实文本上的表现",
    ),
    "gallery.held": (
        "Of {available} rows, {train} train and {test} are held out. The others are left out to "
        "save time, or because they share a text with a held-out row.",
        "{available} 条样本中，{train} 条用于训练，{test} 条留出。其余样本为节省时间而略去，"
        "或因与留出样本有相同的文本而略去。",
    ),
    "gallery.samples": (
        "Samples: drawn at random from the held-out rows of at most {longest} characters{wrong}.",
        "样例：从不超过 {longest} 个字符的留出样本中随机抽取{wrong}。",
    ),
    "gallery.samples-of": (
        "Samples: drawn at random from the held-out rows labelled {truth} of at most {longest} "
        "characters{wrong}.",
        "样例：从标签为 {truth}、不超过 {longest} 个字符的留出样本中随机抽取{wrong}。",
    ),
    "gallery.wrong": (
        "; the model is wrong on {count} of these rows",
        "；模型在其中 {count} 条上出错",
    ),
    "gallery.none-wrong": (
        "; the model is wrong on none of these rows",
        "；模型在这些样本上没有出错",
    ),
    "gallery.live": ("Type a text of your own into this model", "在这个模型里输入自己的文本"),
    "demo.link": ("Type a review, and the colours follow", "自己写一句评论，看颜色变化"),
    "demo.live": (
        "One more model reads reviews in both languages, and runs in a page of its own, in which "
        "you type. Its accuracy on unseen rows: Chinese {chinese}, English {english}.",
        "另有一个模型能读两种语言的评论，在单独的网页中运行，可以输入文本。"
        "它在未见过的样本上的准确率：中文 {chinese}，英文 {english}。",
    ),
    "demo.title": ("attnpool: what small models look at", "attnpool：小模型看了哪里"),
    "demo.lead": (
        "Each small model was trained when this page was made, on rows written for this demo. It "
        "explains rows that it has never seen, correct predictions as well as errors. Orange "
        "characters moved the model towards its prediction, blue ones away from it. A click shows "
        "attention instead: where the model looked, not why it decided.",
        "每个小模型都在生成本页时训练，所用样本为此演示编写。它解释从未见过的样本，既有正确的预测，"
        "也有错误。橙色字符把模型推向其预测，蓝色字符把它推离。点击可改为显示注意力：模型看了哪里，"
        "而不是它为何这样判断。",
    ),
    "demo.accuracy": (
        "accuracy on {count} unseen rows (majority class: {majority})",
        "{count} 条未见过的样本上的准确率（多数类：{majority}）",
    ),
    "demo.time": (
        Plural("training time on {count} row", "training time on {count} rows"),
        "{count} 条样本的训练时间",
    ),
    "demo.evidence": (
        "of what speaks for the prediction is on the words that carry the label (if uniform: "
        "{uniform})",
        "的支持预测的数值落在决定标签的词上（均匀时：{uniform}）",
    ),
    "demo.note": (
        "The phrases that moved the model most towards each class, over all rows of the task, with "
        "their mean contribution per occurrence and their count.",
        "在该任务的全部样本中，把模型推向各个类别最多的短语，附每次出现的平均贡献和出现次数。",
    ),
    "demo.sentiment.title": ("Sentiment, two ways", "正负情感"),
    "demo.sentiment.lead": (
        "Short reviews of hotels, food, parcels and films: 正面 is praise, 负面 is a complaint. "
        "Mixed reviews have both; the label follows the part that weighs more.",
        "关于酒店、餐饮、快递和电影的短评：正面是称赞，负面是抱怨。有的评论两者都有，"
        "标签取分量更重的一方。",
    ),
    "demo.reviews.title": ("Reviews in English, two ways", "英文评论，正负情感"),
    "demo.reviews.lead": (
        "Short reviews of hotels, food, parcels and films, like the Chinese ones above: praise "
        "and complaints, some with a “but”.",
        "关于酒店、餐饮、快递和电影的英文短评，与上面的中文评论相仿：有称赞也有抱怨，有的带转折。",
    ),
    "demo.moods.title": ("Four moods", "四种情绪"),
    "demo.moods.lead": (
        "Short posts: 喜悦, 愤怒, 厌恶 or 低落.",
        "短帖：喜悦、愤怒、厌恶或低落。",
    ),
    "demo.titles.title": ("News titles, ten classes", "新闻标题，十个类别"),
    "demo.titles.lead": (
        "Titles of invented news. One or two words usually give the class away.",
        "虚构新闻的标题。通常一两个词就能看出类别。",
    ),
    "demo.articles.title": ("Long articles", "长文章"),
    "demo.articles.lead": (
        "Hundreds of characters, of which only a few give the class away. The rest is filler that "
        "all classes share.",
        "数百个字符中只有少数能看出类别，其余是各类别共有的填充文字。",
    ),
}
