"""attnpool."""
