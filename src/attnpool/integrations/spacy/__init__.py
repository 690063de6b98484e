"""attnpool in a spaCy pipeline: `nlp.add_pipe("attnpool", config={"model": "model"})`.

spaCy finds the component by its name wherever both are installed; nothing has to be imported.
"""

from __future__ import annotations

from attnpool.integrations.spacy.component import AttnpoolComponent, make_component

__all__ = ["AttnpoolComponent", "make_component"]
