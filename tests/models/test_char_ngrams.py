import numpy as np
import pytest
import torch
from tests.rounding import assert_close

from attnpool.models.char_ngrams import CharNgramEmbedding, CharNgrams
from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, EncoderConfig
from attnpool.models.encoder import TextEncoder
from attnpool.models.predict import predict_batches
from attnpool.models.tensors import TensorBatches
from attnpool.text import WordTokenizer
from attnpool.text.char_ngrams import char_ngram_keys

LENGTHS = (3, 4, 5)
TRAINING = ["the wonderful film", "a wonderfully funny film", "wonders of filming", "a b"]
ASKED = ["unwonderful FILM", "", "zzz", "the films, wonderfully unfilmed", "filmed"]


@pytest.fixture(scope="module")
def tokenizer():
    return WordTokenizer.train(TRAINING, min_frequency=1)


@pytest.fixture(scope="module")
def char_ngrams(tokenizer):
    return CharNgrams.learn(tokenizer.words, ["wonderful", "unfunny"], LENGTHS)


def shape(tokenizer, char_ngrams, **more):
    return EncoderConfig(
        vocabulary=tokenizer.size,
        dim=8,
        char_ngrams=LENGTHS,
        char_ngram_rows=len(char_ngrams.keys),
        char_ngram_uses=len(char_ngrams.vocabulary.rows),
        **{"kernel_sizes": (), **more},
    )


def encoder(tokenizer, char_ngrams, **more):
    torch.manual_seed(0)
    return TextEncoder(shape(tokenizer, char_ngrams, **more), char_ngrams=char_ngrams).eval()


def mean_of(layer, word):
    """The same by hand: a word's n-grams, one by one."""
    rows = {key: row for row, key in enumerate(layer.keys.tolist())}
    keys, _ = char_ngram_keys([word], LENGTHS)
    found = [layer.table.weight[rows[key]] for key in keys.tolist() if key in rows]
    return torch.stack(found).mean(0) if found else torch.zeros(8)


def test_a_known_word_has_the_mean_of_its_ngrams(tokenizer, char_ngrams):
    layer = CharNgramEmbedding(char_ngrams, LENGTHS, dim=8)
    ids = torch.arange(tokenizer.size).reshape(1, -1)
    vectors = layer(ids)[0]
    for word, vector in zip(tokenizer.words, vectors, strict=True):
        torch.testing.assert_close(vector, mean_of(layer, word))
    assert torch.equal(vectors[:2], torch.zeros(2, 8))  # padding and unknown have none
    assert vectors[tokenizer.words.index("wonders")].any()


def test_an_unknown_word_has_the_mean_of_its_ngrams(tokenizer, char_ngrams):
    layer = CharNgramEmbedding(char_ngrams, LENGTHS, dim=8)
    words = ["unwonderful", "zzz", "", "film"]
    ids = tokenizer.size + torch.tensor([[1, 0], [3, 2]])
    vectors = layer(ids, layer.bags(words))
    for index, vector in zip((1, 0, 3, 2), vectors.reshape(4, 8), strict=True):
        torch.testing.assert_close(vector, mean_of(layer, words[index]))
    # A word is the same word, whether its id or its n-grams name it.
    known = layer(torch.tensor([[tokenizer.words.index("film")]]))
    assert torch.equal(known[0, 0], vectors[1, 0])


def test_a_word_of_the_encoder_is_its_own_vector_and_its_ngrams(tokenizer, char_ngrams):
    model = encoder(tokenizer, char_ngrams)
    vectors = model(*TensorBatches(model, tokenizer.encode(["film unfilmed"]))(np.array([0])))[0]
    film = tokenizer.words.index("film")
    own = model.embedding.weight[film]
    torch.testing.assert_close(vectors[0], own + mean_of(model.char_ngrams, "film"))
    torch.testing.assert_close(vectors[1], mean_of(model.char_ngrams, "unfilmed"))


def test_without_its_form_an_unknown_word_is_just_unknown(tokenizer, char_ngrams):
    model = encoder(tokenizer, char_ngrams)
    ids = torch.tensor([[1, 2, 0]])
    assert torch.equal(model(ids, ids > 0)[0, 0], model.embedding.weight[1])


def test_ngrams_of_tokens_take_all_unknown_words_for_one(tokenizer, char_ngrams):
    model = encoder(tokenizer, char_ngrams, ngrams=(2,), ngram_rows=1)
    model.ngrams.keys[0] = (1 << 21) | 1
    torch.nn.init.ones_(model.ngrams.table.weight[1:])
    inputs = TensorBatches(model, tokenizer.encode(["zzz qqq"]))
    assert torch.equal(model(*inputs(np.array([0])))[0], torch.tensor([[1.0] * 8, [0.0] * 8]))


@pytest.mark.parametrize("more", [{}, {"kernel_sizes": (3,)}])
def test_a_text_does_not_depend_on_its_batch(tokenizer, char_ngrams, more):
    model = encoder(tokenizer, char_ngrams, **more)
    tokens = tokenizer.encode(ASKED)
    together = model(*TensorBatches(model, tokens)(np.arange(len(ASKED))))
    for i, text in enumerate(ASKED):
        alone = model(*TensorBatches(model, tokenizer.encode([text]))(np.array([0])))
        steps = int(tokens.lengths[i])
        assert_close(together[i, :steps], alone[0, :steps], additions=3 * 8)
        assert not together[i, steps:].any()


def test_inference_knows_unknown_words(tokenizer, char_ngrams):
    torch.manual_seed(0)
    config = ClassifierConfig(shape(tokenizer, char_ngrams), classes=2, heads=2)
    model = Classifier(config, char_ngrams=char_ngrams).eval()
    tokens = tokenizer.encode(ASKED)
    predictions = predict_batches(model, tokens, weights=True, batch_tokens=4)
    for i, text in enumerate(ASKED):
        alone = predict_batches(model, tokenizer.encode([text]), weights=True)
        assert_close(predictions.logits[i], alone.logits[0], additions=2 * 8)
        part = predictions.weights[tokens.bounds[i] : tokens.bounds[i + 1]]
        assert_close(part, alone.weights, additions=2 * 8)
    # Two words that are both unknown differ; one that shares no n-gram is like no other word.
    answers = predict_batches(model, tokenizer.encode(["unfunny", "unfilmed", "zzz", "qqq"])).logits
    assert len(np.unique(answers.round(5), axis=0)) == 3


def test_a_loaded_encoder_gives_the_same_bits(tokenizer, char_ngrams):
    model = encoder(tokenizer, char_ngrams)
    with torch.device("meta"):
        blank = TextEncoder(model.config)
    assert all(part.is_meta for part in blank.state_dict().values())
    blank.load_state_dict(model.state_dict(), assign=True)
    tokens = tokenizer.encode([*TRAINING, *ASKED])
    rows = np.arange(len(tokens))
    assert torch.equal(
        blank.eval()(*TensorBatches(blank, tokens)(rows)),
        model(*TensorBatches(model, tokens)(rows)),
    )


def test_only_ngrams_that_are_met_are_trained(tokenizer, char_ngrams):
    model = encoder(tokenizer, char_ngrams).train()
    tokens = tokenizer.encode(["unwonderful", "zzz", ""])
    model(*TensorBatches(model, tokens)(np.array([0]))).sum().backward()
    gradient = model.char_ngrams.table.weight.grad
    assert gradient.is_sparse
    met = set(model.char_ngrams.bags(["unwonderful"]).rows.tolist())
    assert set(gradient.coalesce().indices()[0].tolist()) == met
    assert 0 < len(met) < len(char_ngrams.keys)
    model.zero_grad()
    model(*TensorBatches(model, tokens)(np.array([1, 2]))).sum().backward()
    assert model.char_ngrams.table.weight.grad.coalesce().values().numel() == 0


def test_an_encoder_without_char_ngrams_takes_unknown_words_for_one(tokenizer):
    model = TextEncoder(EncoderConfig(vocabulary=tokenizer.size, dim=8)).eval()
    ids, mask, unknown = TensorBatches(model, tokenizer.encode(["zzz qqq film"]))(np.array([0]))
    assert ids[0, :2].tolist() == [1, 1]
    assert mask.all()
    assert unknown is None


def test_words_without_any_ngram(tokenizer):
    nothing = CharNgrams.learn(["", "", "a", "b"], [], LENGTHS)
    assert nothing.keys.numel() == nothing.vocabulary.rows.numel() == 0
    layer = CharNgramEmbedding(nothing, LENGTHS, dim=8)
    assert layer.bags(["film"]).rows.numel() == 0
    assert nothing.vocabulary.bounds.tolist() == [0] * 5
