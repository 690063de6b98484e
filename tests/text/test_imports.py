import subprocess
import sys


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_no_torch_is_imported():
    told = run("import sys, attnpool.text; print('torch' in sys.modules, 'jieba' in sys.modules)")
    assert told.stdout == "False False\n"


def test_every_public_name_is_there():
    import attnpool.text

    assert all(hasattr(attnpool.text, name) for name in attnpool.text.__all__)
