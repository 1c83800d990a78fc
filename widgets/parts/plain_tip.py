"""Owns the tool tip of text from outside: it is shown as it was written, whatever it looks like."""

from html import escape


def plain_tip(text: str) -> str:
    """Qt takes a tip that looks like HTML for HTML, and would fetch what it names."""
    return escape(text).replace("\n", "<br>") if "<" in text or "&" in text else text
