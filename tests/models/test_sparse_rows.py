import torch

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
