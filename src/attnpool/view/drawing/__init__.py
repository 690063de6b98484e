"""What every rendering shares: values to colours, texts to coloured runs, captions, legends."""

__all__: list[str] = []
