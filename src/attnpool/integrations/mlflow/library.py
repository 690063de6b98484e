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

    _missing = "" if int(mlflow.__version__.split(".")[0]) >= 3 else f"{mlflow.__version__} is here"
except ImportError as error:  # such as of mlflow-tracing alone, which is named mlflow too
    _missing = f"{error.name or 'a part'} is missing"
if _missing:
    raise MissingLibraryError(
        "attnpool.integrations.mlflow needs mlflow or mlflow-skinny 3 or newer "
        f"({_missing}); pip install 'attnpool[mlflow]'"
    )

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
