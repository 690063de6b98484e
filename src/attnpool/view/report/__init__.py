"""The corpus page: how well a model does on many rows, what it looked at, and every row."""

from attnpool.view.report.of_model import report
from attnpool.view.report.page import to_report

__all__ = ["report", "to_report"]
