"""Columns by key, and the mailbox in which the newest fix wins."""

from widgets.map.marks import IncidentMark, UnitMark
from widgets.map.scene import Mailbox, PointLayer, Scene


def unit(key: str, fix_at: int | None, lat: float = 31.0, status: str = "available") -> UnitMark:
    return UnitMark(key, "police", key, lat, 121.0, status, None, fix_at)


def test_of_several_fixes_between_two_frames_only_the_newest_counts() -> None:
    box = Mailbox()
    for fix_at, lat in ((1_000, 31.0), (3_000, 31.3), (2_000, 31.2)):
        box.put(unit("p1", fix_at, lat))
    assert [mark.lat for mark in box.take()] == [31.3]
    assert not box


def test_an_old_fix_that_comes_late_never_moves_a_unit_back() -> None:
    box = Mailbox()
    box.put(unit("p1", 3_000))
    box.take()
    box.put(unit("p1", 2_999))
    assert box.take() == []


def test_a_new_status_at_the_same_fix_is_taken() -> None:
    box = Mailbox()
    box.put(unit("p1", 3_000))
    box.take()
    box.put(unit("p1", 3_000, status="on_scene"))
    assert [mark.status for mark in box.take()] == ["on_scene"]


def test_a_unit_that_was_dropped_may_come_back_with_any_fix() -> None:
    scene = Scene()
    scene.mailbox.put(unit("p1", 3_000))
    scene.deliver(1.0, animate=False)
    scene.drop_unit("p1")
    assert "p1" not in scene.units
    scene.mailbox.put(unit("p1", 1_000))
    scene.deliver(2.0, animate=False)
    assert "p1" in scene.units


def test_slots_are_kept_reused_and_grown() -> None:
    layer: PointLayer[UnitMark] = PointLayer(capacity=4)
    slots = {key: layer.put(unit(key, None), i, i) for i, key in enumerate("abcdefghij")}
    assert len(set(slots.values())) == 10
    assert layer.x_m[slots["j"]] == 9
    layer.drop("c")
    assert layer.put(unit("k", None), 0, 0) == slots["c"]
    assert layer.slot("d") == slots["d"]
    assert int(layer.alive.sum()) == len(layer) == 10


def test_a_mark_that_says_the_same_is_no_change() -> None:
    layer: PointLayer[IncidentMark] = PointLayer()
    mark = IncidentMark("i1", "fire", 1, "smoke", 31.0, 121.0, "reported")
    layer.put(mark, 0, 0)
    before = layer.revision
    layer.put(mark, 0, 0)
    assert layer.revision == before


def test_links_join_only_what_is_on_the_map() -> None:
    scene = Scene()
    scene.mailbox.put(unit("p1", None))
    scene.deliver(1.0, animate=False)
    scene.put_still(scene.incidents, [IncidentMark("i1", "fire", 1, "", 31.0, 121.0, "reported")])
    scene.links = (("p1", "i1"), ("p1", "gone"), ("gone", "i1"))
    assert len(scene.linked()) == 1
