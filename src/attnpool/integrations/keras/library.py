"""Keras itself, or one line that says what to install. The layers import it from here."""

from __future__ import annotations

from attnpool.errors import MissingLibraryError, explained

try:
    import keras
    from keras import ops
except ModuleNotFoundError as error:
    name = (error.name or "").partition(".")[0]
    if name == "keras":
        raise explained(error, "attnpool.integrations.keras") from None
    raise MissingLibraryError(  # Keras imports its backend: TensorFlow unless another is named
        f"Keras needs {name}, which is not installed; if that is the backend, set "
        "KERAS_BACKEND to one that is installed: torch, jax or tensorflow"
    ) from None

__all__ = ["keras", "ops"]
