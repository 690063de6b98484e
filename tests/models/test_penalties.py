import pytest
import torch

from attnpool.models.penalties import class_evidence, evidence_gap, head_similarity


def test_head_similarity_of_like_and_unlike_heads():
    alike = torch.tensor([[[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]]])
    apart = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]])
    assert head_similarity(alike).item() == pytest.approx(1)
    assert head_similarity(apart).item() == pytest.approx(0, abs=1e-6)
    # Three heads, of which one pair of three is alike; and a text without tokens counts as 0.
    three = torch.tensor([[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0]] * 3])
    assert head_similarity(three).item() == pytest.approx(1 / 6)


def test_evidence_gap_is_least_where_attention_is_on_what_speaks_for_the_class():
    mask = torch.tensor([[True, True, True, False]])
    evidence = torch.tensor([[[3.0, -1.0, 0.0, 9.0]]])
    even = torch.tensor([[[1 / 3, 1 / 3, 1 / 3, 0.0]]])
    # Of 3, -1 and 0 the first alone speaks for the class.
    expected = -torch.log(torch.tensor(1 / 3))
    torch.testing.assert_close(evidence_gap(even, evidence, mask), expected)
    logits = even.log().clamp(min=-9).requires_grad_()
    evidence_gap(logits.softmax(2) * mask, evidence, mask).backward()
    assert logits.grad[0, 0, 0] < 0  # more to the first
    assert (logits.grad[0, 0, 1:3] > 0).all()


def test_evidence_gap_takes_a_little_of_the_weights_along():
    weights, evidence = torch.tensor([[[16 / 17, 1 / 17]]]), torch.tensor([[[1.0, 1.0]]])
    gap = evidence_gap(weights, evidence, torch.tensor([[True, True]]))
    # The fourth root of 16 to 1 is 2 to 1.
    expected = -(2 * weights[0, 0, 0].log() + weights[0, 0, 1].log()) / 3
    torch.testing.assert_close(gap, expected)


def test_evidence_gap_asks_nothing_where_nothing_speaks_for_the_class():
    weights = torch.tensor([[[0.5, 0.5]]], requires_grad=True)
    gap = evidence_gap(weights, torch.tensor([[[-1.0, 0.0]]]), torch.tensor([[True, True]]))
    assert gap.item() == 0
    gap.backward()
    assert (weights.grad == 0).all()


def test_evidence_gap_draws_all_heads_to_one_target():
    mask = torch.tensor([[True, True]])
    evidence = torch.tensor([[[4.0, 1.0], [2.0, -9.0]]])
    weights = torch.tensor([[[0.9, 0.1], [0.6, 0.4]]])
    # Of the second token the heads' mean is below 0 wherever they look: all is the first's.
    expected = -weights.log().mean(1)[0, 0]
    torch.testing.assert_close(evidence_gap(weights, evidence, mask), expected)


def test_class_evidence_adds_up_to_the_logit():
    torch.manual_seed(0)
    vectors, head = torch.randn(2, 5, 3), torch.randn(4, 2 * 3)
    weights = torch.rand(2, 2, 5).softmax(2)
    logits = torch.bmm(weights, vectors).flatten(1) @ head.T
    evidence = class_evidence(vectors, head, torch.tensor([1, 3]))
    margin = logits[[0, 1], [1, 3]] - logits.mean(1)
    torch.testing.assert_close((weights * evidence).sum((1, 2)), margin)
