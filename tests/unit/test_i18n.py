"""Every text that code asks for exists, in both languages, with the placeholders that code fills.

No Chinese stands in code, but in docstrings, which no user sees.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from app import i18n
from app.i18n import areas, has_text, keys_of, language, set_language, tr
from app.paths import resource_dir

ROOT = Path(__file__).resolve().parents[2]
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

# Words that are the same in every language, such as a language's own name.
SAME_IN_BOTH = ("common.language.zh_CN", "common.language.en")


@pytest.fixture(autouse=True)
def _language_restored() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def sources() -> list[Path]:
    """Every Python file that may show a text to a user."""
    return sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "widgets").rglob("*.py"), ROOT / "main.py"])


def tr_calls(path: Path) -> Iterator[ast.Call]:
    """Every call of tr in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("tr", "i18n.tr") and node.args:
            yield node


def literal_calls() -> list[tuple[str, ast.Call, str]]:
    """(key, call, place) of every call whose key is a literal."""
    return [
        (call.args[0].value, call, f"{path.relative_to(ROOT)}:{call.lineno}")
        for path in sources()
        if path.exists()
        for call in tr_calls(path)
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def entries() -> list[tuple[str, object]]:
    """(full key, entry) of every text in every area."""
    files = sorted((resource_dir() / "i18n").glob("*.toml"))
    return [
        (f"{path.stem}.{rest}", entry)
        for path in files
        for rest, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    ]


def placeholders(text: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_entry_speaks_both_languages_with_the_same_placeholders() -> None:
    wrong = []
    for key, entry in entries():
        if not isinstance(entry, dict) or set(entry) != {"zh", "en"} or not all(entry.values()):
            wrong.append(f"{key}: wants {{zh = ..., en = ...}} on one flat quoted key, both filled")
        elif placeholders(entry["zh"]) != placeholders(entry["en"]):
            wrong.append(f"{key}: placeholders differ")
        elif CJK.search(entry["en"]) and key not in SAME_IN_BOTH:
            wrong.append(f"{key}: Chinese in the English text")
    assert not wrong, "\n".join(wrong)
    assert len(entries()) > 100


def test_every_literal_key_in_code_exists() -> None:
    missing = []
    for key, _, place in literal_calls():
        area = key.partition(".")[0]
        if area not in areas() or not has_text(key):
            missing.append(f"{place}: {key} is not in resources/i18n/{area}.toml")
    assert not missing, "\n".join(missing)


def test_every_literal_call_fills_the_placeholders_of_its_text() -> None:
    texts = {key: entry["en"] for key, entry in entries() if isinstance(entry, dict) and "en" in entry}
    wrong = []
    for key, call, place in literal_calls():
        given = {keyword.arg for keyword in call.keywords}
        if key in texts and None not in given and placeholders(texts[key]) - given:
            wrong.append(f"{place}: {key} wants {sorted(placeholders(texts[key]) - given)}")
    assert not wrong, "\n".join(wrong)


def test_every_made_up_key_has_a_family_of_texts() -> None:
    known = [key for key, _ in entries()]
    wrong = []
    for path in filter(Path.exists, sources()):
        for call in tr_calls(path):
            prefix = _constant_prefix(call.args[0])
            if prefix and not any(key.startswith(prefix) for key in known):
                wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}: no text begins with {prefix}")
    assert not wrong, "\n".join(wrong)


def _constant_prefix(argument: ast.expr) -> str:
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return str(argument.values[0].value)
    return ""


def test_no_chinese_stands_in_code() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {str(node.value)[:20]}"
        for path in filter(Path.exists, sources())
        for node in shown_strings(ast.parse(path.read_text(encoding="utf-8")))
        if CJK.search(str(node.value))
    ]
    assert not wrong, "\n".join(wrong)


def shown_strings(tree: ast.Module) -> list[ast.Constant]:
    """Every string literal that is not a docstring or another bare string."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    literals = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [node for node in literals if id(node) not in bare]


def test_the_language_decides_the_text() -> None:
    set_language("zh_CN")
    chinese = tr("terms.unit_kind.police")
    set_language("en")
    assert tr("terms.unit_kind.police") == "Police"
    assert CJK.search(chinese)


def test_placeholders_are_filled() -> None:
    set_language("en")
    assert tr("common.new_count", count=5) == "5 new"


def test_a_missing_key_names_itself_and_its_file() -> None:
    with pytest.raises(KeyError, match=r"common\.no\.such.*resources/i18n/common\.toml"):
        tr("common.no.such")


def test_a_missing_area_names_its_file() -> None:
    with pytest.raises(KeyError, match=r"resources/i18n/nowhere\.toml"):
        tr("nowhere.at_all")


def test_a_missing_value_names_the_key() -> None:
    with pytest.raises(KeyError, match=r"common\.new_count.*count"):
        tr("common.new_count", number=5)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="one of zh_CN, en"):
        set_language("fr")  # type: ignore[arg-type]


def test_areas_are_read_on_first_use_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_areas", {})
    tr("common.ok")
    assert list(i18n._areas) == ["common"]
    monkeypatch.setattr(i18n, "resource_dir", lambda: Path("gone"))
    assert tr("common.cancel")


def test_every_domain_term_is_there() -> None:
    kinds = [key.removeprefix("terms.") for key in keys_of("terms")]
    wanted = {
        "incident_status": 10,
        "unit_status": 7,
        "unit_kind": 9,
        "priority": 4,
        "role": 6,
    }
    assert {family: sum(kind.startswith(f"{family}.") for kind in kinds) for family in wanted} == wanted
