import torch

from attnpool.models.dropout import dropout


def test_it_drops_its_share_and_keeps_the_mean():
    torch.manual_seed(0)
    x = torch.ones(1000, 131, requires_grad=True)
    y = dropout(x, 0.25, True)
    assert abs((y == 0).float().mean() - 0.25) < 0.005
    assert abs(y.mean() - 1) < 0.01
    assert len(y.unique()) == 2
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach())


def test_it_is_seeded_and_only_for_training():
    x = torch.ones(50, 3)
    drawn = []
    for _ in range(2):
        torch.manual_seed(3)
        drawn.append(dropout(x, 0.5, True))
    torch.testing.assert_close(*drawn)
    assert dropout(x, 0.5, False) is x
    assert dropout(x, 0.0, True) is x
    assert dropout(x[:0], 0.5, True).shape == (0, 3)
