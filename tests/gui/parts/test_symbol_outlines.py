"""What is drawn without Qt shows the same symbols as the console."""

from installer.make_symbol_outlines import FILE, outlines


def test_the_outlines_are_those_of_the_painted_symbols() -> None:
    assert FILE.read_text(encoding="utf-8") == outlines(), "run: python -m installer.make_symbol_outlines"
