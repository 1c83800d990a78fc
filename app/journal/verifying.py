"""Checking the hash chain of a store.

Owns what counts as damage and how it is told. Must not touch a database: it is given the head and pages of links.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from app.i18n import tr
from app.journal import chain
from app.journal.appending import Head
from app.journal.store import Verdict

Link: TypeAlias = tuple[int, str, int, str, int, int, int, str, str, str, str, str, str, str, str]
"""One event as stored (tables.EVENT_COLUMNS), both hashes as hexadecimal text."""


class _Damage(Exception):
    def __init__(self, seq: int, key: str, **facts: object) -> None:
        super().__init__(key)
        self.seq = seq
        self.reason = tr(f"journal.verify.{key}", seq=seq, **facts)


def verify_chain(head: Callable[[], Head], page: Callable[[int], Sequence[Link]]) -> Verdict:
    """Follow the chain from its start. `page(after_seq)` gives the next links, none at the end.

    Events may be appended meanwhile; those are checked too.
    """
    promised = head()
    last = Head(0, 0, chain.GENESIS)
    try:
        while links := page(last.seq):
            for link in links:
                last = _follow(last, link)
                if last.seq == promised.seq and last.hash != promised.hash:
                    raise _Damage(last.seq, "not_the_head")
        _check_end(promised, last, head)
    except _Damage as damage:
        return Verdict(ok=False, events=last.seq, first_bad_seq=damage.seq, reason=damage.reason)
    return Verdict(ok=True, events=last.seq)


def _follow(last: Head, link: Link) -> Head:
    seq, recorded_at = link[0], link[6]
    if seq != last.seq + 1:
        raise _Damage(last.seq + 1, "missing")
    if bytes.fromhex(link[13]) != last.hash:
        raise _Damage(seq, "not_following")
    if chain.link(last.hash, link[:13]) != bytes.fromhex(link[14]):
        raise _Damage(seq, "changed")
    if recorded_at < last.recorded_at:
        raise _Damage(seq, "time_backwards")
    return Head(seq, recorded_at, bytes.fromhex(link[14]))


def _check_end(promised: Head, last: Head, head: Callable[[], Head]) -> None:
    if last.seq < promised.seq:
        raise _Damage(last.seq + 1, "missing_end", head=promised.seq)
    now = head()
    if last.seq > now.seq:
        raise _Damage(now.seq + 1, "beyond_the_head")
