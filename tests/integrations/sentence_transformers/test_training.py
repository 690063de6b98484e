"""Trained with the library's own trainer, on a real encoder."""

import pytest
from tests.integrations.sentence_transformers.cases import HEADS, torch, whole
from tests.skips import NO_TRAINER

for part in ("datasets", "accelerate"):
    pytest.importorskip(part, reason=NO_TRAINER)

from datasets import Dataset  # noqa: E402
from sentence_transformers import (  # noqa: E402
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import (  # noqa: E402
    CachedMultipleNegativesRankingLoss,
    MultipleNegativesRankingLoss,
    TripletDistanceMetric,
    TripletLoss,
)

from attnpool import load_demo  # noqa: E402
from attnpool.integrations.sentence_transformers import load  # noqa: E402

ANSWERS = {"positive": "The film is good.", "negative": "The film is bad."}


def rows(split, many):
    found = load_demo("reviews", split)
    texts, labels = found.texts[0][:many], found.labels[:many]
    other = dict(zip(ANSWERS, reversed(ANSWERS), strict=True))
    return Dataset.from_dict(
        {
            "anchor": texts,
            "positive": [ANSWERS[label] for label in labels],
            "negative": [ANSWERS[other[label]] for label in labels],
        }
    )


def arguments(folder, steps, **more):
    return SentenceTransformerTrainingArguments(
        str(folder), max_steps=steps, per_device_train_batch_size=8, learning_rate=1e-4,
        warmup_steps=3, report_to="none", use_cpu=True, disable_tqdm=True, seed=0,
        **{"save_strategy": "no", **more},
    )  # fmt: skip


def measured(model, test):
    """The loss of rows that were not trained on, and how often the right answer is nearer."""
    vectors = [model.encode(list(test[name]), convert_to_tensor=True) for name in test.column_names]
    near = [torch.cosine_similarity(vectors[0], other) for other in vectors[1:]]
    ahead = near[0] - near[1]
    return float((0.5 - ahead).relu().mean()), float((ahead > 0).float().mean())


@HEADS
def test_the_loss_falls_and_what_is_saved_is_what_was_trained(minilm, tmp_path, heads, capsys):
    model, test = whole(minilm, heads=heads), rows("test", 200)
    loss = TripletLoss(model, TripletDistanceMetric.COSINE, triplet_margin=0.5)
    first, weights = measured(model, test), model[1].pool.score.weight.detach().clone()
    args = arguments(tmp_path / "run", 30)
    SentenceTransformerTrainer(model, args, rows("train", 240), loss=loss).train()
    last = measured(model, test)
    with capsys.disabled():
        print(  # noqa: T201 # what make test-sentence-transformers reports
            f"heads: {heads}, 30 steps: loss {first[0]:.3f} -> {last[0]:.3f}, "
            f"accuracy {first[1]:.3f} -> {last[1]:.3f} (200 held-out triplets)"
        )
    assert last[0] < 0.8 * first[0]
    assert last[1] > first[1] + 0.05
    assert not torch.equal(model[1].pool.score.weight, weights)
    model.save(str(tmp_path / "model"))
    again = load(tmp_path / "model", device="cpu")
    assert measured(again, test) == last


def test_a_checkpoint_is_loaded_by_the_trainer_itself(tiny, tmp_path):
    model = whole(tiny, heads=2)
    loss = MultipleNegativesRankingLoss(model)
    first = arguments(tmp_path, 2, save_strategy="steps", save_steps=2)
    SentenceTransformerTrainer(model, first, rows("train", 32), loss=loss).train()
    checkpoint = tmp_path / "checkpoint-2"
    again = load(checkpoint, device="cpu")
    assert torch.equal(again[1].pool.score.weight, model[1].pool.score.weight.cpu())
    fresh = whole(tiny, heads=2)
    more = arguments(tmp_path, 4, save_strategy="no")
    trainer = SentenceTransformerTrainer(
        fresh, more, rows("train", 32), loss=MultipleNegativesRankingLoss(fresh)
    )
    trainer.train(resume_from_checkpoint=str(checkpoint))
    assert trainer.state.global_step == 4


def test_a_prompt_is_excluded_in_training_and_a_cached_loss_sees_one_mask(tiny, tmp_path):
    """A cached loss embeds the same features twice: what it differentiates must be what it saw."""
    grads = []
    for kind in (CachedMultipleNegativesRankingLoss, MultipleNegativesRankingLoss):
        model = whole(tiny, heads=2, include_prompt=False).eval()
        loss = kind(model)
        batch = rows("train", 8)
        features = [
            model.preprocess(list(batch[name]), prompt="the movie is ")
            for name in batch.column_names
        ]
        assert features[0]["prompt_length"] == 4
        loss(features, None).backward()
        grads.append(model[1].pool.projection.weight.grad.clone())
    assert grads[0].any()
    torch.testing.assert_close(*grads)


def test_the_trainer_hands_prompts_on(tiny, tmp_path):
    model = whole(tiny, include_prompt=False)
    seen = []
    model[1].register_forward_hook(lambda _, given, found: seen.append((given[0], found)))
    args = arguments(tmp_path, 1, prompts={"anchor": "the movie is "})
    SentenceTransformerTrainer(
        model, args, rows("train", 16), loss=MultipleNegativesRankingLoss(model)
    ).train()
    prompted = [found for given, found in seen if "prompt_length" in given]
    assert prompted
    for found in prompted:
        assert not found["token_weights"][:, :4].any()
        assert found["token_weights"][:, 4:].any()
