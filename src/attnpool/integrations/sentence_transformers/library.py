"""sentence-transformers itself, or one line that says what to install."""

from __future__ import annotations

from attnpool.errors import MissingLibraryError, require

require(
    "attnpool.integrations.sentence_transformers",
    *("sentence_transformers", "torch"),
    extra="sentence-transformers",
)

try:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Module, Transformer
    from sentence_transformers.sentence_transformer.modules.tokenizer import WordTokenizer
    from sentence_transformers.util import import_from_string
except ImportError as error:
    raise MissingLibraryError(
        "attnpool.integrations.sentence_transformers needs sentence-transformers 6.2 or newer "
        f"({error.name or 'a part'} is missing); pip install 'attnpool[sentence-transformers]'"
    ) from None

__all__ = ["Module", "SentenceTransformer", "Transformer", "WordTokenizer", "import_from_string"]
