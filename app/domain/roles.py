"""Who sits where (domain.md): the roles by name. What each may do is rights.py."""

from __future__ import annotations

from typing import Final

DUTY_OFFICER: Final = "duty_officer"
SHIFT_LEAD: Final = "shift_lead"
GRID_MEMBER: Final = "grid_member"
FEED: Final = "feed"
TRAINER: Final = "trainer"
ADMINISTRATOR: Final = "administrator"
SYSTEM: Final = "system"
"""The desk itself, where it writes down what positions say."""

ROLES: Final = (DUTY_OFFICER, SHIFT_LEAD, GRID_MEMBER, FEED, TRAINER, ADMINISTRATOR, SYSTEM)
ROLES_AT_A_DESK: Final = (DUTY_OFFICER, SHIFT_LEAD)
"""Who can sit down at a desk; all others speak to it from outside."""
