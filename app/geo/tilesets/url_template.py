"""Owns the address of one online tile. Must not fetch it, and must never show a key: `host` is all that may be told."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_KNOWN = frozenset({"z", "x", "y", "-y", "s", "k", "key"})
_NEEDED = frozenset({"z", "x"})


@dataclass(frozen=True, slots=True)
class UrlTemplate:
    """`text` holds {z} {x} {y} (or {-y}, rows from the south), may hold {s} (a subdomain) and {k} or {key}.

    Neither text nor key is in `repr`: a key may have been pasted into the text itself.
    """

    text: str = field(repr=False)
    key: str = field(default="", repr=False)
    subdomains: tuple[str, ...] = ()

    def fault(self) -> tuple[str, dict[str, object]] | None:
        """The text key and the parameters that say what is wrong with the template, None when it is fine."""
        names = set(_PLACEHOLDER.findall(self.text))
        if unknown := names - _KNOWN:
            return "unknown_placeholder", {"name": min(unknown)}
        if missing := _NEEDED - names or ({"y"} if not names & {"y", "-y"} else set()):
            return "missing_placeholder", {"name": min(missing)}
        if urlsplit(self.text).scheme not in ("http", "https") or not self.host:
            return "not_http", {}
        if "s" in names and not self.subdomains:
            return "no_subdomains", {}
        return None

    @property
    def needs_key(self) -> bool:
        return not self.key and bool({"k", "key"} & set(_PLACEHOLDER.findall(self.text)))

    @property
    def host(self) -> str:
        """The server's name, without user, path or query; "" where there is none."""
        first = self.subdomains[0] if self.subdomains else ""
        try:
            return urlsplit(self.text.replace("{s}", first)).hostname or ""
        except ValueError:
            return ""

    def url(self, z: int, x: int, y: int) -> str:
        """One tile's address. Holds the key: not to be shown or logged."""
        subdomain = self.subdomains[(x + y) % len(self.subdomains)] if self.subdomains else ""
        key = quote(self.key, safe="")
        values = {"z": z, "x": x, "y": y, "-y": 2**z - 1 - y, "s": subdomain, "k": key, "key": key}
        return _PLACEHOLDER.sub(lambda found: str(values[found.group(1)]), self.text)
