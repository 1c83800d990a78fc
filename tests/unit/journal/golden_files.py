"""Golden files: one JSON a event type and schema, which must give the same event for ever.

    payload   the text in the journal, as it was written by the program of that schema
    fields    name -> type of the event's fields in that schema
    becomes   the fields of the event that today's program makes of it

A new event type or schema gets its file by `python -m tests.unit.journal.golden_files`, which never touches a file that
is there: a released one is only ever changed in `becomes`, by hand, when an upcaster is added behind it.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from app.domain.duty import DutyTurn
from app.domain.events import EVENT_TYPES, Event
from app.journal import codec

GOLDEN = Path(__file__).with_name("golden")

_SAMPLES: dict[str, Any] = {
    "int": 2,
    "float": 31.2211,
    "bool": True,
    "Instant": 1_795_330_000_000,
    "tuple[str, ...]": ("110:1", "119:甲"),
    "tuple[float, ...]": (100.0, 200.5),
    "tuple[DutyTurn, ...]": (DutyTurn(1_795_330_000_000, 1_795_373_200_000, "p1", "", "a1", ("a2",)),),
    "tuple[tuple[float, float], ...]": ((31.2211, 121.475), (31.2, 121.5)),
}


def golden_path(type_name: str, schema: int) -> Path:
    return GOLDEN / f"{type_name}.{schema}.json"


def fields_of(event_type: type[Event]) -> dict[str, str]:
    return {field.name: str(field.type) for field in fields(event_type)}  # type: ignore[arg-type]


def sample(event_type: type[Event]) -> Event:
    values = {
        name: _SAMPLES.get(annotation.removesuffix(" | None"), f'{name} 样本 "1"\n')
        for name, annotation in fields_of(event_type).items()
    }
    return event_type(**values)


def golden_of(event_type: type[Event]) -> dict[str, Any]:
    payload = codec.encode(sample(event_type))
    return {"payload": payload, "fields": fields_of(event_type), "becomes": json.loads(payload)}


def write_missing() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for type_name, event_type in EVENT_TYPES.items():
        path = golden_path(type_name, event_type.SCHEMA)
        if not path.exists():
            path.write_text(
                json.dumps(golden_of(event_type), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )


if __name__ == "__main__":
    write_missing()
