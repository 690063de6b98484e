"""A tokeniser of Hugging Face, and a random encoder of width 16 with it; nothing is downloaded."""

import importlib
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

_SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
_WORDS = ("a", "wonder", "##ful", "##fully", "film", "##s", "dull", "##est", "and", "life")
_MORE = ("##less", "acted", "the", "of", "stories", "房", "间", "干", "净", "差", "好", "太", ".")
_VOCABULARY = {word: i for i, word in enumerate([*_SPECIAL.values(), *_WORDS, *_MORE])}
_SHAPE = {
    "vocab_size": len(_VOCABULARY),
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 16,
}


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(_VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(one, _VOCABULARY[one]) for one in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def tokenizer_file(folder: Path) -> str:
    """Write a `tokenizer.json`, and give its place."""
    folder.mkdir(parents=True, exist_ok=True)
    place = str(folder / "tokenizer.json")
    _tokenizer().save(place)
    return place


def encoder(folder: Path) -> str:
    """Write a random encoder and its tokeniser, and give its place."""
    library: Any = importlib.import_module("transformers")
    library.utils.logging.disable_progress_bar()  # it would leave a thread behind
    library.PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(), model_max_length=16, **_SPECIAL
    ).save_pretrained(folder)
    torch.manual_seed(0)
    model = library.AutoModel.from_config(library.AutoConfig.for_model("bert", **_SHAPE))
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(8)  # fresh weights of 0.02 would hide what is changed
    model.save_pretrained(folder)
    return str(folder)
