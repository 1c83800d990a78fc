"""The baseline of start-up: the barest PySide6 window; prints the steady clock at its first paint."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class _Bare(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self._painted)

    def _painted(self) -> None:
        sys.stdout.write(f"{time.monotonic()}\n")
        QApplication.quit()


def main() -> int:
    app = QApplication(sys.argv)
    window = _Bare()
    window.setCentralWidget(QLabel("bare"))
    window.resize(1366, 768)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
