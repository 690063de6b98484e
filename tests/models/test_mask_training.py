import torch

from attnpool.models.dropout import random_mask


def test_it_takes_from_none_to_all_of_every_other_text():
    torch.manual_seed(0)
    mask = torch.ones(4000, 50, dtype=torch.bool)
    mask[:, 40:] = False
    left = random_mask(mask)
    assert not left[:, 40:].any()
    shares = left[:, :40].float().mean(1)
    assert 0.46 < (shares == 1).float().mean() < 0.56
    thin = shares[shares < 1]
    assert thin.min() < 0.05
    assert abs(thin.mean() - 0.5) < 0.03
