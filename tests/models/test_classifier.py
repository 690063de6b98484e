import pytest
import torch

from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, EncoderConfig
from attnpool.models.predict import predict_batches
from attnpool.text import CharTokenizer

POOLINGS = [
    *[("attention", 1), ("attention", 3), ("mean_query", 1)],
    *[("max", 1), ("average", 1), ("min_variance", 1)],
]


def classifier(pooling="attention", heads=3, **shape):
    torch.manual_seed(0)
    encoder = EncoderConfig(vocabulary=40, dim=8, **shape)
    return Classifier(ClassifierConfig(encoder, classes=3, pooling=pooling, heads=heads)).eval()


@pytest.mark.parametrize(("pooling", "heads"), POOLINGS)
def test_weights_are_one_distribution_a_head(pooling, heads):
    model = classifier(pooling, heads)
    ids = torch.tensor([[2, 3, 4, 5], [6, 7, 0, 0], [0, 0, 0, 0]])
    logits, weights, _ = model(ids, ids > 0)
    assert logits.shape == (3, 3)
    assert weights.shape == (3, heads, 4)
    torch.testing.assert_close(weights.sum(-1)[:2], torch.ones(2, heads))
    assert (weights[1, :, 2:] == 0).all()
    # A text without tokens has a defined answer: what the head says of nothing.
    torch.testing.assert_close(logits[2], model.head.bias)
    assert (weights[2] == 0).all()


@pytest.mark.parametrize(("pooling", "heads"), POOLINGS)
def test_inference_gives_what_the_model_gives_text_by_text(pooling, heads):
    model = classifier(pooling, heads)
    texts = ["这间房很干净", "", "差", "这间房不大，但是很干净，也安静", "干净"]
    tokens = CharTokenizer.train(texts, min_frequency=1).encode(texts)
    logits, weights, _ = predict_batches(model, tokens, weights=True, batch_tokens=16)
    for i in range(len(texts)):
        ids = torch.from_numpy(tokens.ids[tokens.bounds[i] : tokens.bounds[i + 1]]).long()[None]
        if not ids.numel():
            continue
        alone = model(ids, ids > 0)
        torch.testing.assert_close(torch.from_numpy(logits[i : i + 1]), alone.logits)
        part = torch.from_numpy(weights[tokens.bounds[i] : tokens.bounds[i + 1]])
        torch.testing.assert_close(part.T[None], alone.weights)


def test_inference_of_no_texts():
    tokens = CharTokenizer.train(["好"], min_frequency=1).encode([])
    logits, weights, _ = predict_batches(classifier(), tokens, weights=True)
    assert logits.shape == (0, 3)
    assert weights.shape == (0, 3)


def test_config_survives_json_and_names_what_is_odd():
    config = classifier(kernel_sizes=(2, 3)).config
    assert ClassifierConfig.from_dict(config.to_dict()) == config
    with pytest.raises(ValueError, match=r"unknown or missing.*colour"):
        ClassifierConfig.from_dict({**config.to_dict(), "colour": 1})
