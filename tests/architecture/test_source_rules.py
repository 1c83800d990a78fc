"""The program keeps the rules of rules.py, and each rule is seen to catch what it is for."""

import ast
from statistics import median, quantiles

import pytest

from tests.architecture import rules
from tests.architecture.rules import Rule
from tests.architecture.source import Module, line_count, modules

PROGRAM = ("app", "widgets", "main.py")
MEDIAN_FUNCTION_LINES = 10
P90_FUNCTION_LINES = 35

BENCH = (
    "widgets/bench/bare_window.py",
    "widgets/bench/heart_beat.py",
)  # the bare Qt that ours is measured beside

# rule, the places it holds for, the files that are the exception
KEPT: list[tuple[Rule, tuple[str, ...], tuple[str, ...]]] = [
    (rules.file_is_too_long, (*PROGRAM, "tests", "installer"), ()),
    (rules.function_is_too_long, (*PROGRAM, "tests", "installer"), ()),
    (rules.module_says_not_what_it_owns, (*PROGRAM, "tests", "installer"), ()),
    (rules.module_name_says_nothing, (*PROGRAM, "tests", "installer"), ()),
    (rules.chinese_text_in_code, PROGRAM, ()),
    (rules.colour_or_font_in_code, ("widgets",), ("widgets/style.py",)),
    (rules.task_without_owner, PROGRAM, ("app/service/tasks.py",)),
    (rules.nested_event_loop, PROGRAM, BENCH),
    (rules.single_shot_without_context, PROGRAM, BENCH),
    (rules.everything_swallowed, (*PROGRAM, "tests", "installer"), ()),
    (rules.collector_beside_the_one, ("widgets",), ("widgets/garbage.py", "widgets/bench/map.py")),
    (rules.sleep_instead_of_waiting, ("tests",), ("tests/architecture/leaky_examples.py",)),
]

# rule, what it must catch, what it must let pass
EXAMPLES: list[tuple[Rule, str, str]] = [
    (rules.file_is_too_long, "x = 1\n" * 501, "x = 1\n" * 500),
    (rules.function_is_too_long, "def f():\n" + "    x = 1\n" * 60, "def f():\n" + "    x = 1\n" * 59),
    (rules.module_says_not_what_it_owns, "x = 1", '"""Owns x."""\nx = 1'),
    (rules.chinese_text_in_code, 'title = "指挥"', '"""指挥 command."""\ntitle = tr("console.title")'),
    (rules.colour_or_font_in_code, 'pen("#FF5A5F")', 'find("#12 Main")'),
    (rules.colour_or_font_in_code, "QColor(255, 90, 95)", "QColor(0, 0, 0, 0)"),
    (rules.colour_or_font_in_code, 'QFont("Noto Sans")', "QFont(tokens().families)"),
    (rules.task_without_owner, "asyncio.get_running_loop().create_task(f())", "owner.spawn(f())"),
    (rules.nested_event_loop, "QDialog(self).exec()", "drag.exec(Qt.CopyAction)"),
    (rules.nested_event_loop, "app.exec_()", 'exec("x = 1", names)'),
    (rules.single_shot_without_context, "QTimer.singleShot(0, f)", "QTimer.singleShot(0, self, f)"),
    (rules.everything_swallowed, "with contextlib.suppress(Exception): f()", "with suppress(OSError): f()"),
    (rules.collector_beside_the_one, "import gc", "from widgets.garbage import keep_what_stands"),
    (rules.sleep_instead_of_waiting, "time.sleep(1)", "while not ready():\n    time.sleep(0.01)"),
    (rules.sleep_instead_of_waiting, "async def t():\n    await asyncio.sleep(1)", "asyncio.sleep(0)"),
]


def parsed(text: str, path: str = "app/example.py") -> Module:
    return Module(path, text, ast.parse(text))


@pytest.mark.parametrize(("rule", "places", "exceptions"), KEPT, ids=[rule.__name__ for rule, *_ in KEPT])
def test_nowhere(rule: Rule, places: tuple[str, ...], exceptions: tuple[str, ...]) -> None:
    broken = [m.at(node) for m in modules(*places) if m.path not in exceptions for node in rule(m)]
    assert not broken, f"{rule.__name__}: {rule.__doc__ or ''}\n" + "\n".join(broken)


@pytest.mark.parametrize(("rule", "bad", "good"), EXAMPLES, ids=[rule.__name__ for rule, *_ in EXAMPLES])
def test_a_rule_catches_what_it_is_for_and_nothing_else(rule: Rule, bad: str, good: str) -> None:
    assert list(rule(parsed(bad)))
    assert not list(rule(parsed(good)))


def test_a_vague_name_is_caught() -> None:
    assert list(rules.module_name_says_nothing(parsed("", "app/feeds/string_utils.py")))
    assert not list(rules.module_name_says_nothing(parsed("", "app/feeds/quarantine.py")))


@pytest.mark.parametrize("package", ["app", "widgets"])
def test_functions_are_short_as_a_rule(package: str) -> None:
    lengths = [line_count(function) for module in modules(package) for function in module.functions()]
    assert median(lengths) <= MEDIAN_FUNCTION_LINES
    assert quantiles(lengths, n=10)[-1] <= P90_FUNCTION_LINES
