"""In a whole model: vectors, token weights, prompts, empty texts, half precision, pictures."""

import numpy as np
import pytest
from tests.integrations.sentence_transformers.cases import (
    HEADS,
    SentenceTransformer,
    Transformer,
    flat,
    torch,
    whole,
)

import attnpool
from attnpool import InputError
from attnpool.integrations.sentence_transformers import explain

TEXTS = ["a wonderful film", "the plot is boring , and lifeless !", "", "great"]


@HEADS
def test_vectors_have_the_width_of_all_heads(tiny, heads):
    model = whole(tiny, heads=heads)
    assert model.get_embedding_dimension() == 16 * heads
    vectors = model.encode(TEXTS)
    assert vectors.shape == (4, 16 * heads)
    assert np.isfinite(vectors).all()
    assert model.similarity(vectors, vectors).shape == (4, 4)
    assert model.encode(TEXTS, truncate_dim=8).shape == (4, 8)


@HEADS
def test_token_weights_come_out_of_encode(tiny, heads):
    model = whole(tiny, heads=heads)
    for batch in (1, 2, 4):
        found = model.encode(TEXTS, output_value=None, batch_size=batch)
        for text, one in zip(TEXTS, found, strict=True):
            tokens = len(model.tokenizer(text)["input_ids"])
            weights = one["token_weights"].reshape(heads, -1)
            torch.testing.assert_close(weights.sum(1), torch.ones(heads))
            assert not weights[:, tokens:].any()
            assert (weights[:, :tokens] > 0).all()


def test_a_batch_changes_nothing(tiny):
    model = whole(tiny, heads=2)
    alone = np.stack([model.encode(text) for text in TEXTS])
    np.testing.assert_allclose(model.encode(TEXTS), alone, atol=1e-5)


def test_an_excluded_prompt_has_no_weight(tiny):
    model = whole(tiny, include_prompt=False)
    (one,) = model.encode(["great film"], prompt="the movie is ", output_value=None)
    assert one["prompt_length"] == 4  # with [CLS]
    assert one["token_weights"][:4].tolist() == [0] * 4
    assert one["token_weights"][4:].sum() == pytest.approx(1)
    counted = whole(tiny).encode(["great film"], prompt="the movie is ", output_value=None)
    assert (counted[0]["token_weights"] > 0).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@HEADS
def test_half_precision_is_near_float32(minilm, heads, dtype):
    model = whole(minilm, heads=heads)
    expected = torch.tensor(model.encode(TEXTS))
    half = model.to(dtype)
    assert half.encode(TEXTS, convert_to_tensor=True).dtype == dtype
    near = torch.cosine_similarity(half.encode(TEXTS, convert_to_tensor=True).float(), expected)
    assert near.min() > 0.99
    mixed = SentenceTransformer(
        modules=[
            Transformer(minilm, model_kwargs={"dtype": dtype}),
            whole(minilm, heads=heads)[1],
        ],
        device="cpu",
    )
    near = torch.cosine_similarity(mixed.encode(TEXTS, convert_to_tensor=True).float(), expected)
    assert near.min() > 0.99


SENTENCE = "Überraschend good: the café's\u2003un­believably  nice 🐈 and 房间 clean!"


@HEADS
def test_tokens_of_a_picture_lie_in_the_raw_text(minilm, heads):
    model = whole(minilm, heads=heads)
    (one,) = explain(model, [SENTENCE])
    side = one.sides[0]
    assert side.text == SENTENCE
    assert side.read_until == len(SENTENCE)
    assert [SENTENCE[a:b] for a, b in side.spans][:4] == ["Über", "ras", "chen", "d"]
    covered = {i for a, b in side.spans for i in range(a, b)}
    assert {i for i, c in enumerate(SENTENCE) if not c.isspace() and c != "\xad"} <= covered
    (features,) = model.encode([SENTENCE], output_value=None)
    weights = features["token_weights"].reshape(heads, -1).double().numpy()[:, 1:-1]
    np.testing.assert_allclose(side.weights, weights, atol=1e-6)
    np.testing.assert_allclose(side.values, weights.mean(0), atol=1e-6)


def test_pictures_leave_the_prompt_out(minilm):
    model = whole(minilm, heads=2)
    (one,) = explain(model, ["good film"], prompt="query: ")
    assert [token.text for token in one.tokens[0]] == ["good", "film"]
    (features,) = model.encode(["good film"], prompt="query: ", output_value=None)
    weights = features["token_weights"].double().numpy()
    np.testing.assert_allclose(one.sides[0].weights, weights[:, 3:5], atol=1e-6)
    model.prompts, model.default_prompt_name = {"query": "query: "}, "query"
    (again,) = explain(model, ["good film"])
    np.testing.assert_array_equal(again.sides[0].weights, one.sides[0].weights)


def test_a_prompt_is_given_by_its_name(minilm):
    model = whole(minilm, heads=2)
    model.prompts = {"query": "query: ", "document": ""}
    (one,) = explain(model, ["good film"], prompt_name="query")
    (features,) = model.encode(["good film"], prompt_name="query", output_value=None)
    weights = features["token_weights"].double().numpy()
    np.testing.assert_allclose(one.sides[0].weights, weights[:, 3:5], atol=1e-6)
    model.default_prompt_name = "query"
    (bare,) = explain(model, ["good film"], prompt_name="document")
    (empty,) = explain(model, ["good film"], prompt="")
    np.testing.assert_array_equal(bare.sides[0].weights, empty.sides[0].weights)
    assert not np.array_equal(bare.sides[0].weights, one.sides[0].weights)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"prompt_name": "quer"}, "no prompt of the name 'quer'; its prompts: 'query'"),
        ({"prompt": "", "prompt_name": "query"}, "are both given; give one of them"),
    ],
)
def test_a_prompt_that_cannot_be_meant_is_one_line(tiny, given, said):
    model = whole(tiny)
    model.prompts = {"document": "", "query": "the "}
    with pytest.raises(InputError, match=said) as error:
        explain(model, ["great"], **given)
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"prompt": 3}, "prompt is int, not a string"),
        ({"prompt_name": 3}, "no prompt of the name '3'"),
        ({"prompt_name": ["query"]}, "no prompt of the name"),
    ],
)
def test_a_prompt_is_a_string(tiny, given, said):
    with pytest.raises(InputError, match=said):
        explain(whole(tiny), ["great"], **given)


def test_a_text_that_was_cut_says_where(tiny):
    model = whole(tiny)
    text = "the plot is boring and " * 5
    (one,) = explain(model, [text])
    assert len(one.tokens[0]) == 14
    assert text[: one.sides[0].read_until].endswith("the plot is boring")
    assert one.sides[0].read_until < len(text)


def test_every_text_has_a_picture_the_empty_one_too(minilm):
    model = whole(minilm, heads=2)
    texts = ["A good film.", "", " \n", "<script>alert(1)</script>"]
    page = attnpool.render(explain(model, texts))
    assert "<script>alert(1)" not in page
    assert "&lt;" in page
    assert explain(model, []) == []


def test_what_cannot_be_explained_is_told(tiny, minilm):
    with pytest.raises(InputError, match="texts is one string; give a list"):
        explain(whole(tiny), "great film")
    with pytest.raises(InputError, match=r"texts\[1\] is int, not a string"):
        explain(whole(tiny), ["great", 3])
    mean = SentenceTransformer(minilm, device="cpu")
    with pytest.raises(InputError, match="no token_weights; give one with AttentionPooling"):
        explain(mean, ["great film"])


class Flat(torch.nn.Module):
    """Hands a batch on as a transformer with flash attention does."""

    def forward(self, features):
        mask = features["attention_mask"]
        ids = features["input_ids"][mask.bool()].unsqueeze(0)
        return {"input_ids": ids, **flat(features["token_embeddings"], mask)}


@HEADS
def test_flat_batches_in_a_whole_model(tiny, heads):
    padded = whole(tiny, heads=heads)
    model = SentenceTransformer(modules=[padded[0], Flat(), padded[1]], device="cpu")
    np.testing.assert_allclose(model.encode(TEXTS), padded.encode(TEXTS), atol=1e-5)
    for text, one in zip(TEXTS, model.encode(TEXTS, output_value=None), strict=True):
        tokens = len(model.tokenizer(text)["input_ids"])
        weights = one["token_weights"].reshape(heads, -1)
        torch.testing.assert_close(weights[:, :tokens].sum(1), torch.ones(heads))
        assert not weights[:, tokens:].any()
    for got, wanted in zip(explain(model, TEXTS), explain(padded, TEXTS), strict=True):
        np.testing.assert_array_equal(got.sides[0].spans, wanted.sides[0].spans)
        np.testing.assert_allclose(got.sides[0].weights, wanted.sides[0].weights, atol=1e-6)


def test_a_lone_surrogate_is_drawn_as_unknown(tiny):
    (one,) = explain(whole(tiny), ["great \ud800 film"])
    assert one.sides[0].spans.tolist() == [[0, 5], [6, 7], [8, 12]]
    assert [token.text for token in one.tokens[0]] == ["great", "\ufffd", "film"]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("model", ["model", None, torch.nn.Linear(1, 1)])
def test_what_is_no_model_is_told(model):
    with pytest.raises(InputError, match=r"^the model is \w+; give a SentenceTransformer"):
        explain(model, ["x"])
