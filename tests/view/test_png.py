import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from attnpool.errors import InputError
from attnpool.view.picture import fonts
from attnpool.view.picture.fonts import Fonts, cjk_file

from . import samples
from .english import heads_plot, to_png
from .pictures import IMAGES
from .regenerate import GOLDEN

needs_cjk = pytest.mark.skipif(cjk_file() is None, reason="no Chinese font on this system")
FONT = "NotoSansCJK-Regular.ttc"


def pixels(data):
    return imread(io.BytesIO(data), format="png")[..., :3]


@pytest.mark.skipif(
    cjk_file() is None or Path(cjk_file()).name != FONT,
    reason=f"the golden images were drawn with {FONT}",
)
@pytest.mark.parametrize("name", IMAGES)
def test_the_image_is_the_golden_file(name):
    """Versions of FreeType smooth letters a little differently."""
    drawn, golden = pixels(IMAGES[name]()), pixels((GOLDEN / name).read_bytes())
    assert drawn.shape == golden.shape
    apart = np.abs(drawn - golden).max(axis=-1)
    assert apart.mean() < 0.01, "run `python -m tests.view.regenerate`, look at it"
    assert (apart > 0.5).mean() < 0.01


def test_golden_images_are_small():
    assert all((GOLDEN / name).stat().st_size < 40_000 for name in IMAGES)


def test_chinese_without_a_font_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(fonts, "cjk_file", lambda: None)
    with pytest.raises(InputError, match="fonts-noto-cjk") as told:
        to_png([samples.hotel()])
    assert "\n" not in str(told.value)
    assert to_png([samples.review()]).startswith(b"\x89PNG")


@needs_cjk
def test_chinese_characters_are_drawn_and_are_no_boxes():
    """A missing glyph is the same box whatever the character."""
    one, two = (
        pixels(to_png([samples.explain(samples.by_character(text, {}))])) for text in "龙凤"
    )
    assert one.shape == two.shape
    assert np.abs(one - two).max() > 0.6


def test_what_no_font_has_is_named():
    every = Fonts("en", find=lambda: None)
    assert every.drawable("👍🏽") == "‹U+1F44D›‹U+1F3FD›"
    assert every.drawable("\u241b") in ("\u241b", "‹ESCAPE›")
    assert every.drawable("é") == "é"
    assert every.drawable("\U0001f600\ufe0f") in ("\U0001f600\ufe0f", "‹U+1F600›")
    with pytest.raises(InputError, match="needs a font"):
        every.drawable("中")


@needs_cjk
def test_a_rare_character_is_named_where_a_font_is_there():
    assert Fonts("zh").drawable("\U0003134a") in ("\U0003134a", "‹U+3134A›")


@needs_cjk
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_hostile_text_is_drawn_without_a_warning(text):
    assert to_png([samples.attack(text)], heads=True, scale=1.0).startswith(b"\x89PNG")


def test_sizes_and_bad_options():
    small, large = (pixels(to_png([samples.review()], scale=s)).shape for s in (1.0, 2.0))
    assert large[0] == 2 * small[0]
    assert large[1] == 2 * small[1] == 2 * (80 * 10 + 48)
    with pytest.raises(InputError, match="too large; draw fewer or shorter texts, or SVG"):
        to_png([samples.review()] * 400)
    with pytest.raises(InputError, match="too large"):
        to_png([samples.review()], scale=0.0)


@pytest.mark.usefixtures("unchecked")
def test_an_unknown_theme_is_told():
    with pytest.raises(InputError, match="unknown theme 'auto'; choose one of: light, dark"):
        to_png([samples.review()], theme="auto")


def test_a_plot_is_drawn():
    assert heads_plot.to_png(samples.review(), theme="dark").startswith(b"\x89PNG")
