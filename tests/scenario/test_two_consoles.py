"""Two consoles, each a window in a process of its own, one in Chinese and one in English, on one real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.window_desk import WindowDesk, window_desks

ZHANG, BAKER = "张三", "J. Baker"
CROWD, TREE = "gate", "tree"

pytestmark = pytest.mark.postgres


@pytest.fixture
def consoles(postgres_url: str) -> Iterator[list[WindowDesk]]:
    wanted = (postgres_url, "desk-1", ZHANG, "zh_CN"), (postgres_url, "desk-2", BAKER, "en")
    with window_desks(*wanted) as desks:
        yield desks


def test_two_officers_work_on_one_journal_until_one_of_them_is_killed(consoles: list[WindowDesk]) -> None:
    left, right = consoles
    left.do("report", f"报 人群聚集 @望浦广场 级1 {CROWD}", CROWD)
    right.do("sees", CROWD, "queue")
    right.do("report", f'n crowd @"Xuefu Home" pri1 {TREE}', TREE)
    left.do("sees", TREE, "queue")
    _seen_by_each_other(left, right)
    waiting = _one_unit_for_two(left, right)
    _claimed_and_taken_over(left, right, waiting)
    _one_is_killed_and_the_other_works_on(left, right, waiting)


def _seen_by_each_other(left: WindowDesk, right: WindowDesk) -> None:
    for desk in (left, right):
        desk.do("choose", CROWD)
        desk.do("bring_up", "card")
    left.do("sees", f"desk-2 {BAKER} 在看", "card")
    right.do("sees", f"desk-1 {ZHANG}", "card")
    right.do("choose", TREE)
    left.do("sees_no_more", f"desk-2 {BAKER} 在看")


def _one_unit_for_two(left: WindowDesk, right: WindowDesk) -> str:
    """Both have it chosen, both press; whoever is second is told who was first, and nobody else goes instead.

    What still waits for a unit.
    """
    sides = {CROWD: left, TREE: right}
    for title, desk in sides.items():
        desk.do("dispatching", title)
        desk.do("tick", "p1")
    for desk in sides.values():
        desk.tell("press", "D")
    for desk in sides.values():
        desk.answer()
    became = {title: desk.do("sent_or_refused", title) for title, desk in sides.items()}
    (won,) = (title for title, words in became.items() if words == "sent")
    (waiting,) = set(sides) - {won}
    who = f"席位 desk-2 的 {BAKER}" if won == TREE else f"{ZHANG} at desk desk-1"
    assert who in became[waiting]
    for desk in sides.values():
        assert desk.do("wait_for_status", won, "dispatched") == ["p1"]
        assert desk.do("status", waiting) == "reported"
    (sent,) = left.do("records", "unit.dispatched")
    assert sent[:2] == (["desk-2", BAKER] if won == TREE else ["desk-1", ZHANG])
    return waiting


def _claimed_and_taken_over(left: WindowDesk, right: WindowDesk, title: str) -> None:
    left.do("choose", title)
    left.do("press", "Shift+O")
    right.do("sees", "@1", "queue")
    right.do("choose", title)
    right.do("press", "A")
    right.do("sees", f"is claimed by {ZHANG} at desk desk-1", "queue")
    assert left.do("status", title) == "reported", "he was warned first"
    right.do("press", "Shift+X")
    right.do("answer_sheet", "he is on the scene himself")
    left.do("sees", "办·2", "queue")
    (taken,) = left.do("records", "incident.taken_over")
    assert taken[:2] == ["desk-2", BAKER]


def _one_is_killed_and_the_other_works_on(left: WindowDesk, right: WindowDesk, title: str) -> None:
    left.do("choose", title)
    right.do("bring_up", "card")
    right.do("sees", f"desk-1 {ZHANG}", "card")
    left.kill()
    right.do("choose", title)
    party = right.do("dispatching", title)
    for key in "RD":
        right.do("press", key)
    assert right.do("wait_for_status", title, "dispatched") == party
    right.do("bring_up", "card")
    right.do("sees_no_more", f"desk-1 {ZHANG}")
