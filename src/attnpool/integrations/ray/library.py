"""Ray Data itself, or one line that says what to install. The rest imports it from here."""

from __future__ import annotations

from attnpool.errors import MissingLibraryError, require

require("attnpool.integrations.ray", "ray", "pyarrow", extra="ray")

try:
    import pyarrow
    import ray
    import ray.data
except ImportError as error:  # such as of ray alone, without what its Data needs
    raise MissingLibraryError(
        f"attnpool.integrations.ray needs ray[data] ({error.name or 'a part'} is missing); "
        'pip install "attnpool[ray]"'
    ) from None

__all__ = ["pyarrow", "ray"]
