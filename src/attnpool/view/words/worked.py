"""What the worked example says: one prediction in numbers."""

from __future__ import annotations

from attnpool.view.words.table import Table

WORKED: Table = {
    "worked.part": ("Pooling", "池化"),
    "worked.title": ("One prediction in numbers", "用数字看一次预测"),
    "worked.lead": (
        "How pooling with attention makes a prediction: weights times vectors give one vector, and "
        "that vector gives the prediction. Every number of a very small model is shown.",
        "注意力池化如何得出预测：权重乘以向量，得到一个向量，再由这个向量得出预测。"
        "这里列出一个很小的模型的全部数字。",
    ),
    "worked.text": (
        "The text is {text}. The classes are 正面 (praise) and 负面 (complaint). The "
        "tokens are single characters, and each token vector v has two numbers, v1 and v2. The "
        "model was trained on the bundled reviews.",
        "文本是：{text}。类别是正面和负面。词元是单个字符，每个词元向量 v 有两个数：v1 和 v2。"
        "模型用随附的评论训练。",
    ),
    "worked.pool": (
        "Step 1: pool. Attention gives each token a weight a. The weights are not negative and sum "
        "to 1. The pooled vector is the sum of weight times vector.",
        "第 1 步：池化。注意力给每个词元一个权重 a。权重不为负，总和为 1。"
        "池化向量是权重与向量之积的和。",
    ),
    "worked.classify": (
        "Step 2: classify. Each class has its own weights w and a bias. Its logit is pooled vector "
        "times class weights, plus the bias. Softmax makes the logits into probabilities.",
        "第 2 步：分类。每个类别有自己的权重 w 和偏置。logit 是池化向量乘以类别权重再加偏置。"
        "softmax 把 logit 变成概率。",
    ),
    "worked.explain": (
        "Step 3: explain. The direction d of {target} is its weights less the mean of all classes' "
        "weights: d = ({d}). A token pulls towards the class if v·d is positive, and against it if "
        "v·d is negative. Its weight a sets how much of that counts. The product a × (v·d) is its "
        "contribution.",
        "第 3 步：解释。{target}的方向 d 是其权重减去所有类别权重的平均值：d = ({d})。"
        "v·d 为正时，词元推向该类别；为负时，推离该类别。权重 a 决定其中多少计入。"
        "乘积 a × (v·d) 就是词元的贡献。",
    ),
    "worked.sum": (
        "The sum {margin} is the logit of {target} less the mean of all logits, {own} − {mean}. So "
        "the contributions and the bias are the prediction, split over the tokens.",
        "总和 {margin} 是{target}的 logit 减去所有 logit 的平均值，即 {own} − {mean}。"
        "因此，贡献与偏置就是分摊到各词元上的预测。",
    ),
    "worked.lesson": (
        "Attention alone does not say which way a token pulls. {against} has a weight of "
        "{low} and pulls against {target}. {towards} has a weight of {high} and pulls towards "
        "{target}.",
        "单看注意力，不知道词元推向哪一边。“{against}”的权重为 {low}，推离{target}；"
        "“{towards}”的权重为 {high}，推向{target}。",
    ),
    "worked.rounding": (
        "Rounding: a, v, w, d and a × v are shown with three decimals, the other numbers with two. "
        "In a column with a sum, the last digits are chosen so that the column adds up. Numbers "
        "computed from the shown ones can differ in the last digit.",
        "舍入：a、v、w、d 和 a × v 保留三位小数，其他数字保留两位。带总和的列调整了末位数字，"
        "使各项之和等于总和。用所示数字计算的结果可能在末位有差异。",
    ),
    "worked.pooling": ("Weights times vectors", "权重乘以向量"),
    "worked.token": ("token", "词元"),
    "worked.total": ("sum", "总和"),
    "worked.weights": ("Class weights", "类别权重"),
    "worked.class": ("class", "类别"),
    "worked.bias": ("bias", "偏置"),
    "worked.probability": ("probability", "概率"),
    "worked.logit-of": ("logit of {name}", "{name}的 logit"),
    "worked.probability-of": ("probability of {name}", "{name}的概率"),
    "worked.calculation": ("Calculation", "计算"),
    "worked.number": ("number", "数"),
    "worked.how": ("calculation", "计算过程"),
    "worked.contributions": ("Contributions to {target}", "对{target}的贡献"),
}
