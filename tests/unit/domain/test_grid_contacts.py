"""Who can be called about a grid is shown only for a purpose, and what is kept of it names nobody."""

import pytest

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.events import GridContactRevealed
from app.domain.rights import permit
from app.domain.roles import DUTY_OFFICER, FEED, GRID_MEMBER

GRID = "310198006001001"


def test_a_look_at_a_contact_is_recorded_with_its_purpose() -> None:
    desk = Desk()
    changes = decide(desk, cmd.RevealContact(GRID, "grid_head-1", " flood warning "))
    event = GridContactRevealed(GRID, "grid_head-1", "flood warning")
    assert changes == [(f"grid/{GRID}", event)]
    desk.apply(f"grid/{GRID}", event, 1, 1)
    assert desk.versions[f"grid/{GRID}"] == 1


@pytest.mark.parametrize("purpose", ["", "  "])
def test_nobody_is_shown_without_a_purpose(purpose: str) -> None:
    with pytest.raises(Refusal) as refusal:
        decide(Desk(), cmd.RevealContact(GRID, "grid_head-1", purpose))
    assert refusal.value.rule == "contact_needs_purpose"


def test_officers_may_look_and_nobody_else() -> None:
    command = cmd.RevealContact(GRID, "grid_head-1", "flood warning")
    permit(DUTY_OFFICER, command, GRID)
    for role in (GRID_MEMBER, FEED):
        with pytest.raises(Refusal):
            permit(role, command, GRID)
