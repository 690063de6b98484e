"""spaCy itself, or one line that says what to install."""

from __future__ import annotations

from attnpool.errors import require

require("attnpool.integrations.spacy", "spacy")

import srsly  # noqa: E402 - after the check
from spacy.language import Language  # noqa: E402
from spacy.scorer import Scorer  # noqa: E402
from spacy.tokens import Doc, Span, Token  # noqa: E402
from spacy.util import minibatch, raise_error  # noqa: E402

__all__ = ["Doc", "Language", "Scorer", "Span", "Token", "minibatch", "raise_error", "srsly"]
