"""Write docs/worked-example.md from the model: `python -m scripts.write_worked_example`."""

from __future__ import annotations

from pathlib import Path

from attnpool.gallery.worked_example import CODE, work_out
from attnpool.gallery.worked_page import LEAD, TITLE, to_markdown

PAGE = Path(__file__).parents[1] / "docs" / "worked-example.md"


def page() -> str:
    """The page as it should be."""
    return (
        f"# {TITLE}\n\n{LEAD}\n\n{to_markdown(work_out())}\n## The code\n\n```python\n{CODE}```\n\n"
        "`make docs` writes this page, and the demo and the gallery show it with colours. On "
        "another machine the last digits may differ.\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
