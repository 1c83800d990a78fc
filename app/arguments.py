"""Arguments of a call: a parser that speaks the language of the call, and the kinds of value that options take.

Owns the wording of wrong use and its exit code. Must not know a command, nor open what an argument names.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from app.domain.instants import Instant, parse_iso
from app.i18n import tr

WRONG_USE = 2

Check = Callable[[argparse.Namespace], str | None]
"""What is wrong with options that do not fit together, None when they do."""

Number = TypeVar("Number", int, float)


class _Help(argparse.HelpFormatter):
    """Help whose own words are in the language of the call too."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, tr("cli.usage") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        known = {"positional arguments": "cli.arguments", "options": "cli.options"}
        super().start_section(tr(known[heading]) if heading in known else heading)


class _Worded(argparse.ArgumentError):
    """What is wrong with an argument, already in the language of the call."""


class Parser(argparse.ArgumentParser):
    """Says in one line what was wrong and where help is. The library's own sentences, English only, are never shown.

    `check` looks at options that were parsed, for what can only be judged of several together.
    """

    def __init__(self, add_help: bool = True, **options: Any) -> None:
        fixed = {"add_help": False, "allow_abbrev": False, "exit_on_error": False}
        super().__init__(**({"formatter_class": _Help} | options | fixed))
        self.check: Check | None = None
        self._asked_for: list[argparse.Action] = []
        if add_help:
            self.add_argument("-h", "--help", action="help", help=tr("cli.help.help"))

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message}{tr('cli.see_help', command=self.prog)}\n")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error(tr("cli.unknown", words=" ".join(rest)))
        return found

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Asks itself for what is required: the library's hook for that knows no language."""
        self._asked_for = [action for action in self._actions if action.required]
        _require(self._asked_for, False)
        try:
            found, rest = super().parse_known_args(args, namespace)
        except argparse.ArgumentError as fault:
            self.error(_sentence(fault))
        finally:
            _require(self._asked_for, True)
        self._complete(found)
        return found, rest

    def format_help(self) -> str:
        """Help is shown in the middle of parsing, and names what is required as required."""
        _require(self._asked_for, True)
        return super().format_help()

    def _complete(self, found: argparse.Namespace) -> None:
        missing = [_name(a) for a in self._asked_for if getattr(found, a.dest, None) is None]
        if missing:
            self.error(tr("cli.required", names=listed(missing)))
        if self.check is not None and (fault := self.check(found)):
            self.error(fault)

    # -- the library's hooks -----------------------------------------------------------------------------------------

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        convert = self._registry_get("type", action.type, action.type)
        try:
            return convert(arg_string)
        except argparse.ArgumentTypeError as fault:
            raise _Worded(action, str(fault)) from None
        except (TypeError, ValueError):
            raise _Worded(action, tr("cli.bad_value", text=arg_string)) from None

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise _Worded(action, tr("cli.not_a_choice", text=value, choices=listed(action.choices)))

    def _match_argument(self, action: argparse.Action, arg_strings_pattern: str) -> int:
        try:
            return super()._match_argument(action, arg_strings_pattern)
        except argparse.ArgumentError:
            raise _Worded(action, tr("cli.value_missing")) from None


def _sentence(fault: argparse.ArgumentError) -> str:
    """The only fault that the hooks do not see is a value given to an option that takes none."""
    said = str(fault.message) if isinstance(fault, _Worded) else tr("cli.takes_no_value")
    return tr("cli.argument", name=fault.argument_name, said=said)


def _require(actions: Iterable[argparse.Action], required: bool) -> None:
    for action in actions:
        action.required = required


def _name(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or str(action.metavar or action.dest)


def listed(words: Iterable[object]) -> str:
    """Words in a row as the language of the call writes them."""
    return tr("cli.and").join(str(word) for word in words)


# -- kinds of value --------------------------------------------------------------------------------------------------


def number(kind: Callable[[str], Number], least: Number, most: Number) -> Callable[[str], Number]:
    """A kind of value: a number from `least` to `most`."""

    def taken(text: str) -> Number:
        value = _converted(kind, text)
        if value is None or not least <= value <= most:
            key = "cli.bad_whole_number" if kind is int else "cli.bad_number"
            said = tr(key, text=text, least=f"{least:,.12g}", most=f"{most:,.12g}")
            raise argparse.ArgumentTypeError(said)
        return value

    return taken


def whole(text: str) -> int:
    """A kind of value: any whole number."""
    value = _converted(int, text)
    if value is None:
        raise argparse.ArgumentTypeError(tr("cli.bad_whole", text=text))
    return value


def instant(text: str) -> Instant:
    """A kind of value: a time with its offset; without one it would be a guess."""
    try:
        return parse_iso(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("cli.bad_instant", text=text)) from None


def _converted(kind: Callable[[str], Number], text: str) -> Number | None:
    try:
        return kind(text)
    except ValueError:
        return None
