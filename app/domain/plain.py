"""Values that do not change: how they are made, when two are equal, and how another one is made of one.

Owns that, once for all of them: generated anew for each of 250 classes, as `dataclass(frozen=True, slots=True)` does,
it cost every start of a desk 80 ms. Must not know what is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T", bound="Plain")


class Plain:
    """The base of what `plain` makes."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _held: ClassVar[Callable[[Any], tuple[Any, ...]]]

    def __eq__(self, other: object) -> bool:
        of = type(self)
        return of is type(other) and of._held(self) == of._held(other)

    def __hash__(self) -> int:
        of = type(self)
        return hash((of, of._held(self)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__qualname__}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), type(self)._held(self)


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
    # Else dataclass writes one, which takes as long as all the rest.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    setattr(made, "__init__", _init_of(made))  # noqa: B010
    made._held = _getter(made.__match_args__)
    return made


if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414 - the checker knows it by this name
else:

    def replace(record: Any, **changes: Any) -> Any:
        """Another one with these fields changed: `dataclasses.replace`, four times as quick. Raises TypeError."""
        of = type(record)
        return of(**dict(zip(of.__match_args__, of._held(record), strict=True)) | changes)


def _init_of(made: type[Any]) -> Any:
    """Sets each field through its slot, which is quicker than the way that a frozen dataclass takes."""
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


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Everything that a record holds, in the order of its fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)
