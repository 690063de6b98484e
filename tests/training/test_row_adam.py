import torch

from attnpool.training.row_adam import RowAdam


def train(kind):
    torch.manual_seed(0)
    table = torch.nn.Embedding(20, 3, sparse=True)
    optimizer = kind(table.parameters(), lr=0.1)
    for step in range(30):
        rows = torch.randint(0, 20, (5,), generator=torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        (table(rows).sin() * torch.arange(3)).sum().backward()
        optimizer.step()
    return table.weight.detach()


def test_it_steps_as_sparse_adam_does():
    ours, theirs = train(RowAdam), train(torch.optim.SparseAdam)
    torch.testing.assert_close(ours, theirs)


def test_rows_without_a_gradient_stay():
    table = torch.nn.Embedding(5, 2, sparse=True)
    before = table.weight.detach().clone()
    optimizer = RowAdam(table.parameters(), lr=0.1)
    optimizer.step()  # no gradient at all
    table(torch.tensor([1, 1, 3])).sum().backward()
    optimizer.step()
    moved = (table.weight != before).all(1)
    assert moved.tolist() == [False, True, False, True, False]
    # Used twice in a batch is one step of the sum.
    torch.testing.assert_close(before[1] - table.weight[1], before[3] - table.weight[3])
