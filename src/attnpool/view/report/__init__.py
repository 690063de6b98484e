"""The corpus page: how well a model does on many rows, what it looked at, and every row."""

from attnpool.view.report.gathering import Gathered
from attnpool.view.report.of_model import colouring_methods, report, report_of
from attnpool.view.report.page import to_report

__all__ = ["Gathered", "colouring_methods", "report", "report_of", "to_report"]
