"""The tokenisers: characters, words, jieba's words, and any Hugging Face `tokenizer.json`."""

__all__: list[str] = []
