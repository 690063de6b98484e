"""Values of spaCy's tokens: those of the model's, by characters; nothing is lost or made up."""

import numpy as np
import pytest
from tests.integrations.spacy.cases import TEXTS, pipeline, spacy

import attnpool
from attnpool import Explanation, InputError
from attnpool.integrations.spacy.values import annotate, register

from spacy.tokens import Doc, Span, Token  # isort: skip


def values(doc):
    return [token._.attnpool_value for token in doc]


@pytest.fixture
def blank():
    register("attnpool")
    return spacy.blank("en")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["compact.safetensors", "words"])
@pytest.mark.parametrize("method", ["contribution", "attention"])
def test_they_add_up_to_those_of_the_explanation(models, kind, lang, method):
    nlp = pipeline(models / kind, lang, method=method)
    for doc in nlp.pipe(TEXTS[lang]):
        total = float(doc._.attnpool_explanation.sides[0].values.astype(np.float64).sum())
        assert sum(values(doc)) == pytest.approx(total, abs=1e-9)
        assert doc[:]._.attnpool_value == pytest.approx(total, abs=1e-9)


def test_equal_tokens_have_equal_values(models):
    doc = pipeline(models / "compact.safetensors")("房间很干净")
    assert values(doc) == doc._.attnpool_explanation.sides[0].values.tolist()


@pytest.mark.parametrize(
    ("spans", "numbers", "expected"),
    [
        ([(0, 2), (3, 5), (6, 8)], [1, 2, 4], [1, 2, 4]),
        ([(0, 8)], [8], [3, 3, 2]),  # the blank is that of the token before it
        ([(0, 1), (1, 2), (3, 8)], [1, 2, 5], [3, 3, 2]),
        ([(2, 3)], [1], [1, 0, 0]),
        ([(0, 2), (0, 2), (1, 4)], [1, 2, 3], [5, 1, 0]),  # bytes of one character overlap
        ([(3, 3), (8, 8)], [1, 2], [0, 1, 2]),  # without width
        ([], [], [0, 0, 0]),
    ],
)
def test_by_characters(blank, spans, numbers, expected):
    doc = blank("ab cd ef")
    annotate(doc, Explanation.from_values(doc.text, spans, numbers, method="mine"), "attnpool")
    assert values(doc) == pytest.approx(expected)
    assert doc[1:]._.attnpool_value == pytest.approx(sum(expected[1:]))
    assert doc[1:1]._.attnpool_value == 0


def test_an_empty_text(blank):
    doc = blank("")
    annotate(doc, Explanation.from_values("", [], []), "attnpool")
    assert doc[:]._.attnpool_value == 0


def test_words_with_blanks_of_their_own(models):
    nlp = pipeline(models / "compact.safetensors")
    doc = nlp(Doc(nlp.vocab, words=["房间", "很", "干净"], spaces=[True, False, False]))
    explanation = doc._.attnpool_explanation
    assert explanation.texts == ["房间 很干净"]
    first, second, third, *rest = explanation.sides[0].values.tolist()
    assert values(doc) == pytest.approx([first + second, third, sum(rest)])


def test_tokens_that_are_merged_and_split_later(models):
    doc = pipeline(models / "compact.safetensors", "en")("a wonderful film")
    before = values(doc)
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    assert values(doc) == pytest.approx([before[0] + before[1], before[2]])
    with doc.retokenize() as retokenizer:
        retokenizer.split(doc[1], ["fi", "lm"], heads=[doc[0], doc[0]])
    assert values(doc)[0] == pytest.approx(before[0] + before[1])
    assert sum(values(doc)) == pytest.approx(sum(before))


def test_without_an_explanation(blank, models):
    assert values(blank("a b")) == [None, None]
    assert blank("a b")._.attnpool_explanation is None
    doc = pipeline(models / "compact.safetensors")("房间很干净")
    for part in (doc[1:3].as_doc(), doc[1:3].as_doc(copy_user_data=True)):
        assert values(part) == [None, None]


def is_without(doc):
    assert doc._.attnpool_explanation is None
    assert values(doc) == [None] * len(doc)
    assert doc[:]._.attnpool_value is None
    return True


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize(
    "text", ["房间很脏，干净", "房间很干净！", "房间", "", "房间很干净，但是隔音太差"]
)
def test_an_explanation_of_another_text_is_none(models, text, stored):
    nlp = pipeline(models / "compact.safetensors")
    doc = nlp("房间很干净")
    if stored:
        doc = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    before, other = values(Doc(nlp.vocab).from_bytes(doc.to_bytes())), nlp.make_doc(text)
    other.user_data = doc.user_data  # the same, not a copy
    assert is_without(other)
    assert values(doc) == before  # which still has its own
    assert is_without(other)
    same = nlp.make_doc("房间很干净")
    same.user_data = doc.user_data
    assert values(same) == before


def test_an_explanation_of_a_pair_is_none(blank, models):
    doc = blank("房间")
    matcher = attnpool.load(models / "matcher.safetensors")
    annotate(doc, matcher.explain([("房间", "房间")])[0], "attnpool")
    assert is_without(doc)


def test_a_text_is_compared_once_and_not_for_each_token(models, monkeypatch):
    doc, compared = pipeline(models / "compact.safetensors")("房间很干净"), []
    texts = Explanation.texts.fget
    monkeypatch.setattr(
        Explanation, "texts", property(lambda self: compared.append(self) or texts(self))
    )
    assert None not in values(doc)
    assert len(doc) == 5
    assert len(compared) == 1


@pytest.mark.parametrize("kind", [Doc, Token, Span])
def test_names_of_others_are_not_taken_over(kind, models):
    name = "theirs_explanation" if kind is Doc else "theirs_value"
    kind.set_extension(name, default=1)
    try:
        with pytest.raises(InputError, match="is in use by another library; give another prefix"):
            pipeline(models / "compact.safetensors", prefix="theirs")
        assert kind.get_extension(name)[0] == 1
    finally:
        for one in (Doc, Token, Span):
            for mine in ("theirs_explanation", "theirs_value"):
                if one.has_extension(mine):
                    one.remove_extension(mine)


def test_two_components(models):
    nlp, config = pipeline(models / "compact.safetensors"), {"model": str(models / "numbers")}
    with pytest.raises(InputError, match="prefix 'attnpool' is that of the component"):
        nlp.add_pipe("attnpool", name="second", config=config)
    nlp.add_pipe("attnpool", name="second", config={**config, "prefix": "second"})
    doc = nlp("房间干净")
    assert doc.cats.keys() == {"好", "差", "0", "1"}
    assert doc._.attnpool_explanation.labels != doc._.second_explanation.labels
    assert doc[0]._.second_value == doc._.second_explanation.sides[0].values[0]
