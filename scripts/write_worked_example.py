"""Write docs/worked-example.md from the model: `python -m scripts.write_worked_example`."""

from __future__ import annotations

from pathlib import Path

from attnpool.gallery.worked_example import CODE, work_out
from attnpool.gallery.worked_page import to_markdown
from attnpool.view.words import Words

PAGE = Path(__file__).parents[1] / "docs" / "worked-example.md"


def page() -> str:
    """The page as it should be."""
    words = Words("en")
    return (
        f"# {words('worked.title')}\n\n{words('worked.lead')}\n\n"
        f"{to_markdown(work_out(), words)}\n## The code\n\n```python\n{CODE}```\n\n"
        "`make docs` writes this page, and the demo and the gallery show it with colours. On "
        "another machine the last digits may differ.\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
