import subprocess
import sys
from importlib.util import find_spec

import pytest

# What a light installation lacks; whatever tries to import it finds it missing.
_LIGHT = """
import sys

LACKING = {"tokenizers", "torch", "sklearn", "scipy", "polars"}

class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in LACKING:
            raise ImportError(f"no {name} here")

sys.meta_path.insert(0, Lacking())
"""
_READ = r"""
import attnpool.text
from attnpool.text.reader import ReaderSettings, TextReader

TEXTS = ["房间很干净，ＯＫ！", "The rooms weren't clean", "ห้องน้ำ 👩\u200d👩 e\u0301", "房间\ud800"]
for kind in KINDS:
    settings = ReaderSettings(
        tokenizer=kind, dictionary=None, cleanup=("html",), min_frequency=1, max_length="auto"
    )
    reader, tokens = TextReader.learn(TEXTS, settings)
    text = reader.tokenizer.to_json()
    tokenizer = attnpool.text.parse_tokenizer(text, reader.tokenizer.kind, "here")
    again = TextReader.from_config(reader.to_config(), tokenizer)
    assert again(TEXTS).ids.tolist() == tokens.ids.tolist()
print(*sorted(LACKING & {name.partition(".")[0] for name in sys.modules}))
"""
_PRETRAINED = """
import attnpool.text
form = '{"version": "1.0", "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}'
try:
    attnpool.text.parse_tokenizer(form, "pretrained", "their.json")
except attnpool.InputError as error:
    print(error)
"""


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_no_torch_is_imported():
    told = run("import sys, attnpool.text; print('torch' in sys.modules, 'jieba' in sys.modules)")
    assert told == "False False\n"


def test_reading_texts_needs_a_light_installation_only():
    kinds = ["characters", "words", "auto", *(["jieba"] if find_spec("jieba") else [])]
    assert run(f"{_LIGHT}KINDS = {kinds}{_READ}") == "\n"


def test_a_missing_library_is_told_in_one_line():
    assert run(_LIGHT + _PRETRAINED) == (
        "their.json: a tokeniser of Hugging Face needs the library tokenizers; install it with: "
        'pip install "attnpool[train]"\n'
    )


def test_every_public_name_is_there():
    import attnpool.text

    assert all(hasattr(attnpool.text, name) for name in attnpool.text.__all__)
    assert set(attnpool.text.__all__) == set(attnpool.text._LAZY)
    assert dir(attnpool.text) == sorted(attnpool.text.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Tokeniser'"):
        _ = attnpool.text.Tokeniser
