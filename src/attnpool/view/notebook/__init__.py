"""What a notebook shows of explanations, of measures of faithfulness, and of a fitted model."""

from attnpool.view.notebook.explanations import Explanations
from attnpool.view.notebook.faithfulness import FaithfulnessByMethod

__all__ = ["Explanations", "FaithfulnessByMethod"]
