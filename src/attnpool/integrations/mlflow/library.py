"""MLflow itself, or one line that says what to install. The rest imports it from here."""

from __future__ import annotations

from attnpool.errors import MissingLibraryError, require

require("attnpool.integrations.mlflow", "mlflow", "pandas", extra="mlflow")

try:
    import mlflow.pyfunc
    import pandas
    from mlflow.exceptions import MlflowException
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema
except ImportError as error:  # such as of mlflow-tracing alone, which is named mlflow too
    raise MissingLibraryError(
        "attnpool.integrations.mlflow needs mlflow or mlflow-skinny 3 or newer "
        f"({error.name or 'a part'} is missing); pip install 'attnpool[mlflow]'"
    ) from None

__all__ = [
    "ColSpec",
    "MlflowException",
    "ModelSignature",
    "ParamSchema",
    "ParamSpec",
    "Schema",
    "mlflow",
    "pandas",
]
