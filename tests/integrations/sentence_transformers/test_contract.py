"""The module keeps the contract of `attnpool.pooling`, whose layers it is made of."""

import pytest
from tests.integrations.sentence_transformers.cases import (
    DIM,
    DTYPES,
    HEADS,
    LEFT,
    MASK,
    AttentionPooling,
    Pooling,
    even,
    flat,
    module,
    states,
    torch,
)

from attnpool import InputError, pooling

SUMS = {torch.float16: 4e-3, torch.bfloat16: 3e-2, torch.float32: 1e-6, torch.float64: 1e-12}
ROWS = pytest.mark.parametrize("mask", [MASK, LEFT], ids=["right", "left"])


def pooled(made, x, mask=None, **more):
    features = {"token_embeddings": x, **more}
    found = made(features if mask is None else {**features, "attention_mask": mask})
    return found["sentence_embedding"], found["token_weights"]


@pytest.mark.parametrize("dtype", DTYPES)
@HEADS
@ROWS
def test_weights_are_0_on_padding_and_sum_to_1(heads, mask, dtype):
    vector, weights = pooled(module(heads, dtype), states(dtype), mask)
    assert vector.dtype == weights.dtype == dtype
    assert vector.shape == (3, heads * DIM)
    assert weights.shape == ((3, 6) if heads == 1 else (3, heads, 6))
    real = mask.bool() if heads == 1 else mask.bool().unsqueeze(1).expand(-1, heads, -1)
    assert (weights[~real] == 0).all()
    assert (weights >= 0).all()
    torch.testing.assert_close(
        weights.sum(-1).double(), torch.ones(weights.shape[:-1]).double(), atol=SUMS[dtype], rtol=0
    )


@pytest.mark.parametrize("normalizer", ["softmax", "sparsemax", "entmax15"])
@HEADS
@ROWS
def test_it_equals_the_layer(heads, mask, normalizer):
    made = module(heads, attention_dim=4, normalizer=normalizer)
    sizes = (DIM, 4) if heads == 1 else (DIM, heads, 4)
    kind = pooling.AttentionPooling1D if heads == 1 else pooling.MultiHeadAttentionPooling1D
    layer = kind(*sizes, normalizer=normalizer)
    layer.load_state_dict(made.pool.state_dict())
    expected = layer(states(), mask.bool())
    for got, wanted in zip(pooled(made, states(), mask), expected, strict=True):
        assert torch.equal(got, wanted)


@pytest.mark.parametrize("dtype", DTYPES)
@HEADS
def test_an_empty_row_is_zero_with_zero_gradients(heads, dtype):
    made, mask = module(heads, dtype), MASK.clone()
    mask[1] = 0
    x = states(dtype).requires_grad_()
    vector, weights = pooled(made, x, mask)
    assert not vector[1].any()
    assert not weights[1].any()
    vector.square().sum().backward()
    assert not x.grad[1].any()
    assert x.grad[0].any()
    assert all(part.grad.isfinite().all() for part in (x, *made.parameters()))


@pytest.mark.parametrize("junk", [float("nan"), float("inf"), 3e38])
@HEADS
def test_padding_cannot_be_felt(heads, junk):
    made, x = module(heads), states()
    dirty = x.masked_fill(~MASK.bool().unsqueeze(2), junk)
    for got, clean in zip(pooled(made, dirty, MASK), pooled(made, x, MASK), strict=True):
        assert torch.equal(got, clean)


@HEADS
def test_features_are_kept_and_not_changed(heads):
    x, mask = states(), MASK.clone()
    features = {
        "token_embeddings": x,
        "attention_mask": mask,
        "prompt_length": 2,
        "modality": "text",
    }
    before = dict(features)
    found = module(heads, include_prompt=False)(features)
    assert features == before
    assert torch.equal(mask, MASK)
    assert torch.equal(x, states())
    assert {*found} == {*features, "sentence_embedding", "token_weights"}


@HEADS
def test_a_mask_of_other_tokens_is_none_as_in_their_pooling(heads):
    alone = pooled(module(heads), states())
    for got, wanted in zip(pooled(module(heads), states(), MASK[:, :4]), alone, strict=True):
        assert torch.equal(got, wanted)
    mean, _ = pooled(even(), states(), MASK[:, :4])
    torch.testing.assert_close(mean, states().mean(1))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@HEADS
def test_a_half_transformer_before_a_module_in_float32(heads, dtype):
    vector, weights = pooled(module(heads), states(dtype), MASK)
    assert vector.dtype == weights.dtype == dtype
    expected = pooled(module(heads), states(dtype).float(), MASK)
    torch.testing.assert_close(vector, expected[0].to(dtype))
    torch.testing.assert_close(weights, expected[1].to(dtype))


@HEADS
def test_autocast_trains_it(heads):
    made = module(heads)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vector, weights = pooled(made, states(torch.bfloat16), MASK)
    vector.float().square().sum().backward()
    assert all(part.grad.any() and part.grad.isfinite().all() for part in made.parameters())
    assert not weights.detach()[..., 1, 3:].any() if heads == 1 else True


LENGTHS = [None, 0, 2, torch.tensor([2]), torch.tensor([2, 2, 2])]


@pytest.mark.parametrize("length", LENGTHS, ids=str)
@pytest.mark.parametrize("include_prompt", [True, False])
@ROWS
def test_prompts_are_treated_as_their_pooling_treats_them(mask, include_prompt, length):
    more = {} if length is None else {"prompt_length": length}
    theirs = Pooling(DIM, "mean", include_prompt=include_prompt)
    features = {"token_embeddings": states(), "attention_mask": mask.clone(), **more}
    expected = theirs(features)["sentence_embedding"]
    vector, _ = pooled(even(include_prompt=include_prompt), states(), mask, **more)
    torch.testing.assert_close(vector, expected)


@pytest.mark.parametrize("length", LENGTHS, ids=str)
@pytest.mark.parametrize("include_prompt", [True, False])
def test_flat_batches_are_treated_as_their_pooling_treats_them(include_prompt, length):
    more = {} if length is None else {"prompt_length": length}
    theirs = Pooling(DIM, "mean", include_prompt=include_prompt)
    expected = theirs({**flat(states(), MASK), **more})["sentence_embedding"]
    found = even(include_prompt=include_prompt)({**flat(states(), MASK), **more})
    torch.testing.assert_close(found["sentence_embedding"], expected)


@pytest.mark.parametrize("dtype", DTYPES)
@HEADS
def test_a_flat_batch_gives_what_its_padded_form_gives(heads, dtype):
    made, x = module(heads, dtype), states(dtype)
    found = made(flat(x, MASK))
    for got, wanted in zip(
        (found["sentence_embedding"], found["token_weights"]), pooled(made, x, MASK), strict=True
    ):
        torch.testing.assert_close(got, wanted)
    assert not found["token_weights"][1, ..., 3:].any()


def test_gradients_of_a_flat_batch_are_those_of_its_padded_form():
    made, grads = module(3), []
    for form in ("flat", "padded"):
        x = states().requires_grad_()
        batch = flat(x, MASK) if form == "flat" else {"token_embeddings": x, "attention_mask": MASK}
        made(batch)["sentence_embedding"].square().sum().backward()
        grads.append(x.grad)
    assert grads[0].any()
    torch.testing.assert_close(*grads)


@HEADS
def test_a_text_that_is_all_prompt_is_zero(heads):
    made = module(heads, include_prompt=False)
    mask = MASK.clone()
    mask[1, 2:] = 0
    for batch in ({"token_embeddings": states(), "attention_mask": mask}, flat(states(), mask)):
        found = made({**batch, "prompt_length": 2})
        assert not found["sentence_embedding"][1].any()
        assert not found["token_weights"][1].any()
        assert found["sentence_embedding"][0].any()


@pytest.mark.parametrize(
    "sizes", [(0,), (5, 0), (5, 1, 0), (5.0,), (5, "2"), (True,), (5, True), (5, 1, True)]
)
def test_a_size_below_1_is_told(sizes, unchecked):
    with pytest.raises(InputError, match="must be at least 1"):
        AttentionPooling(*sizes)


def test_an_unknown_normalizer_is_told():
    with pytest.raises(InputError, match="max"):
        AttentionPooling(5, normalizer="hardmax")


@HEADS
def test_its_width_is_what_the_library_asks_for(heads):
    assert module(heads).get_embedding_dimension() == heads * DIM
    with pytest.warns(FutureWarning, match="get_embedding_dimension"):
        assert module(heads).get_sentence_embedding_dimension() == heads * DIM
