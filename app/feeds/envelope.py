"""The event envelope that every plain JSON feed speaks.

Owns its fields, its limits and the reason why a message is no envelope. Must not know what is done with it, and must
not put what a person said into a reason: reasons are journalled, messages stand in the erasable quarantine.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, Literal, NoReturn, TypeAlias, get_args

import msgspec

from app.domain.errors import StreetdeskError
from app.domain.guards import MAX_TEXT, MAX_TITLE
from app.domain.instants import Instant, parse_iso
from app.domain.unit import STATUSES
from app.geo.coordinates import to_wgs84
from app.i18n import tr

Kind: TypeAlias = Literal[
    "incident.reported",
    "incident.updated",
    "incident.withdrawn",
    "unit.position",
    "unit.status",
    "camera.status",
    "alarm.raised",
    "alarm.cleared",
    "task.ack",
    "order.placed",
    "report.filed",
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)

NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "unit.position": ("unit", "lat", "lon"),
    "unit.status": ("unit", "status"),
    "camera.status": ("camera", "online"),
    "task.ack": ("unit",),
}
"""What a kind says nothing without; every other field may be null or absent."""

MAX_MESSAGE_BYTES: Final = 1_000_000
MAX_ID: Final = 200
MAX_SHORT: Final = 500
MAX_ATTACHMENTS: Final = 64
EARLIEST_AT: Final[Instant] = 0
LATEST_AT: Final[Instant] = 7_258_118_400_000
"""1970 to 2200: what lies outside is a broken clock, not a late or a skewed one."""

_Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID)]
_Short: TypeAlias = Annotated[str, msgspec.Meta(max_length=MAX_SHORT)]


class Malformed(StreetdeskError):
    """A message that is no envelope.

    `reason` names the sentence `feed.malformed.<reason>` and `facts` fill it; `source` and `message_id` are what the
    message says they are, "" where even that cannot be read.
    """

    def __init__(self, reason: str, *, source: str = "", message_id: str = "", **facts: object) -> None:
        super().__init__(f"{reason} {facts}" if facts else reason)
        self.reason = reason
        self.source = source
        self.message_id = message_id
        self.facts = facts

    @property
    def sentence(self) -> str:
        """What is wrong with which field, and what came, in the current language."""
        return tr(f"feed.malformed.{self.reason}", **self.facts)


class Reporter(msgspec.Struct, frozen=True, gc=False):
    """Who called. Personal data: it must end up in the persons table and nowhere else."""

    name: _Short | None = None
    phone: _Short | None = None


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One event as its source tells it. `lat`/`lon` are WGS-84 degrees whatever `crs` the source used.

    `incident` is our own incident id or "source:id" of the message that reported it; `extra` holds every field that
    is not named here, as it came.
    """

    id: _Id
    kind: Kind
    source: _Id
    occurred_at: Instant
    type: _Short | None = None
    priority: Annotated[int, msgspec.Meta(ge=1, le=4)] | None = None
    title: Annotated[str, msgspec.Meta(max_length=MAX_TITLE)] = ""
    description: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    crs: _Short | None = None
    address: _Short = ""
    grid: _Id | None = None
    reporter: Reporter | None = None
    camera: _Id | None = None
    attachments: Annotated[tuple[_Short, ...], msgspec.Meta(max_length=MAX_ATTACHMENTS)] = ()
    unit: _Id | None = None
    status: _Short | None = None
    incident: _Id | None = None
    heading_deg: Annotated[float, msgspec.Meta(ge=-360, le=360)] | None = None
    speed_mps: Annotated[float, msgspec.Meta(ge=0, le=1000)] | None = None
    accepted: bool | None = None
    reason: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""
    online: bool | None = None
    alarm: _Id | None = None
    device: _Id | None = None
    task: _Id | None = None
    extra: dict[str, Any] = {}


def decode(raw: str | bytes) -> Envelope:
    """The envelope that a message holds. Raises Malformed for everything that is none, never anything else."""
    message = _parsed(raw)
    try:
        return _envelope(message)
    except Malformed as malformed:
        malformed.source = _readable(message.get("source"))
        malformed.message_id = _readable(message.get("id"))
        raise


def _envelope(message: dict[str, Any]) -> Envelope:
    fields = {name: value for name, value in message.items() if value is not None and name in _FIELDS}
    fields["extra"] = extra = {name: message[name] for name in message.keys() - _FIELDS}
    fields["occurred_at"] = _instant(message)
    _clean_texts(fields)
    if "reporter" in fields:
        fields["reporter"] = _cleaned_reporter(fields["reporter"], extra)
    try:
        envelope = msgspec.convert(fields, Envelope)
    except msgspec.ValidationError as error:
        _raise_explained(message, error)
    _check_sense(envelope)
    return _in_wgs84(envelope)


# -- bytes to a JSON object ------------------------------------------------------------------------------------------

_decoder = msgspec.json.Decoder()


def _parsed(raw: str | bytes) -> dict[str, Any]:
    if len(raw) > MAX_MESSAGE_BYTES:
        raise Malformed("too_large", size=len(raw), limit=MAX_MESSAGE_BYTES)
    try:
        message = _decoder.decode(raw)
    except UnicodeError:
        raise Malformed("not_utf8") from None
    except RecursionError:
        raise Malformed("too_deep") from None
    except msgspec.DecodeError as error:
        return _parsed_again(raw, error)
    if not isinstance(message, dict):
        raise Malformed("not_an_object", came=_json_type(message))
    return message


def _parsed_again(raw: str | bytes, error: msgspec.DecodeError) -> dict[str, Any]:
    """Either the object behind a byte order mark, or the precise reason why there is none."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise Malformed("not_utf8") from None
    if text.startswith("\ufeff"):
        return _parsed(text.removeprefix("\ufeff"))
    _refuse_what_is_no_number(text)
    raise Malformed("not_json", detail=str(error).partition(" - at ")[0]) from None


def _refuse_what_is_no_number(text: str) -> None:
    """NaN and Infinity are no JSON, though several libraries write them: say so rather than "invalid character"."""

    def refuse(constant: str) -> NoReturn:
        raise Malformed("not_a_number", came=constant)

    try:
        json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return


# -- what has to be made right before the types are checked ----------------------------------------------------------

_FIELDS: Final = frozenset(Envelope.__struct_fields__) - {"extra"}
_REPORTER_FIELDS: Final = frozenset(Reporter.__struct_fields__)
_DISPLAYED: Final = ("title", "description", "address", "reason")
_CONTROLS: Final = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF]
)
for _kept in "\n\t":
    del _CONTROLS[ord(_kept)]


def _instant(message: dict[str, Any]) -> Instant:
    value = message.get("occurred_at")
    if value is None:
        raise Malformed("missing", field="occurred_at")
    if not isinstance(value, str):
        raise Malformed("wrong_type.text", field="occurred_at", came=_shown("occurred_at", value))
    try:
        at = parse_iso(value)
    except (ValueError, OverflowError):
        raise Malformed("no_instant", came=_shown("occurred_at", value)) from None
    if not EARLIEST_AT <= at < LATEST_AT:
        raise Malformed("instant_out_of_range", came=_shown("occurred_at", value))
    return at


def _clean_texts(message: dict[str, Any]) -> None:
    """Takes control and direction characters out of what is shown; a line break stays."""
    for name in _DISPLAYED:
        text = message.get(name)
        if type(text) is str and not text.isprintable():
            message[name] = text.translate(_CONTROLS)


def _cleaned_reporter(reporter: Any, extra: dict[str, Any]) -> Any:
    if not isinstance(reporter, dict):
        return reporter
    if unknown := reporter.keys() - _REPORTER_FIELDS:
        extra["reporter"] = {name: reporter[name] for name in unknown}
    return {k: v.translate(_CONTROLS) if type(v) is str else v for k, v in reporter.items()}


# -- what the types cannot say ---------------------------------------------------------------------------------------

_IDENTIFIERS: Final = ("id", "source", "unit", "incident", "camera", "alarm", "device", "task", "grid")


def _check_sense(envelope: Envelope) -> None:
    if not _identifiers(envelope).isprintable():
        raise Malformed("control_characters", field=_first_unprintable(envelope))
    for name in NEEDS.get(envelope.kind, ()):
        if getattr(envelope, name) is None:
            raise Malformed("missing_for_kind", field=name, kind=envelope.kind)
    if (envelope.lat is None) is not (envelope.lon is None):
        raise Malformed("half_a_position", field="lon" if envelope.lon is None else "lat")
    if envelope.kind == "unit.status" and envelope.status not in STATUSES:
        raise Malformed("unknown_status", came=_shown("status", envelope.status), allowed=", ".join(STATUSES))


def _identifiers(e: Envelope) -> str:
    """All of them in one text: one question to it is four times faster than one to each."""
    return f"{e.id}{e.source}{e.unit}{e.incident}{e.camera}{e.alarm}{e.device}{e.task}{e.grid}"


def _first_unprintable(envelope: Envelope) -> str:
    return next(name for name in _IDENTIFIERS if not str(getattr(envelope, name)).isprintable())


def _in_wgs84(envelope: Envelope) -> Envelope:
    crs = envelope.crs
    if crs is None or crs == "wgs84":
        return envelope
    try:
        lat, lon = to_wgs84(envelope.lat or 0.0, envelope.lon or 0.0, crs)
    except ValueError:
        raise Malformed("unknown_crs", came=_shown("crs", crs)) from None
    return envelope if envelope.lat is None else msgspec.structs.replace(envelope, lat=lat, lon=lon)


# -- why it is no envelope -------------------------------------------------------------------------------------------

_PATH: Final = re.compile(r" - at `\$\.(\w+)")
_EXPECTED: Final = re.compile(r"Expected `(\w+)")
_REQUIRED: Final = ("id", "kind", "source")
_RANGES: Final = {"lat": (-90, 90), "lon": (-180, 180), "heading_deg": (-360, 360), "speed_mps": (0, 1000)}
_LENGTHS: Final = {"title": MAX_TITLE, "description": MAX_TEXT, "reason": MAX_TEXT}
_TYPE_KEYS: Final = {"str": "text", "int": "whole", "float": "number", "bool": "truth", "array": "list"}
_SHOWN: Final = frozenset(
    {"kind", "occurred_at", "status", "crs", "lat", "lon", "priority", "type", *_RANGES}
)
"""Fields whose value may stand in a reason; the rest may name people."""


def _raise_explained(message: dict[str, Any], error: msgspec.ValidationError) -> NoReturn:
    for field in _REQUIRED:
        if message.get(field) in (None, ""):
            raise Malformed("missing", field=field) from None
    said = str(error)
    path = _PATH.search(said)
    field = path.group(1) if path else ""
    value = message.get(field)
    if field == "kind" and isinstance(value, str):
        raise Malformed("unknown_kind", came=_shown(field, value)) from None
    expected = _EXPECTED.search(said)
    if expected and "got `" in said:
        key = _TYPE_KEYS.get(expected.group(1), "object")
        raise Malformed(f"wrong_type.{key}", field=field, came=_shown(field, value)) from None
    _raise_out_of_limits(field, value)


def _raise_out_of_limits(field: str, value: Any) -> NoReturn:
    if field == "priority":
        raise Malformed("priority_out_of_range", came=_shown(field, value)) from None
    if field in _RANGES:
        least, most = _RANGES[field]
        came = _shown(field, value)
        raise Malformed("out_of_range", field=field, came=came, least=least, most=most) from None
    if value == "":
        raise Malformed("empty", field=field) from None
    limit = (
        MAX_ATTACHMENTS
        if isinstance(value, list)
        else _LENGTHS.get(field, MAX_ID if field in _IDENTIFIERS else MAX_SHORT)
    )
    size = len(value) if isinstance(value, str | list) else 0
    raise Malformed("too_long", field=field, length=size, limit=limit) from None


def _shown(field: str, value: Any) -> str:
    """What came: the value itself where it cannot name a person, else only its JSON type."""
    if field not in _SHOWN or isinstance(value, dict | list):
        return _json_type(value)
    text = json.dumps(value, ensure_ascii=False).translate(_CONTROLS)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _json_type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "true/false", type(None): "null"}
    return names.get(type(value), "number")


def _readable(value: Any) -> str:
    return value[:MAX_ID].translate(_CONTROLS) if isinstance(value, str) else ""
