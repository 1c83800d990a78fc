"""The traps of the Qt binding that this program was bitten by stay shut."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal

EMITS = 200_000


class Source(QObject):
    flagged = Signal(bool)
    passed = Signal(object)


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="True, False and None are immortal from Python 3.12 on"
)
def test_signals_do_not_eat_references_of_true_false_and_none(qapp: object) -> None:
    """PySide6 6.12.0 lost one reference with every emit on Python 3.11 until the interpreter aborted."""
    source, received = Source(), 0

    def receive(_value: object) -> None:
        nonlocal received
        received += 1

    source.flagged.connect(receive)
    source.passed.connect(receive)
    before = [sys.getrefcount(constant) for constant in (True, False, None)]
    for number in range(EMITS // 2):
        source.flagged.emit(number % 2 == 0)
        source.passed.emit(None)
    after = [sys.getrefcount(constant) for constant in (True, False, None)]

    assert received == EMITS
    assert all(abs(a - b) < 1_000 for a, b in zip(after, before, strict=True)), (before, after)
