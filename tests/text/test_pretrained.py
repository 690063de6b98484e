import pytest
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from attnpool.errors import InputError
from attnpool.text.tokenizers.pretrained import SHIFT, PretrainedTokenizer

from .conftest import HOSTILE, check_limit, check_tokens, rows_of

CORPUS = [
    "the rooms were clean and the staff were friendly",
    "the room was dirty and nobody cared",
    "房间很干净 服务员很热情 😀",
] * 3


def word_pieces():
    library = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    library.normalizer = normalizers.BertNormalizer()
    library.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    library.train_from_iterator(
        CORPUS,
        trainers.WordPieceTrainer(vocab_size=120, special_tokens=special, show_progress=False),
    )
    library.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    library.enable_truncation(8)
    library.enable_padding(length=8)
    return library


def byte_pairs():
    library = Tokenizer(models.BPE())
    library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    library.decoder = decoders.ByteLevel()
    library.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=300,
            show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    return library


def unigrams():
    library = Tokenizer(models.Unigram())
    library.normalizer = normalizers.NFKC()
    library.pre_tokenizer = pre_tokenizers.Metaspace()
    library.train_from_iterator(
        CORPUS,
        trainers.UnigramTrainer(
            vocab_size=60, special_tokens=["<s>", "<unk>"], unk_token="<unk>", show_progress=False
        ),
    )
    return library


MADE = {"word pieces": word_pieces, "byte pairs": byte_pairs, "unigrams": unigrams}


@pytest.fixture(scope="module", params=MADE)
def path(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("pretrained") / "tokenizer.json"
    MADE[request.param]().save(str(path))
    return path


def test_ids_are_those_of_the_file_moved_by_two(path):
    tokenizer = PretrainedTokenizer.load(path)
    library = Tokenizer.from_file(str(path))
    library.no_truncation()
    library.no_padding()
    unknown = {library.token_to_id(name) for name in ("[UNK]", "<unk>")}
    texts = [*CORPUS[:3], *(text for name, text in HOSTILE.items() if name != "surrogate")]
    tokens = check_tokens(tokenizer, texts)
    assert tokens.lengths.max() > 8  # the file's own truncation is not obeyed
    for text, ids, spans in zip(
        texts, rows_of(tokens, tokens.ids), rows_of(tokens, tokens.spans), strict=True
    ):
        theirs = library.encode(text, add_special_tokens=False)
        assert ids == [1 if i in unknown else i + SHIFT for i in theirs.ids]
        assert [tuple(span) for span in spans] == theirs.offsets
    assert tokenizer.size == library.get_vocab_size() + SHIFT


def loaded(make, folder):
    make().save(str(folder / "tokenizer.json"))
    return PretrainedTokenizer.load(folder / "tokenizer.json")


@pytest.mark.parametrize(("name", "known"), [*zip(MADE, (False, True, False), strict=True)])
def test_unknown_is_one(name, known, tmp_path):
    # 龘 stands in no vocabulary; a byte-level one knows it all the same.
    assert (1 not in loaded(MADE[name], tmp_path).encode(["龘"]).ids) == known


def test_hostile_texts(path):
    tokenizer = PretrainedTokenizer.load(path)
    tokens = check_tokens(tokenizer, list(HOSTILE.values()))
    assert tokens.lengths[0] == 0
    # A lone surrogate is read as U+FFFD, and the offsets behind it hold.
    text = "\ud800 the room"
    spans = tokenizer.encode([text]).spans.tolist()
    assert text[spans[-1][0] : spans[-1][1]].strip()
    assert spans[-1][1] == len(text)


def test_byte_level_tokens_may_share_a_character(tmp_path):
    tokenizer = loaded(byte_pairs, tmp_path)
    tokens = tokenizer.encode(["龘"])
    assert len(tokens.ids) > 1
    assert {tuple(span) for span in tokens.spans.tolist()} == {(0, 1)}


def test_limit(path):
    tokenizer = PretrainedTokenizer.load(path)
    texts = [
        *CORPUS[:3],
        *HOSTILE.values(),
        " ".join(CORPUS) * 20,
        "房间" * 3000,
        "a\n" * 3000,
        "x" * 5000,
        " " * 5000 + "room",
        "room" + " " * 5000,
    ]
    check_limit(tokenizer, texts, [1, 2, 9, 1000])


def test_the_file_is_kept_as_it_is(path, tmp_path):
    PretrainedTokenizer.load(path).save(tmp_path / "copy.json")
    assert (tmp_path / "copy.json").read_bytes() == path.read_bytes()
    text = path.read_text(encoding="utf-8")
    assert PretrainedTokenizer.parse(text).to_json() == text


def test_an_empty_vocabulary_is_refused(tmp_path):
    Tokenizer(models.BPE()).save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(InputError, match="vocabulary is empty"):
        PretrainedTokenizer.load(tmp_path / "tokenizer.json")
