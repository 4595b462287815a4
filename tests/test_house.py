"""The house keeps its own rules: who may import whom, how long a module may grow, what may lie where."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

CHECKOUT = Path(__file__).resolve().parent.parent
BOT = CHECKOUT / "bot"
MODULES = sorted(BOT.rglob("*.py"))
LONGEST_MODULE_LINES = 350
LONGEST_FUNCTION_LINES = 55
LAYOUT = {"bot", "knowledge", "tests", "pyproject.toml", "README.md", "Dockerfile", "uv.lock"}
PURE = ("conversation", "safety", "matching", "broadcast", "knowledge/model", "knowledge/model.py", "messaging.py")
IMPURE_MODULES = frozenset(
    {"asyncio", "os", "pathlib", "time", "random", "logging", "socket", "threading", "subprocess"}
)
IMPURE_CALLS = frozenset({"open", "print", "input", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"})
SHAPELESS = frozenset({"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"})


def shown(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def tracked() -> list[str]:
    """Files that belong to the project: known to git, or new and not ignored; in a copy without git, all of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return [name for name in listed.stdout.splitlines() if (CHECKOUT / name).exists()]
    return [shown(path) for path in CHECKOUT.rglob("*") if path.is_file() and not shown(path).startswith(".venv/")]


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    yield from ((line, name) for line, name in imported(tree) if name.partition(".")[0] in IMPURE_MODULES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPURE_CALLS:
            yield node.lineno, f"{ast.unparse(node.func)}()"


def test_imports_go_down_and_each_library_keeps_to_its_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(CHECKOUT)
    configure()
    kept = lint_imports(cache_dir=None, no_logo=True)
    assert kept, capsys.readouterr().out


def test_the_contract_names_every_floor_of_the_house() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = project["tool"]["importlinter"]["contracts"][0]
    assert floors["exhaustive"]
    named = {room.strip("() ") for floor in floors["layers"] for room in floor.split("|")}
    standing = {path.stem for path in BOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert standing - {"__init__"} <= named


def test_the_core_does_nothing_but_think() -> None:
    rooms = [BOT / name for name in PURE]
    core = [path for path in MODULES if any(path == room or room in path.parents for room in rooms)]
    assert core
    assert [f"{shown(path)}:{line}: {what}" for path in core for line, what in impurities(parsed(path))] == []


@pytest.mark.parametrize("line", ["import os.path", "from time import sleep", "x = datetime.now(UTC)", "open('x')"])
def test_the_purity_test_sees_what_it_looks_for(line: str) -> None:
    assert list(impurities(ast.parse(line)))


def test_no_module_and_no_function_has_outgrown_its_reader() -> None:
    modules = [
        f"{shown(path)}: {lines} lines"
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE_LINES
    ]
    functions = [
        f"{shown(path)}:{node.lineno} {node.name}: {length} lines"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION_LINES
    ]
    assert [*modules, *functions] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [shown(path) for path in MODULES if not ast.get_docstring(parsed(path))] == []


def test_every_file_is_named_after_what_it_holds() -> None:
    assert [name for name in tracked() if name.endswith(".py") and SHAPELESS & set(re.split(r"[/.]", name))] == []


def test_nothing_is_left_for_later() -> None:
    # Spelt so that this file does not find itself.
    later = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
    assert [shown(path) for path in MODULES if later.search(path.read_text(encoding="utf-8"))] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    paths = re.compile(r"(?<![\w.])/(home/\w+|Users/\w+|wo" r"rk|ro" r"ot|tmp/\w+)/")
    written = [name for name in tracked() if name.endswith((".py", ".toml", ".yaml", ".md", ".lock", ".js", ".html"))]
    assert [name for name in written if paths.search((CHECKOUT / name).read_text(encoding="utf-8"))] == []


def test_the_top_level_holds_what_it_is_meant_to_hold() -> None:
    top = {name.partition("/")[0] for name in tracked()}
    assert sorted(name for name in top if not name.startswith(".") and name not in LAYOUT) == []


def test_every_marker_is_explained_and_used() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    explained = dict(marker.split(": ", 1) for marker in project["tool"]["pytest"]["ini_options"]["markers"])
    used = {
        name
        for path in (CHECKOUT / "tests").rglob("*.py")
        for name in re.findall(r"pytest\.mark\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert used - {"parametrize", "asyncio", "usefixtures", "filterwarnings", "skip", "skipif"} == set(explained)
    assert all(explained.values())


def test_nothing_ignored_is_needed() -> None:
    """A file that git ignores is missing in everybody else's copy."""
    ignored = [line for line in (CHECKOUT / ".gitignore").read_text(encoding="utf-8").splitlines() if line]
    assert not [name for name in tracked() for pattern in ignored if fnmatch(name, f"{pattern.rstrip('/')}/*")]
