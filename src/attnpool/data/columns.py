"""The columns of the texts and of the label: named by the user, or recognised by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from attnpool.errors import InputError
from attnpool.sanitize import quoted, quoted_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# In order of preference: in a file with both a title and a content, the content is the text.
TEXT = (
    *("text", "review", "content", "sentence", "comment", "article", "body", "document"),
    *("message", "post", "tweet", "question", "title", "headline", "text_a"),
    *("文本", "评论", "评论内容", "评论文本", "评价内容", "内容", "正文", "文本内容", "句子"),
    *("点评", "点评内容", "评价", "反馈", "留言", "标题"),
)
# A score is the label only where no column is called one.
SCORES = (
    *("score", "scores", "stars", "star", "rating", "ratings", "rate"),
    *("评分", "打分", "得分", "星级", "评级"),
)
LABEL = (
    *("label", "labels", "gold_label", "class", "category", "sentiment", "target", "polarity"),
    *("emotion", "mood", "topic", "标签", "类别", "情感", "情感倾向", "情感极性", "分类"),
    *SCORES,
)
# Numbers in columns whose names contain one of these are ids, in no order.
CATEGORIES = (
    *("class", "categor", "topic", "emotion", "mood"),
    *("类别", "类型", "分类", "主题", "话题", "情绪"),
)
PAIRS = (
    *(("text_a", "text_b"), ("text1", "text2"), ("text_1", "text_2"), ("texta", "textb")),
    *(("sentence1", "sentence2"), ("sentence_1", "sentence_2"), ("sentence_a", "sentence_b")),
    *(("question1", "question2"), ("question_1", "question_2"), ("question_a", "question_b")),
    *(("s1", "s2"), ("q1", "q2"), ("premise", "hypothesis"), ("premise", "hypo")),
)
NUMBERING = ("", "id", "idx", "index", "no", "qid", "guid", "编号", "序号")
KNOWN = frozenset((*TEXT, *LABEL, *NUMBERING, *(name for pair in PAIRS for name in pair)))


@dataclass(frozen=True, slots=True)
class Columns:
    """The positions of the columns in a row.

    Attributes:
        text: One position per text.
        label: The position of the label; None if there is none.
        text_names: The name of each text column, for messages; "" in a file without header.
        label_name: The name of the label column, likewise.
    """

    text: tuple[int, ...]
    label: int | None
    text_names: tuple[str, ...]
    label_name: str = ""

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the texts, then of the label if there is one."""
        return self.text if self.label is None else (*self.text, self.label)


def is_header(first: Sequence[str]) -> bool:
    """Whether a first row is a header: it names a label, or all its names are known."""
    return any(name.strip().casefold() in LABEL for name in first) or all(map(is_known, first))


def is_known(name: str) -> bool:
    """Whether columns usually have this name."""
    return name.strip().casefold() in KNOWN


def find_columns(
    names: Sequence[str],
    file: str,
    *,
    text: Sequence[str] = (),
    label: str | None = None,
    labelled: bool = True,
    count: int | None = None,
    hint: Callable[[], str] = str,
) -> Columns:
    """The columns of a file with a header.

    Args:
        names: The header.
        file: The file as the user named it.
        text: Text columns the user named; recognised if empty.
        label: The label column the user named; recognised if None.
        labelled: Whether there must be a label.
        count: The number of text columns to recognise; None for one or two.
        hint: Returns further advice for the message about a header that is not recognised;
            the default returns none.

    Raises:
        InputError: If there are no columns, or one does not exist, is not recognised or exists
            twice.
    """
    if not names:
        raise InputError(f"{file}: no columns in it; give a file with a column of texts")
    header = names
    names = [name.strip() for name in names]
    if label is not None:
        place = _named_label(names, label, file, text, needed=labelled, hint=hint)
    else:
        place = _recognised(names, LABEL, file, taken=text)
    texts = [_named(names, name, file, "--text", hint) for name in text]
    if not texts:
        texts = _recognised_texts(names, file, place, count)
    if not texts and labelled and len(names) == 1:
        raise InputError(f"{file}: one column, so no labels; add a label to each text")
    if not texts:
        raise InputError(
            f"{file}: which column is the text? The first row is {quoted_list(names)}; "
            f"name columns with --text and --label, or the dataset with --dataset{hint()}"
        )
    score = label is None and place is not None and _is_similarity(names[place], texts)
    unused = not labelled and place in texts  # the label of other files is the text of this one
    if score or unused:
        place = None
    if place is None and labelled:
        others = _beside(names, [names[t] for t in texts])
        if not others:
            raise InputError(f"{file}: no column other than the text, so no labels; add them")
        raise InputError(
            f"{file}: which column is the label? Columns other than the text: "
            f"{quoted_list(others)}; name it with --label"
            f"{', and group scores with --label-map' * score}{hint()}"
        )
    if place in texts:
        raise InputError(
            f"{file}: the column {quoted(names[place or 0])} cannot be both a text and the label; "
            "name two with --text and --label"
        )
    label_name = "" if place is None else header[place]
    return Columns(tuple(texts), place, tuple(header[t] for t in texts), label_name)


def measured_label(
    file: str, header: Sequence[str], columns: Columns, values: Sequence[str]
) -> InputError:
    """The error for a column that was recognised as the label, but holds measurements."""
    names = [name.strip() for name in header]
    others = _beside(names, columns.text_names)
    return InputError(
        f"{file}: which column is the label? {quoted(columns.label_name.strip())} looks like a "
        f"measurement, with numbers such as {quoted(values[0])}; columns other than the text: "
        f"{quoted_list(others)}; name the label with --label"
    )


def _named(names: Sequence[str], name: str, file: str, option: str, hint: Callable[[], str]) -> int:
    if name.strip() in names:
        return place_of(names, name.strip(), file)
    raise InputError(
        f"{file}: no column {quoted(name)}; its columns are {quoted_list(names, near=name)}; "
        f"name one of them with {option}{_numbered(name, hint)}"
    )


def _named_label(
    names: Sequence[str],
    name: str,
    file: str,
    text: Sequence[str],
    *,
    needed: bool,
    hint: Callable[[], str],
) -> int | None:
    if name.strip() in names:
        return place_of(names, name.strip(), file)
    if not needed:
        return None
    found = [names[t] for t in _recognised_texts(names, file, None, None)]
    others = _beside(names, text or found)
    if not others:
        raise InputError(
            f"{file}: no column {quoted(name)} and no other than the text, so no labels; add them"
        )
    raise InputError(
        f"{file}: no column {quoted(name)}; columns other than the text: "
        f"{quoted_list(others, near=name)}; name the label with --label{_numbered(name, hint)}"
    )


def _numbered(name: str, hint: Callable[[], str]) -> str:
    """What to say of a number that was given for the name of a column."""
    if not name.strip().isdecimal():
        return ""
    return f"; numbers name columns only with --no-header{hint()}"


def _beside(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The columns that could be the label."""
    stripped = {text.strip() for text in texts}
    return [name for name in names if name not in stripped]


def _is_similarity(name: str, texts: Sequence[int]) -> bool:
    """Whether a column holds how similar two texts are: a number, and no class."""
    return len(texts) == 2 and name.casefold() in SCORES


def _recognised(
    names: Sequence[str], wanted: Sequence[str], file: str, taken: Sequence[str] = ()
) -> int | None:
    folded = ["" if name in taken else name.casefold() for name in names]
    name = next((name for name in wanted if name in folded), None)
    return None if name is None else place_of(folded, name, file)


def _recognised_texts(
    names: Sequence[str], file: str, label: int | None, count: int | None
) -> list[int]:
    names = ["" if place == label else name for place, name in enumerate(names)]
    folded = [name.casefold() for name in names]
    for pair in PAIRS if count != 1 else ():
        if all(name in folded for name in pair):
            return [place_of(folded, name, file) for name in pair]
    if count == 2:
        return []
    place = _recognised(names, TEXT, file)
    if place is None and label is not None:
        # `label,tweet_text`: the only column beside the label is the text, unless it has the
        # name of a label: then the user named the wrong column as the label.
        others = [place for place, name in enumerate(folded) if name not in (*NUMBERING, *LABEL)]
        place = others[0] if len(others) == 1 else None
    return [] if place is None else [place]


def place_of(names: Sequence[str], name: str, file: str) -> int:
    """The position of a name that is among the names.

    Raises:
        InputError: If the name occurs twice.
    """
    if names.count(name) > 1:
        raise InputError(
            f"{file}: {names.count(name)} columns are called {quoted(name)}; rename all but one"
        )
    return names.index(name)
