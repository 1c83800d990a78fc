"""What a window reads before Qt is there.

Owns the order: PySide6 looks into the source of every module that is imported after it, which made numpy and SQLAlchemy
two to three times as slow to import (measured: 0.3 s of a start). Must not run anything.
"""

import sqlalchemy.dialects.sqlite

import app.bootstrap
import app.journal.sqlite
import app.service.bus
import app.service.positions
import app.service.projector

__all__ = ["app", "sqlalchemy"]
