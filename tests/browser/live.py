"""What one does on a live page, and what it must say."""

from attnpool.view.drawing.captions import percent

TEXT = "房间很干净，但是隔音太差，服务员态度恶劣。"
SETTLED = """() => document.querySelector("#turn").textContent
  && !document.querySelector("#turn").textContent.startsWith("Looking")"""
"""That the search for what would change the answer is over."""


def typed(page, text, box="#text"):
    """Type, and wait until it is drawn."""
    page.fill(box, text)
    drawn(page)


def drawn(page):
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def answer(page):
    return page.text_content("#answer")


def said(compact, text):
    share = compact.predict_proba([text])[0]
    return f"{compact.classes_[share.argmax()]} {percent(float(share.max()))}"
