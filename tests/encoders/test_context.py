"""States are those of the encoder itself; long texts are read in windows."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnpool.encoders.opening import open_encoder
from attnpool.encoders.pretrained import PretrainedEncoder
from attnpool.models.context import Windows, train_last
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import starts

from .conftest import SPECIAL_OF_ROBERTA, tiny_encoder


def states_of(folder, texts):
    """The states of the tokens of each text, all in one batch."""
    encoder = PretrainedEncoder(open_encoder(folder))
    built = encoder.build(encoder.config).eval()
    tokens = encoder.tokenizer.encode(texts)
    with torch.inference_mode():
        states = built(*TensorBatches(built, tokens)(np.arange(len(texts))))
    return [of[:n].numpy() for of, n in zip(states, tokens.lengths.tolist(), strict=True)], tokens


ROBERTA = {"special": SPECIAL_OF_ROBERTA, "max_position_embeddings": 18}
FAMILIES = {
    "roberta": ROBERTA,
    "xlm-roberta": ROBERTA,
    "camembert": ROBERTA,
    "mpnet": ROBERTA,
    "electra": {"embedding_size": 8},
    "albert": {"embedding_size": 8},
    "distilbert": {"dim": 16, "hidden_dim": 24, "n_layers": 2, "n_heads": 2},
    "mobilebert": {"intra_bottleneck_size": 16, "embedding_size": 8},
    "modernbert": {"local_attention": 6},
    "deberta-v2": {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
    "t5": {"d_model": 16, "d_kv": 8, "d_ff": 24, "num_layers": 2, "num_heads": 2},
    "qwen3": {"num_key_value_heads": 1, "head_dim": 8},
}


@pytest.mark.parametrize("which", ["tiny", "minilm", *FAMILIES])
def test_states_and_spans_are_those_of_the_encoder(which, request, tmp_path):
    """Of those too whose padding is not id 0."""
    if which in FAMILIES:
        folder = tiny_encoder(tmp_path, which, **FAMILIES[which])
    else:
        folder = request.getfixturevalue(which)
    texts = ["A wonderful film !", "dull", "", "great acting , lifeless plot"]
    states, tokens = states_of(folder, texts)
    opened = open_encoder(folder)
    for row, text in enumerate(texts):
        own = opened.tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
        offsets = own.pop("offset_mapping")[0, 1:-1].tolist()
        with torch.inference_mode():
            theirs = opened.model(**own).last_hidden_state[0, 1:-1].numpy()
        first, last = tokens.bounds[row : row + 2]
        assert tokens.spans[first:last].tolist() == offsets
        np.testing.assert_allclose(
            states[row], theirs, atol=1e-5 * max(1, np.abs(theirs).max(initial=0))
        )


def test_a_text_is_read_alike_in_any_company(tiny):
    texts = ["great film", "the plot is dull " * 9, "", "acting"]
    together, _ = states_of(tiny, texts)
    for text, states in zip(texts, together, strict=True):
        np.testing.assert_allclose(states_of(tiny, [text])[0][0], states, atol=1e-4)


def test_windows_of_a_long_text_read_what_the_encoder_reads(tiny):
    """Each token has the state of a window that is a text of its own."""
    text = " ".join(["great film", "dull plot", "a wonderful acting", "the movie is boring"] * 4)
    (states,), tokens = states_of(tiny, [text])
    words = [text[a:b] for a, b in tokens.spans.tolist()]
    content = 14
    for start in starts(len(words), content):
        (alone,), _ = states_of(tiny, [" ".join(words[start : start + content])])
        middle = content // 2
        np.testing.assert_allclose(alone[middle], states[start + middle], atol=1e-4)


@pytest.mark.parametrize("hidden", [1, 3, 20])
def test_hidden_tokens_at_the_end_of_all_texts_are_not_read(tiny, hidden):
    """As training with masks hides them; of long texts too."""
    encoder = PretrainedEncoder(open_encoder(tiny))
    built = encoder.build(encoder.config).eval()
    texts = ["great film " * 12, "dull " * 23, "acting"]
    ids, mask, _ = TensorBatches(built, encoder.tokenizer.encode(texts))(np.arange(3))
    ids, mask = (torch.cat([one, one.new_zeros(3, 2)], 1) for one in (ids, mask))
    kept = ids.shape[1] - hidden
    mask[:, kept:] = False
    with torch.inference_mode():
        states = built(ids, mask)
        alone = built(ids[:, :kept], mask[:, :kept])
    np.testing.assert_allclose(states[:, :kept], alone, atol=1e-5)
    assert not states[:, kept:].any()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(1, 13), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_windows_hold_every_token_once_and_in_order(lengths, content, special):
    lengths = np.array(lengths)
    if not lengths.any():
        lengths[0] = 1
    before = special // 2
    windows = Windows.of(lengths, content, before, special)
    steps = int(lengths.max())
    assert windows.places.shape[1] <= content + special
    for text, length in enumerate(lengths.tolist()):
        for token in range(length):
            window, step = int(windows.window[text, token]), int(windows.step[text, token])
            assert int(windows.text[window]) == text
            assert int(windows.places[window, step]) == token
    for row in windows.places.tolist():
        own = [place for place in row if place < steps]
        assert own == list(range(own[0], own[0] + len(own))) if own else True
        assert [p for p in row if steps <= p < steps + special] == list(
            range(steps, steps + special)
        )


@pytest.mark.parametrize("length", [1, 14, 15, 20, 29, 500])
def test_windows_overlap_and_reach_the_end(length):
    begins = starts(length, 14)
    assert begins[0] == 0
    assert begins[-1] + 14 >= length
    assert all(b - a <= 11 for a, b in pairwise(begins))


def test_the_last_layers_alone_are_trained(tiny):
    model = open_encoder(tiny).model
    train_last(model, 1)
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert trained
    assert all(name.startswith("encoder.layer.1.") for name in trained)
    train_last(model, -1)
    assert all(weight.requires_grad for weight in model.parameters())
    train_last(model, 0)
    assert not any(weight.requires_grad for weight in model.parameters())
