"""What `plain` makes behaves as a frozen dataclass with slots does, for every command and event there is."""

from __future__ import annotations

import copy
import pickle
from dataclasses import MISSING, FrozenInstanceError, fields, replace

import pytest

from app.domain import commands as cmd
from app.domain.command import Command
from app.domain.event import EVENT_TYPES
from app.domain.plain import Plain, plain


@plain
class Walked(Plain):
    unit: str
    distance_m: float = 0.0
    by: tuple[str, ...] = ()


@plain
class Ran(Walked):
    pace: int = 5


def every_class() -> list[type[Plain]]:
    cmd.read_all()
    held = [one for one in vars(cmd).values() if isinstance(one, type) and issubclass(one, Command)]
    return [*EVENT_TYPES.values(), *(one for one in held if one is not Command)]


def test_fields_by_place_and_by_name_and_what_is_left_out() -> None:
    walked = Walked("U1", by=("a",))
    assert (walked.unit, walked.distance_m, walked.by) == ("U1", 0.0, ("a",))
    assert Ran("U1", 3.0, pace=4) == Ran(pace=4, unit="U1", distance_m=3.0)
    with pytest.raises(TypeError, match="unit"):
        Walked()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="speed"):
        Walked("U1", speed=3)  # type: ignore[call-arg]


def test_nothing_is_changed_added_or_taken_away() -> None:
    walked = Walked("U1")
    for name in ("unit", "another"):
        with pytest.raises(FrozenInstanceError):
            setattr(walked, name, "U2")
        with pytest.raises(FrozenInstanceError):
            delattr(walked, name)
    assert not hasattr(walked, "__dict__")
    assert walked == Walked("U1")


def test_equal_is_what_is_of_one_class_and_holds_the_same() -> None:
    assert Walked("U1") == Walked("U1", 0.0) != Walked("U2")
    assert Walked("U1") != Ran("U1")
    assert len({Walked("U1"), Walked("U1"), Ran("U1")}) == 2
    assert repr(Walked("U1")) == "Walked(unit='U1', distance_m=0.0, by=())"


def test_copies_and_what_another_process_gets_are_equal() -> None:
    ran = Ran("U1", 2.5, ("a",), pace=4)
    assert replace(ran, unit="U2") == Ran("U2", 2.5, ("a",), 4)
    assert copy.deepcopy(ran) == pickle.loads(pickle.dumps(ran)) == ran


@pytest.mark.parametrize("of", every_class(), ids=lambda of: of.__name__)
def test_every_command_and_event_is_made_by_plain(of: type[Plain]) -> None:
    given = {one.name: object() for one in fields(of)}  # type: ignore[arg-type]
    made = of(**given)
    assert {name: getattr(made, name) for name in given} == given
    assert not hasattr(made, "__dict__")
    assert all(one.default_factory is MISSING for one in fields(of))  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        setattr(made, next(iter(given)), "")
