"""What every rendering says: the answer, the truth, the facts beside them, the legends."""

from __future__ import annotations

from attnpool.view.words.table import Plural, Table

CAPTIONS: Table = {
    "title.looked": ("What the model looked at", "模型看了哪里"),
    "title.moved": ("What moved the model", "什么影响了模型的判断"),
    "truth": ("{mark} true {name}", "{mark} 真实类别 {name}"),
    "match": ("match", "匹配"),
    "no-match": ("no match", "不匹配"),
    "ordered": ("ordered right", "顺序正确"),
    "disordered": ("ordered wrong", "顺序错误"),
    "score": ("score", "得分"),
    "threshold": ("threshold", "阈值"),
    "threshold.alone": ("threshold {value}", "阈值 {value}"),
    "positive": ("positive", "正例"),
    "negative": ("negative", "负例"),
    "anchor": ("anchor", "锚点"),
    "text": ("text", "文本"),
    "label": ("label", "标签"),
    "kind": ("{fact} ({kind})", "{fact}（{kind}）"),
    "cosine": ("cosine", "余弦"),
    "logit": ("logit", "logit"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "empty": ("(empty text)", "（空文本）"),
    "no-token": ("(no token was read)", "（没有读取任何词元）"),
    "attention": ("attention", "注意力"),
    "head": ("head {number}", "头 {number}"),
    "weight": ("weight", "权重"),
    "at-most": ("at most {value}", "最大 {value}"),
    "heads": ("{heads} heads", "{heads} 个注意力头"),
    "heads.overlap": (
        "{heads} heads · overlap {overlap}: they look at {gloss}",
        "{heads} 个注意力头 · 重叠度 {overlap}：{gloss}",
    ),
    "overlap.same": ("almost the same tokens", "关注的词元几乎相同"),
    "overlap.mostly": ("mostly the same tokens", "关注的词元大多相同"),
    "overlap.partly": ("partly the same tokens", "关注的词元部分相同"),
    "overlap.different": ("mostly different tokens", "关注的词元大多不同"),
    "method.for": ("{method} for {name}", "{method}，解释类别 {name}"),
    "logit-parts": (
        "contributions {whole}: {attended} from attention, {linear} from the linear part",
        "贡献之和 {whole}：来自注意力 {attended}，来自线性部分 {linear}",
    ),
    "unread": (
        Plural("… {count} character unread", "… {count} characters unread"),
        "… 后面有 {count} 个字符未读取",
    ),
    "unread.more": (
        Plural("… {count} more character unread", "… {count} more characters unread"),
        "… 后面还有 {count} 个字符未读取",
    ),
    "unread.of": (
        Plural(
            "… {count} more character unread, {whole} in all",
            "… {count} more characters unread, {whole} in all",
        ),
        "… 后面还有 {count} 个字符未读取，共 {whole} 个",
    ),
    "hidden": ("… {hidden} more characters not shown", "… 还有 {hidden} 个字符未显示"),
    "hidden.unread": (
        "… {hidden} more characters not shown, {unread} of them unread",
        "… 还有 {hidden} 个字符未显示，其中 {unread} 个未读取",
    ),
    "middle": ("… {hidden} characters not shown …", "… 此处 {hidden} 个字符未显示 …"),
    "alignment.meaning": (
        "Each row shows how a token of {left} spreads over {right} and sums to 1. Palest: "
        "{uniform} (uniform) or less; full colour: {full}.",
        "每行表示 {left} 中一个词元的权重在 {right} 各词元上的分布，每行之和为 1。"
        "最浅色：不高于 {uniform}（均匀值）；最深色：{full}。",
    ),
    "alignment.more": (
        Plural("… {count} more token", "… {count} more tokens"),
        "… 还有 {count} 个词元",
    ),
    "full-colour": ("full colour: {largest}", "最深色：{largest}"),
    "scope.absolute": ("{value}{least}", "{value}{least}"),
    "scope.page": (
        "the largest {noun} on the page, {value}{least}",
        "本页最大的{noun} {value}{least}",
    ),
    "scope.text": ("each text's largest {noun}{least}", "各文本最大的{noun}{least}"),
    "scope.least": (", at least 4 × uniform", "，且不低于均匀值的 4 倍"),
    "brackets.amber": ("Amber", "琥珀色"),
    "brackets.signed": (
        "{low} ⟦−much⟧ ⟨−some⟩, {high} ⟨+some⟩ ⟦+much⟧ · much: {scope}",
        "{low} ⟦−强⟧ ⟨−弱⟩，{high} ⟨+弱⟩ ⟦+强⟧ · 强：{scope}",
    ),
    "brackets.unsigned": (
        "⟦{high}⟧ ⟨some⟩ {low} · much: {scope}",
        "⟦{high}⟧ ⟨较高⟩ {low} · 强：{scope}",
    ),
    "markdown.signed": (
        "{meaning} Without colours: strong tokens marked, strongest bold; + {high}, − {low}.",
        "{meaning}没有颜色时：强的词元有标记，最强的加粗；+ {high}，− {low}。",
    ),
    "markdown.unsigned": (
        "{meaning} Without colours: strong tokens marked, strongest bold.",
        "{meaning}没有颜色时：强的词元有标记，最强的加粗。",
    ),
    "plot.title": ("Weight of each token, by head", "各注意力头对每个词元的权重"),
    "plot.uniform": ("uniform share", "均匀值"),
    "more": ("… and {count} more", "… 还有 {count} 条"),
    "faith.single": (
        "The faithfulness of a single token cannot be measured: there is nothing to compare.",
        "只有一个词元时无法测量忠实度：没有可比较的对象。",
    ),
    "faith.measured": (
        "Coloured tokens here are the 1, 5, 10, 20 and 50% with the highest values, most for the "
        "class first; each figure is the mean over these shares.",
        "这里的着色词元指最支持该类别的前 1%、5%、10%、20% 和 50% 的词元；"
        "每个数字是这些比例上的平均值。",
    ),
    "faith.warning": (
        "On this text the colours do no better than chance: do not read them as reasons.",
        "在这个文本上，颜色并不比随机更好：不要把它们当作理由。",
    ),
    "faith.warning.rows": (
        "These colours do no better than chance: do not read them as reasons.",
        "这些颜色并不比随机更好：不要把它们当作理由。",
    ),
    "faith.removing": ("removing the coloured tokens", "去掉着色的词元"),
    "faith.removing.random": ("removing random ones", "去掉随机的词元"),
    "faith.removing.its": ("removing its tokens", "去掉其词元"),
    "faith.keeping": ("keeping only the coloured tokens", "只保留着色的词元"),
    "faith.keeping.random": ("keeping random ones", "只保留随机的词元"),
    "faith.where": ("{where}, {action}", "{where}，{action}"),
    "faith.rows": ("on these rows", "在这些样本上"),
    "faith.some-rows": ("on {count} of these rows", "在其中 {count} 条样本上"),
    "faith.of": (" of {name}", "类别 {name} 的"),
    "faith.of-prediction": (" of the prediction", "预测类别的"),
    "faith.lowers": (
        "{action} lowers the probability{whose} by {by}",
        "{action}，{whose}概率下降 {by}",
    ),
    "faith.keeps": ("{action} does not change the probability{whose}", "{action}，{whose}概率不变"),
    "faith.raises": (
        "{action} raises the probability{whose} by {by}",
        "{action}，{whose}概率上升 {by}",
    ),
    "faith.beside.lowers": ("{action} lowers it by {by}", "{action}，下降 {by}"),
    "faith.beside.keeps": ("{action} does not change it", "{action}，则不变"),
    "faith.beside.raises": ("{action} raises it by {by}", "{action}，上升 {by}"),
    "faith.too.lowers": ("{action}, by {by}", "{action}，下降 {by}"),
    "faith.too.keeps": ("{action} does not either", "{action}，也不变"),
    "faith.too.raises": ("{action}, by {by}", "{action}，上升 {by}"),
    "faith.both": ("{own}; {other}", "{own}；{other}"),
    "sentence": ("{said}.", "{said}。"),
    "between-sentences": (" ", ""),
    "open": (" (", "（"),
    "close": (")", "）"),
    "stop": (".", "。"),
    "list": (", ", "、"),
    "clauses": ("; ", "；"),
    "faith.title": (
        Plural("Faithfulness on {count} text", "Faithfulness on {count} texts"),
        "{count} 个文本上的忠实度",
    ),
    "faith.method": ("method", "方法"),
    "faith.comprehensiveness": ("comprehensiveness", "全面性"),
    "faith.sufficiency": ("sufficiency", "充分性"),
    "faith.note": (
        "By how much the probability of the explained class falls: comprehensiveness, when the "
        "tokens with the highest values are removed (higher is better); sufficiency, when only "
        "they are kept (lower is better).",
        "所解释类别的概率下降多少：全面性，去掉数值最高的词元时（越高越好）；充分性，"
        "只保留这些词元时（越低越好）。",
    ),
    "faith.none": (
        "{name}: not measured; no text has tokens.",
        "{name}：未测量；没有含词元的文本。",
    ),
    "faith.one": (
        "{name}: {said}. One text is not enough to judge the method.",
        "{name}：{said}。一个文本不足以评判方法。",
    ),
    "faith.better": (
        "{name}: {said}. Better than random on these texts.",
        "{name}：{said}。在这些文本上优于随机。",
    ),
    "faith.no-better": (
        "{name}: {said}. No better than random on these texts: do not read it as a reason.",
        "{name}：{said}。在这些文本上并不优于随机：不要把它当作理由。",
    ),
    "interval": ("{mean} ({low} to {high})", "{mean}（{low} 至 {high}）"),
}
