"""Owns the rules of the source that ruff cannot see. A rule takes a module and gives the nodes that break it."""

import ast
import re
from collections.abc import Callable, Iterable

from tests.architecture.source import Function, Module, dotted, line_count

Rule = Callable[[Module], Iterable[ast.AST]]

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60

_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_HEX_COLOUR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_VAGUE = re.compile(r"(^|/)\w*(utils?|helpers?|managers?|misc)(\.py|/)")


def file_is_too_long(module: Module) -> Iterable[ast.AST]:
    return [module.tree] if module.text.count("\n") > MAX_FILE_LINES else []


def function_is_too_long(module: Module) -> Iterable[ast.AST]:
    return [function for function in module.functions() if line_count(function) > MAX_FUNCTION_LINES]


def module_says_not_what_it_owns(module: Module) -> Iterable[ast.AST]:
    return [module.tree] if module.text.strip() and not ast.get_docstring(module.tree) else []


def module_name_says_nothing(module: Module) -> Iterable[ast.AST]:
    return [module.tree] if _VAGUE.search(module.path) else []


def chinese_text_in_code(module: Module) -> Iterable[ast.AST]:
    """Texts come from resources/i18n through tr()."""
    return [node for node in _texts(module) if _CJK.search(node.value)]


def colour_or_font_in_code(module: Module) -> Iterable[ast.AST]:
    """They come from resources/style/tokens.toml through widgets/style.py."""
    named = [node for node in _texts(module) if _HEX_COLOUR.fullmatch(node.value)]
    made = [
        call
        for call in _calls(module, "QColor", "QFont")
        if call.args and all(isinstance(a, ast.Constant) and a.value != 0 for a in call.args)
    ]
    return [*named, *made]


def task_without_owner(module: Module) -> Iterable[ast.AST]:
    """app/service/tasks.py owns and ends every asyncio task."""
    return _calls(module, "create_task", "ensure_future", "run_coroutine_threadsafe")


def nested_event_loop(module: Module) -> Iterable[ast.AST]:
    """`open()` and the finished signal instead of `x.exec()`; a drag has no other way. Python's own exec is no loop."""
    return [
        call
        for call in _calls(module, "exec", "exec_", "processEvents")
        if isinstance(call.func, ast.Attribute) and not dotted(call.func).startswith("drag.")
    ]


def single_shot_without_context(module: Module) -> Iterable[ast.AST]:
    """`QTimer.singleShot(ms, self, f)`: without a context f is called even when its widget is gone."""
    return [call for call in _calls(module, "singleShot") if len(call.args) < 3]


def everything_swallowed(module: Module) -> Iterable[ast.AST]:
    return [
        call
        for call in _calls(module, "suppress")
        if {dotted(argument) for argument in call.args} & {"Exception", "BaseException"}
    ]


def collector_beside_the_one(module: Module) -> Iterable[ast.AST]:
    """widgets/garbage.py says when garbage is collected, and on which thread."""
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import) and any(alias.name == "gc" for alias in node.names)
    ]


def sleep_instead_of_waiting(module: Module) -> Iterable[ast.AST]:
    """A sleep may only pace a loop that asks for a condition; otherwise `until`, qtbot.waitUntil or an Event."""
    return _sleeps_outside_while(module.tree)


def _sleeps_outside_while(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.While):
        return []
    own: list[ast.AST] = [node] if isinstance(node, ast.Call) and _is_sleep(node) else []
    return own + [call for child in ast.iter_child_nodes(node) for call in _sleeps_outside_while(child)]


def _is_sleep(call: ast.Call) -> bool:
    name = dotted(call.func)
    if name in ("time.sleep", "asyncio.sleep"):
        return not (isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)
    return name in ("qtbot.wait", "QTest.qWait")


def _calls(module: Module, *names: str) -> list[ast.Call]:
    return [call for call, called in module.calls() if called.split(".")[-1] in names]


def _texts(module: Module) -> list[ast.Constant]:
    """Every string of a module that is no docstring, neither of a definition nor below a constant."""
    docstrings = {
        id(node.value)
        for parent in ast.walk(module.tree)
        if isinstance(parent, ast.Module | ast.ClassDef | Function)
        for node in parent.body
        if isinstance(node, ast.Expr)
    }
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
