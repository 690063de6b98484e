import numpy as np
import pytest
import torch
from tests.rounding import assert_close

from attnpool.models.config import EncoderConfig, MatcherConfig
from attnpool.models.label import Labels
from attnpool.models.losses import label_loss, triplet_loss, verdict_loss
from attnpool.models.predict import item_lengths, predict_batches, side_rows
from attnpool.models.registry import MATCHERS
from attnpool.models.tensors import TensorBatches
from attnpool.text import CharTokenizer

PAIRS = ["siamese", "interaction", "alignment", "triplet"]
TEXTS = ["这间房很干净", "", "差", "很干净的一间房", "干净", "这间房不大，但是很安静"]


def matcher(architecture, heads=1, **shape):
    torch.manual_seed(0)
    encoder = EncoderConfig(vocabulary=40, **{"dim": 8, "kernel_sizes": (2, 3), **shape})
    config = MatcherConfig(
        encoder, architecture, heads=heads, attention_dim=4, head_dim=6, classes=2
    )
    model = MATCHERS[architecture](config).eval()
    for name, weights in model.named_parameters():
        if "bias" in name:
            torch.nn.init.normal_(weights)
    return model


@pytest.fixture
def tokens():
    return CharTokenizer.train(TEXTS, min_frequency=1).encode(TEXTS)


@pytest.mark.parametrize("architecture", PAIRS)
def test_a_pair_does_not_depend_on_its_batch(architecture, tokens):
    model = matcher(architecture)
    together = predict_batches(model, tokens, weights=True)
    assert together.logits.shape == (3, 2)
    assert np.isfinite(together.logits).all()
    for item in range(3):
        rows = np.array([item, item + 3])
        width = max(1, tokens.lengths[rows].max())
        ids = np.zeros((2, width), dtype=np.int64)
        for side, row in enumerate(rows):
            part = tokens.ids[tokens.bounds[row] : tokens.bounds[row + 1]]
            ids[side, : len(part)] = part
        ids = torch.from_numpy(ids)
        alone = model(ids, ids > 0)
        torch.testing.assert_close(torch.from_numpy(together.logits[item : item + 1]), alone.logits)
        for side, row in enumerate(rows):
            part = torch.from_numpy(together.weights[tokens.bounds[row] : tokens.bounds[row + 1]])
            torch.testing.assert_close(part.T, alone.weights[side][:, : len(part)])


@pytest.mark.parametrize("architecture", PAIRS)
def test_weights_of_each_text_sum_to_one(architecture, tokens):
    weights = predict_batches(matcher(architecture), tokens, weights=True).weights
    for start, end in zip(tokens.bounds, tokens.bounds[1:], strict=False):
        assert weights[start:end].sum() == pytest.approx(float(end > start), abs=1e-5)


def test_alignment_rows_sum_to_one_and_equal_tokens_find_each_other(tokens):
    torch.manual_seed(0)
    found = predict_batches(
        matcher("alignment", dim=64, kernel_sizes=()), tokens, weights=True
    ).alignments
    assert [a.shape for a in found] == [(6, 7), (0, 2), (1, 11)]
    np.testing.assert_allclose(found[0].sum(axis=1), 1, atol=1e-5)
    left, right = TEXTS[0], TEXTS[3]
    for i, sign in enumerate(left):
        if right.count(sign) == 1:
            assert right[found[0][i].argmax()] == sign


def test_only_alignment_aligns(tokens):
    assert predict_batches(matcher("siamese"), tokens, weights=True).alignments is None


@pytest.mark.parametrize("architecture", PAIRS)
def test_empty_pairs_have_finite_answers_and_gradients(architecture):
    model = matcher(architecture)
    ids = torch.zeros(4, 3, dtype=torch.int64)
    logits = model(ids, ids > 0).logits
    logits.sum().backward()
    assert logits.isfinite().all()
    assert all(p.grad is None or p.grad.isfinite().all() for p in model.parameters())


def test_interaction_asks_the_other_side(tokens):
    model = matcher("interaction")
    ids = torch.tensor([[2, 3, 4], [5, 6, 7]])
    other = torch.tensor([[2, 3, 4], [8, 9, 10]])
    mask = ids > 0
    here, there = model(ids, mask).weights, model(other, mask).weights
    assert not torch.allclose(here[0], there[0])


def test_siamese_sides_do_not_know_of_each_other():
    model = matcher("siamese")
    ids, other = torch.tensor([[2, 3, 4], [5, 6, 7]]), torch.tensor([[2, 3, 4], [8, 9, 10]])
    mask = ids > 0
    assert torch.equal(model(ids, mask).weights[0], model(other, mask).weights[0])


def test_labels_are_ranked_whatever_their_number(tokens):
    model = matcher("label", heads=2)
    names = CharTokenizer.train(TEXTS, min_frequency=1).encode(["干净", "差", "安静"])
    model.labels = Labels(*TensorBatches(model.encoder, names)(np.arange(len(names))))
    three = predict_batches(model, tokens).logits
    model.labels = Labels(*(part[:2] for part in model.labels[:2]))
    two = predict_batches(model, tokens).logits
    assert (three.shape, two.shape) == ((6, 3), (6, 2))
    assert_close(three[:, :2], two, additions=3 * 8 + 11)


def test_side_rows_and_lengths(tokens):
    assert side_rows(np.array([2, 0]), 3, 2).tolist() == [2, 0, 5, 3]
    assert item_lengths(tokens, 2).tolist() == [7, 2, 11]


def dot(u, v):
    return (u * v).sum(-1)


def test_verdict_loss_is_the_cross_entropy_of_yes_and_no():
    likely, unlikely = torch.tensor([2.0, 0.0]), torch.tensor([-1.0, 3.0])
    expected = -(likely.sigmoid().log().mean() + (1 - unlikely.sigmoid()).log().mean())
    assert verdict_loss(likely, unlikely).item() == pytest.approx(expected.item())


def test_triplet_loss_by_hand():
    # Anchor and positive 1.0 alike, the own negative 0.5: margin 0.8 leaves 0.3.
    vectors = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.5, 0.0]])
    groups = torch.tensor([0, 0, 1])
    assert triplet_loss(dot, vectors, groups, 0.8, "given").item() == pytest.approx(0.3)
    # In the batch there is but that one negative, so the term counts twice.
    assert triplet_loss(dot, vectors, groups, 0.8, "semi_hard").item() == pytest.approx(0.6)
    assert triplet_loss(dot, vectors, groups, 0.8, "in_batch").item() == pytest.approx(0.6)


def test_a_text_of_the_anchors_group_is_never_a_negative():
    vectors = torch.tensor([[1.0, 0], [1.0, 0], [1.0, 0], [0.9, 0], [0.0, 1], [0.0, 1]])
    one_group = torch.zeros(6, dtype=torch.int64)
    for negatives in ("semi_hard", "in_batch"):
        only_own = triplet_loss(dot, vectors, one_group, 0.1, "given")
        assert triplet_loss(dot, vectors, one_group, 0.1, negatives) == only_own


def test_semi_hard_takes_the_nearest_beyond_the_positive():
    # Anchor 0 and its positive: 0.6. Others of the batch: 0.9 (nearer: no), 0.5 (taken), 0.1.
    vectors = torch.tensor([[1.0, 0], [0, 1.0], [0.6, 0], [0.5, 1.0], [0.1, 0], [0.9, 0]])
    groups = torch.tensor([0, 1, 0, 1, 2, 3])
    own = triplet_loss(dot, vectors, groups, 0.2, "given")
    both = triplet_loss(dot, vectors, groups, 0.2, "semi_hard")
    # Anchor 0: 0.5 - 0.6 + 0.2; anchor 1 (positive at 1.0): 0 is the nearest, 0 - 1 + 0.2 < 0.
    assert (both - own).item() == pytest.approx(0.05)


def test_label_loss_with_drawn_labels_is_no_more_than_over_all():
    torch.manual_seed(0)
    logits, classes = torch.randn(50, 10), torch.randint(10, (50,))
    whole = label_loss(logits, classes)
    drawn = label_loss(logits, classes, n_negatives=1)
    assert 0 < drawn < whole
    torch.testing.assert_close(label_loss(logits, classes, n_negatives=9), whole)
