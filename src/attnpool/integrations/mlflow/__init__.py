"""Trained models as MLflow models, which MLflow logs, registers, loads and serves.

`save_model` and `log_model` write them without a pickle and without code; `mlflow.pyfunc` loads
them.
"""

from __future__ import annotations

from attnpool.integrations.mlflow.saving import log_model, save_model

__all__ = ["log_model", "save_model"]
