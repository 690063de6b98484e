import torch

from attnpool.models.dropout import dropout
from attnpool.models.sparse_rows import sum_rows


def test_the_sum_and_its_gradient_are_those_of_look_ups():
    torch.manual_seed(0)
    table = torch.randn(9, 4)
    table[0] = 0
    places = torch.randint(0, 9, (3, 5, 2))
    by = torch.randn(3, 5, 4)
    one, other = (table.clone().requires_grad_() for _ in range(2))
    found = sum_rows(one, places)
    plain = torch.nn.functional.embedding(places, other, padding_idx=0).sum(2)
    torch.testing.assert_close(found, plain)
    (found * by).sum().backward()
    (plain * by).sum().backward()
    torch.testing.assert_close(one.grad.to_dense(), other.grad)
    rows = one.grad._indices()[0].tolist()
    assert rows == sorted(set(rows) - {0})


def test_nothing_known_has_an_empty_gradient():
    table = torch.zeros(4, 3, requires_grad=True)
    sum_rows(table, torch.zeros(2, 3, 2, dtype=torch.int64)).sum().backward()
    assert table.grad._indices().numel() == 0
    assert not table.grad.to_dense().any()


def test_dropout_drops_its_share_and_keeps_the_mean():
    torch.manual_seed(0)
    x = torch.ones(1000, 131, requires_grad=True)
    y = dropout(x, 0.25, True)
    assert abs((y == 0).float().mean() - 0.25) < 0.005
    assert abs(y.mean() - 1) < 0.01
    assert len(y.unique()) == 2
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach())


def test_dropout_is_seeded_and_only_for_training():
    x = torch.ones(50, 3)
    drawn = []
    for _ in range(2):
        torch.manual_seed(3)
        drawn.append(dropout(x, 0.5, True))
    torch.testing.assert_close(*drawn)
    assert dropout(x, 0.5, False) is x
    assert dropout(x, 0.0, True) is x
    assert dropout(x[:0], 0.5, True).shape == (0, 3)
