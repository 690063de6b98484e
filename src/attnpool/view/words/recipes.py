"""What the gallery says of its examples."""

from __future__ import annotations

from attnpool.view.words.table import Table

RECIPES: Table = {
    "part.classification": (
        "Classification",
        "分类",
    ),
    "classification-1.title": (
        "Classification 1: news titles",
        "分类 1：新闻标题",
    ),
    "classification-1.short": (
        "1 News titles",
        "1 新闻标题",
    ),
    "classification-1.lead": (
        "Ten classes. One or two words of a short title give the class away. One attention "
        "head puts most of its weight on one place; Multi-head 4 has four heads on the same "
        "rows.",
        "十个类别。短标题中的一两个词就能看出类别。单个注意力头把大部分权重放在一处；“多头 4”"
        "在同样的样本上使用四个头。",
    ),
    "classification-2.title": (
        "Classification 2: sentiment, two ways",
        "分类 2：正负情感",
    ),
    "classification-2.short": (
        "2 Sentiment",
        "2 情感",
    ),
    "classification-2.lead": (
        "正面 is praise, 负面 is a complaint. One attention head has to cover evidence for both.",
        "正面是称赞，负面是抱怨。单个注意力头要同时顾及两方面的依据。",
    ),
    "classification-2.original": (
        "Bracket emoji such as [泪] almost give the label away. The model never reads them, "
        "so they have no colour.",
        "[泪] 这类方括号表情几乎直接透露标签。模型从不读取它们，因此它们没有颜色。",
    ),
    "classification-3.title": (
        "Classification 3: four moods",
        "分类 3：四种情绪",
    ),
    "classification-3.short": (
        "3 Four moods",
        "3 四种情绪",
    ),
    "classification-3.lead": (
        "喜悦, 愤怒, 厌恶 or 低落. Anger and disgust share most of their words.",
        "喜悦、愤怒、厌恶或低落。愤怒与厌恶的用词大多相同。",
    ),
    "classification-3.original": (
        "The labels are noisy: many posts would fit another of the four as well, and no "
        "model gets far.",
        "标签含有噪声：许多帖子同样适合四类中的另一类，任何模型都难有好的表现。",
    ),
    "classification-4.title": (
        "Classification 4: long articles",
        "分类 4：长文章",
    ),
    "classification-4.short": (
        "4 Long articles",
        "4 长文章",
    ),
    "classification-4.lead": (
        "Hundreds of characters, of which few are needed. Whole paragraphs stay pale.",
        "数百个字符中只有少数有用，整段整段的文字保持浅色。",
    ),
    "classification-5.title": (
        "Classification 5: as matching with a label",
        "分类 5：文本与标签匹配",
    ),
    "classification-5.short": (
        "5 As label matching",
        "5 标签匹配",
    ),
    "classification-5.lead": (
        "The name of a class is a text too. The title and its label are both coloured, and "
        "the model can rank any other list of labels.",
        "类别名称也是文本。标题和标签都会着色，模型还可以对任何其他标签列表排序。",
    ),
    "part.matching": (
        "Matching",
        "匹配",
    ),
    "matching-1.title": (
        "Matching 1: siamese, questions that ask the same",
        "匹配 1：孪生网络，问法不同、意思相同",
    ),
    "matching-1.short": (
        "1 Siamese, a match",
        "1 孪生网络，匹配",
    ),
    "matching-1.lead": (
        "Each question is pooled by itself, and a small head compares the two vectors. These "
        "pairs match: an error is a match that the model missed.",
        "每个问题各自池化，再由一个小的输出层比较两个向量。这些问题对是匹配的：错误是模型漏掉"
        "的匹配。",
    ),
    "matching-2.title": (
        "Matching 2: siamese, questions that do not",
        "匹配 2：孪生网络，意思不同",
    ),
    "matching-2.short": (
        "2 Siamese, no match",
        "2 孪生网络，不匹配",
    ),
    "matching-2.lead": (
        "The same model on pairs that do not match, often because of one word. An error is a "
        "pair whose shared words misled the model.",
        "同一个模型，用在不匹配的问题对上，往往只差一个词。错误是被共有的词误导的问题对。",
    ),
    "matching-3.title": (
        "Matching 3: triplet loss",
        "匹配 3：三元组损失",
    ),
    "matching-3.short": (
        "3 Triplets",
        "3 三元组",
    ),
    "matching-3.lead": (
        "Trained so that a question is nearer to one that asks the same (positive) than to "
        "one that does not (negative), by the cosine of their vectors. Triplets in the wrong "
        "order are shown too. If there are too few, pairs on the wrong side of the threshold "
        "follow. By contribution, orange brings the anchor nearer to its positive than to "
        "its negative.",
        "训练目标：按向量的余弦，让一个问题与意思相同的问题（正例）比与意思不同的问题（负例）"
        "更近。顺序错误的三元组也会显示；如果太少，随后是落在阈值错误一侧的问题对。按贡献着色"
        "时，橙色使锚点离正例比离负例更近。",
    ),
    "part.interaction": (
        "Interaction",
        "交互",
    ),
    "interaction-1.title": (
        "Interaction 1: each side is the other's query",
        "交互 1：以对方为查询的匹配",
    ),
    "interaction-1.short": (
        "1 Two questions",
        "1 两个问题",
    ),
    "interaction-1.lead": (
        "Each question is pooled by attention whose query is the other question. Where the "
        "model looks in A depends on B.",
        "每个问题由注意力池化，其查询是另一个问题。模型看 A 的哪里取决于 B。",
    ),
    "interaction-2.title": (
        "Interaction 2: one question, two partners",
        "交互 2：同一问题，两个对象",
    ),
    "interaction-2.short": (
        "2 Two partners",
        "2 两个对象",
    ),
    "interaction-2.lead": (
        "The same model and the same question A twice: with its own partner, and with a "
        "question drawn at random, for which there is no label. The figure says how much of "
        "A's colour stays in place.",
        "同一个模型、同一个问题 A 出现两次：一次与原来的对象，一次与随机抽取的问题（没有标签"
        "）。指标表示 A 的颜色有多少留在原处。",
    ),
    "part.multi-head": (
        "Multi-head",
        "多头",
    ),
    "multi-head-1.title": (
        "Multi-head 1: sentiment",
        "多头 1：情感分析",
    ),
    "multi-head-1.short": (
        "1 Sentiment",
        "1 情感",
    ),
    "multi-head-1.lead": (
        "Four heads, with one curve each below the text. Choose a head to see its colours alone.",
        "四个头，文本下方每个头一条曲线。选择一个头可单独查看它的颜色。",
    ),
    "multi-head-2.title": (
        "Multi-head 2: hotel reviews, praise",
        "多头 2：酒店评论，好评",
    ),
    "multi-head-2.short": (
        "2 Hotel, praise",
        "2 酒店，好评",
    ),
    "multi-head-2.lead": (
        "Reviews that their authors marked as praise.",
        "作者标为好评的评论。",
    ),
    "multi-head-3.title": (
        "Multi-head 3: hotel reviews, complaints",
        "多头 3：酒店评论，差评",
    ),
    "multi-head-3.short": (
        "3 Hotel, complaints",
        "3 酒店，差评",
    ),
    "multi-head-3.lead": (
        "The same model on complaints.",
        "同一个模型，用在差评上。",
    ),
    "multi-head-4.title": (
        "Multi-head 4: news",
        "多头 4：新闻",
    ),
    "multi-head-4.short": (
        "4 News",
        "4 新闻",
    ),
    "multi-head-4.lead": (
        "The rows of Classification 1 with four heads. Titles are short, so there is little "
        "for the heads to divide.",
        "“分类 1”的样本，使用四个头。标题很短，各个头没有多少可分工的内容。",
    ),
    "part.max-pooling": (
        "Max pooling",
        "最大池化",
    ),
    "max-pooling-1.title": (
        "Max pooling 1: news titles",
        "最大池化 1：新闻标题",
    ),
    "max-pooling-1.short": (
        "1 News titles",
        "1 新闻标题",
    ),
    "max-pooling-1.lead": (
        "Pooled by the maximum instead of attention. max_share is the share of the vector's "
        "dimensions in which a token has the maximum. max_sum is the sum of these maxima, "
        "with their signs.",
        "用最大值代替注意力来池化。最大值占比是向量中由某个词元取得最大值的维度所占的比例；最"
        "大值之和是这些最大值连同符号的和。",
    ),
    "max-pooling-2.title": (
        "Max pooling 2: sentiment",
        "最大池化 2：正负情感",
    ),
    "max-pooling-2.short": (
        "2 Sentiment",
        "2 情感",
    ),
    "max-pooling-2.lead": (
        "Two classes, pooled by the maximum. max_share is the share of the vector's "
        "dimensions in which a token has the maximum. max_sum is the sum of these maxima, "
        "with their signs.",
        "两个类别，用最大值池化。最大值占比是向量中由某个词元取得最大值的维度所占的比例；最大"
        "值之和是这些最大值连同符号的和。",
    ),
    "max-pooling-2.original": (
        "Here the model reads bracket emoji such as [泪]. Compare the accuracy with "
        "Classification 2, and see where the colour goes.",
        "这里模型会读取 [泪] 这类方括号表情。可与“分类 2”比较准确率，看颜色落在何处。",
    ),
    "max-pooling-3.title": (
        "Max pooling 3: hotel reviews, praise",
        "最大池化 3：酒店评论，好评",
    ),
    "max-pooling-3.short": (
        "3 Hotel, praise",
        "3 酒店，好评",
    ),
    "max-pooling-3.lead": (
        "Reviews that their authors marked as praise, pooled by the maximum. max_share is "
        "the share of the vector's dimensions in which a token has the maximum. max_sum is "
        "the sum of these maxima, with their signs.",
        "作者标为好评的评论，用最大值池化。最大值占比是向量中由某个词元取得最大值的维度所占的"
        "比例；最大值之和是这些最大值连同符号的和。",
    ),
    "max-pooling-4.title": (
        "Max pooling 4: hotel reviews, complaints",
        "最大池化 4：酒店评论，差评",
    ),
    "max-pooling-4.short": (
        "4 Hotel, complaints",
        "4 酒店，差评",
    ),
    "max-pooling-4.lead": (
        "The same model on complaints.",
        "同一个模型，用在差评上。",
    ),
}
