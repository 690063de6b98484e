import pytest
import torch

from attnpool.training.adam import Adam

RATES = [0.1, 0.05, 0.2] * 10


def train(step, sparse):
    torch.manual_seed(0)
    table = torch.nn.Embedding(20, 3, sparse=sparse)
    step = step(table.weight)
    for number, rate in enumerate(RATES):
        rows = torch.randint(0, 20, (5,), generator=torch.Generator().manual_seed(number))
        (table(rows).sin() * torch.arange(3)).sum().backward()
        step(rate)
    return table.weight.detach()


def of_torch(kind, **how):
    def make(weight):
        optimizer = kind([weight], lr=1.0, **how)

        def step(rate):
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
            optimizer.zero_grad()

        return step

    return make


def test_dense_weights_step_as_in_torchs_adamw():
    ours = train(lambda weight: Adam([weight], weight_decay=0.3).step, sparse=False)
    theirs = train(of_torch(torch.optim.AdamW, weight_decay=0.3), sparse=False)
    torch.testing.assert_close(ours, theirs)


def test_rows_step_as_in_torchs_sparse_adam():
    ours = train(lambda weight: Adam([weight]).step, sparse=True)
    theirs = train(of_torch(torch.optim.SparseAdam), sparse=True)
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_rows_without_a_gradient_stay(decay):
    table = torch.nn.Embedding(5, 2, sparse=True)
    before = table.weight.detach().clone()
    optimizer = Adam([table.weight], weight_decay=decay)
    optimizer.step(0.1)  # no gradient at all
    table(torch.tensor([1, 1, 3])).sum().backward()
    optimizer.step(0.1)
    moved = (table.weight != before).all(1)
    assert moved.tolist() == [False, True, False, True, False]
    # Used twice in a batch is one step of the sum.
    torch.testing.assert_close(before[1] - table.weight[1], before[3] - table.weight[3])
    assert table.weight.grad is None
