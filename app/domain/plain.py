"""What commands and events have in common: how they are made, that they do not change, when two are equal.

Owns that, once for all of them: generated anew for each of 170 classes, as `dataclass(frozen=True, slots=True)` does,
it cost every start of a desk 50 ms. Must not be used where equality is asked often: it is the slow way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T", bound="Plain")


class Plain:
    """The base of what `plain` makes."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash((type(self), *_values(self)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self))
        return f"{type(self).__qualname__}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), _values(self)


def _never_set(_self: Plain, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _never_deleted(_self: Plain, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


# Not written as methods: a type checker would then let anything be assigned.
setattr(Plain, "__setattr__", _never_set)  # noqa: B010
setattr(Plain, "__delattr__", _never_deleted)  # noqa: B010


@dataclass_transform(frozen_default=True)
def plain(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots; of its methods only `__init__` is its own. Defaults must be values."""
    cls.__doc__ = (
        cls.__doc__ or cls.__name__
    )  # else dataclass writes one, which takes as long as all the rest
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    setattr(made, "__init__", _init_of(made))  # noqa: B010
    return made


def _init_of(made: type[Any]) -> Any:
    known = {f"_{one.name}": one.default for one in fields(made)}
    known |= {f"_set_{one.name}": getattr(made, one.name).__set__ for one in fields(made)}
    lines = [
        f"def __init__({', '.join(_parameters(fields(made)))}):",
        *(f" _set_{one.name}(self, {one.name})" for one in fields(made)),
        " return None",
    ]
    exec("\n".join(lines), known)  # noqa: S102 - names of our own fields, as dataclasses themselves do it
    return known["__init__"]


def _parameters(of: tuple[Field[Any], ...]) -> Iterator[str]:
    yield "self"
    for one in of:
        yield one.name if one.default is MISSING else f"{one.name}=_{one.name}"


def _names(record: Any) -> Any:
    return getattr(type(record), "__dataclass_fields__", ())


def _values(record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in _names(record))
