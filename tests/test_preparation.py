"""A fresh checkout prepares itself: what is run, when nothing is, and what a person reads when it cannot be done."""

import ast
import fcntl
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.markers import Marker

import bot.prepare as preparing
from bot.pins import facts_of_this_python, has, marker_holds, read_pins
from bot.prepare import BOT, FAILED, GUARD, INTERRUPTED, TESTS, Finished, Preparation, Unprepared, prepare
from tests.__main__ import INNER, pytest_arguments

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = """\
# A comment.
example-one==1.2.3 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
Example_Two==4.5 ; sys_platform == 'nowhere' \\
    --hash=sha256:cc
example-two==4.6 ; sys_platform != 'nowhere' and python_full_version >= '3.11' \\
    --hash=sha256:dd
"""
WANTED = {"example-one": "1.2.3", "example-two": "4.6"}


@dataclass
class Machine:
    """Stands for the programs that a preparation starts: it makes folders as they would, and keeps a list."""

    checkout: Path
    installs: Mapping[str, str] = field(default_factory=lambda: WANTED)
    fails: Callable[[Sequence[str]], Finished | None] = lambda _: None
    before: Callable[[], None] = lambda: None
    commands: list[list[str]] = field(default_factory=list)
    environments: list[Mapping[str, str]] = field(default_factory=list)
    replaced: list[tuple[str, list[str], Mapping[str, str]]] = field(default_factory=list)

    def run(self, command: Sequence[str], env: Mapping[str, str], folder: Path, hand_down: Sequence[int]) -> Finished:
        self.commands.append(list(command))
        self.environments.append(env)
        assert folder == self.checkout
        assert hand_down
        self.before()
        if failure := self.fails(command):
            return failure
        if "venv" in command:
            make_venv(self.checkout / ".venv")
        else:
            install(self.checkout / ".venv", self.installs)
        return Finished(0, "")

    def execute(self, program: str, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        self.replaced.append((program, list(arguments), env))

    def preparation(self, **changes: object) -> Preparation:
        one = Preparation(
            BOT,
            checkout=self.checkout,
            prefix=self.checkout / "elsewhere",
            base_python="python-of-the-system",
            arguments=("-m", "bot", "chat"),
            run=self.run,
            execute=self.execute,
        )
        return replace(one, **changes)  # type: ignore[arg-type]


def make_venv(venv: Path, version: str = "{}.{}.0".format(*sys.version_info)) -> None:
    (venv / "bin").mkdir(parents=True, exist_ok=True)
    (venv / "bin" / "python").touch()
    (venv / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")


def install(venv: Path, packages: Mapping[str, str]) -> None:
    base = {"base": str(venv), "platbase": str(venv), "installed_base": str(venv)}
    for name, version in packages.items():
        folder = Path(sysconfig.get_path("purelib", "venv", base)) / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "imh-bot"\n')
    for packages in (BOT, TESTS):
        (tmp_path / packages.lock).parent.mkdir()
        (tmp_path / packages.lock).write_text(LOCK)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    return Machine(tmp_path)


def test_a_fresh_checkout_is_prepared_by_venv_and_pip_and_started_again(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.preparation()({"HOME": "/nowhere"})
    made, installed = machine.commands
    python = str(machine.checkout / ".venv/bin/python")
    assert made == ["python-of-the-system", "-m", "venv", str(machine.checkout / ".venv")]
    assert installed[:4] == [python, "-m", "pip", "install"]
    assert {"--require-hashes", str(machine.checkout / BOT.lock)} <= set(installed)
    ((program, arguments, env),) = machine.replaced
    assert (program, arguments) == (python, [python, "-m", "bot", "chat"])
    assert env == {"HOME": "/nowhere", GUARD: str(machine.checkout / ".venv")}
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


def test_uv_is_used_when_it_is_on_path_and_frozen(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    machine.preparation()({})
    made, synced = machine.commands
    assert made[:2] == ["/opt/uv", "venv"]
    assert synced[:3] == ["/opt/uv", "sync", "--frozen"]
    assert {"--no-dev", "--no-install-project"} <= set(synced)
    assert machine.environments[0]["UV_PROJECT_ENVIRONMENT"] == str(machine.checkout / ".venv")


def test_pip_does_it_where_uv_cannot(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    machine.fails = lambda command: Finished(1, "too old for this lock") if "sync" in command else None
    machine.preparation()({})
    assert [command[0] for command in machine.commands][:3] == ["/opt/uv", "/opt/uv", "python-of-the-system"]
    assert len(machine.replaced) == 1


def test_the_second_start_runs_nothing_and_says_nothing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.preparation()({})
    capsys.readouterr()
    machine.commands.clear()
    machine.preparation()({})
    assert machine.commands == []
    assert len(machine.replaced) == 2
    assert capsys.readouterr().err == ""


def test_inside_the_prepared_environment_it_stands_aside(machine: Machine) -> None:
    machine.preparation()({})
    machine.preparation(prefix=machine.checkout / ".venv")({GUARD: str(machine.checkout / ".venv")})
    assert len(machine.replaced) == 1


def test_an_environment_that_does_not_take_is_not_started_for_ever(machine: Machine) -> None:
    machine.preparation()({})
    with pytest.raises(Unprepared, match="delete it"):
        machine.preparation()({GUARD: str(machine.checkout / ".venv")})
    assert len(machine.replaced) == 1


def test_a_guard_of_another_checkout_means_nothing(machine: Machine) -> None:
    machine.preparation()({GUARD: "/some/other/.venv"})
    assert len(machine.replaced) == 1


def test_an_installed_wheel_and_a_foreign_folder_are_left_alone(machine: Machine) -> None:
    project = machine.checkout / "pyproject.toml"
    project.write_text('[project]\nname = "another"\n')
    machine.preparation()({})
    project.unlink()
    machine.preparation()({})
    assert (machine.commands, machine.replaced) == ([], [])
    assert not (machine.checkout / ".venv").exists()


def test_a_python_that_has_every_package_is_used_as_it_is(machine: Machine) -> None:
    (machine.checkout / BOT.lock).write_text((CHECKOUT / BOT.lock).read_text(encoding="utf-8"))
    machine.preparation()({})
    assert (machine.commands, machine.replaced) == ([], [])


def test_a_change_of_the_lock_brings_the_environment_up_to_date_in_place(machine: Machine) -> None:
    machine.preparation()({})
    (machine.checkout / ".venv/of-the-developer").touch()
    (machine.checkout / BOT.lock).write_text(LOCK + "example-three==7.0 \\\n    --hash=sha256:ee\n")
    machine.commands.clear()
    machine.installs = {"example-three": "7.0"}
    machine.preparation()({})
    assert len(machine.commands) == 2
    assert (machine.checkout / ".venv/of-the-developer").exists()


def test_an_environment_that_a_developer_made_is_taken_on(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    make_venv(machine.checkout / ".venv")
    install(machine.checkout / ".venv", WANTED)
    machine.preparation()({})
    assert machine.commands == []
    assert len(machine.replaced) == 1
    assert capsys.readouterr().err == ""


def test_packages_for_the_tests_serve_the_bot_too(machine: Machine) -> None:
    machine.preparation(packages=TESTS)({})
    machine.commands.clear()
    machine.preparation(packages=BOT)({})
    assert machine.commands == []


def test_an_environment_killed_half_way_is_made_anew(machine: Machine) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    machine.before = killed
    with pytest.raises(KeyboardInterrupt):
        machine.preparation()({})
    # Complete to look at, but nobody knows what is in the files.
    make_venv(machine.checkout / ".venv")
    install(machine.checkout / ".venv", WANTED)
    (machine.checkout / ".venv/torn").touch()
    machine.before = lambda: None
    machine.preparation()({})
    assert len(machine.replaced) == 1
    assert not (machine.checkout / ".venv/torn").exists()


def test_an_environment_of_another_python_is_made_anew(machine: Machine) -> None:
    make_venv(machine.checkout / ".venv", version="3.9.1")
    (machine.checkout / ".venv/old").touch()
    machine.preparation()({})
    assert not (machine.checkout / ".venv/old").exists()
    assert len(machine.replaced) == 1


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.preparation()({})
    (machine.checkout / ".venv/bin/python").unlink()
    (machine.checkout / ".venv/bin/python").symlink_to("/nowhere/python3")
    machine.commands.clear()
    shutil.rmtree(machine.checkout / ".venv/lib")
    machine.preparation()({})
    assert machine.commands
    assert (machine.checkout / ".venv/bin/python").exists()


def test_a_folder_that_is_no_environment_is_never_deleted(machine: Machine) -> None:
    (machine.checkout / ".venv").mkdir()
    (machine.checkout / ".venv/thesis.txt").touch()
    with pytest.raises(Unprepared, match="move it away"):
        machine.preparation()({})
    assert (machine.checkout / ".venv/thesis.txt").exists()


def test_an_installation_that_ends_well_with_the_wrong_versions_is_none(machine: Machine) -> None:
    machine.installs = {"example-one": "0.9"}
    with pytest.raises(Unprepared):
        machine.preparation()({})
    assert machine.replaced == []


def test_uv_and_pip_see_no_setting_of_the_bot(machine: Machine) -> None:
    machine.preparation()({"IMH_TOKEN": "secret", "PIP_USER": "1", "VIRTUAL_ENV": "/x", "PIP_INDEX_URL": "kept"})
    assert all(
        {"IMH_TOKEN", "PIP_USER", "VIRTUAL_ENV"}.isdisjoint(env) and env["PIP_INDEX_URL"] == "kept"
        for env in machine.environments
    )
    assert machine.replaced[0][2]["IMH_TOKEN"] == "secret"


def test_two_starts_at_once_prepare_once(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        inside.set()
        assert go_on.wait(30)

    machine.before = wait
    waits = threading.Event()

    def flock(descriptor: int, how: int) -> None:
        if not how & fcntl.LOCK_NB:
            waits.set()
        real_flock(descriptor, how)

    real_flock = fcntl.flock
    first = threading.Thread(target=machine.preparation(), args=({},))
    second = threading.Thread(target=machine.preparation(), args=({},))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", flock)
        first.start()
        assert inside.wait(30)
        second.start()
        assert waits.wait(30)
        go_on.set()
        first.join(30)
        second.join(30)
    assert len(machine.commands) == 2
    assert len(machine.replaced) == 2
    assert "waiting" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "network"),
        ("error: Failed to fetch: `https://…`\n  dns error: failed to lookup", "network"),
        ("ensurepip is not available.  On Debian/Ubuntu systems, you need to install", "python3-venv"),
        ("/usr/bin/python3: No module named venv", "python3-venv"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("[Errno 30] Read-only file system: '.venv'", "cannot be written"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "lock file"),
        ("first line\nsomething new under the sun\n\n", "something new under the sun"),
        ("", "no reason"),
    ],
)
def test_a_failure_is_told_in_one_sentence(machine: Machine, output: str, word: str) -> None:
    machine.fails = lambda _: Finished(1, output)
    with pytest.raises(Unprepared, match=word) as refused:
        machine.preparation()({})
    assert len(str(refused.value).splitlines()) == 1
    assert machine.replaced == []


def test_a_program_that_cannot_be_started_is_a_failure_like_any_other(machine: Machine) -> None:
    def gone() -> None:
        raise FileNotFoundError(2, "No such file or directory", "python-of-the-system")

    machine.before = gone
    with pytest.raises(Unprepared, match="python-of-the-system"):
        machine.preparation()({})


@pytest.mark.parametrize(
    ("raised", "status", "word"),
    [
        (Unprepared("Just so."), FAILED, "Just so."),
        (OSError(28, "No space left on device"), FAILED, "disk is full"),
        (PermissionError(13, "Permission denied"), FAILED, "cannot be written"),
        (KeyboardInterrupt(), INTERRUPTED, "Stopped"),
    ],
)
def test_the_command_ends_with_a_sentence_and_a_status(
    raised: BaseException, status: int, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise raised

    monkeypatch.setattr(Preparation, "__call__", refuse)
    with pytest.raises(SystemExit) as ended:
        prepare()
    assert ended.value.code == status
    said = capsys.readouterr()
    assert word in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


def test_the_guard_is_not_handed_on_to_later_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GUARD, "/somewhere/.venv")
    monkeypatch.setattr(Preparation, "__call__", lambda _, env: SimpleNamespace(guard=env[GUARD]))
    prepare()
    assert GUARD not in os.environ


def test_commands_run_without_the_stdin_of_the_bot(tmp_path: Path) -> None:
    read = [sys.executable, "-c", "import sys; print(repr(sys.stdin.read())); sys.exit(3)"]
    finished = preparing.run_command(read, dict(os.environ), tmp_path, ())
    assert finished == Finished(3, "''\n")


@pytest.mark.parametrize("old", [(2, 7), (3, 8), (3, 10)])
def test_an_old_python_is_told_so(old: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        preparing.refuse_old_python(*old)
    assert ended.value.code == FAILED
    assert "3.11" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["bot/__init__.py", "bot/__main__.py", "bot/prepare.py", "tests/__init__.py"])
def test_an_old_python_can_read_far_enough_to_say_so(path: str) -> None:
    ast.parse((CHECKOUT / path).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_lock_is_read_for_one_kind_of_machine() -> None:
    assert read_pins(LOCK, facts_of_this_python()) == WANTED
    assert read_pins(LOCK, {**facts_of_this_python(), "sys_platform": "nowhere"}) == {**WANTED, "example-two": "4.5"}


@pytest.mark.parametrize(
    "marker",
    [
        "python_version == '3.11.*'",
        "python_full_version < '3.9' or python_full_version >= '3.10.1'",
        "python_full_version <= '3.11' and os_name != 'posix'",
        "(sys_platform == 'linux' or sys_platform == 'win32') and python_version > '3.5'",
        "python_full_version == '3.11'",
    ],
)
@pytest.mark.parametrize("version", ["3.9.2", "3.10.1", "3.11.0", "3.11.2", "3.12.0"])
def test_markers_mean_what_they_mean_to_pip(marker: str, version: str) -> None:
    facts = {**facts_of_this_python(), "python_full_version": version, "python_version": version.rpartition(".")[0]}
    assert marker_holds(marker, facts) == Marker(marker).evaluate(dict(facts))


@pytest.mark.parametrize("marker", ["extra == 'one'", "'linux' == sys_platform", "sys_platform"])
def test_a_marker_that_is_not_understood_is_not_guessed(marker: str) -> None:
    with pytest.raises(KeyError):
        marker_holds(marker, facts_of_this_python())


def test_folders_without_metadata_count_for_nothing() -> None:
    torn = SimpleNamespace(metadata={"Name": None}, version="1")
    assert not has({"example-one": "1"}, [torn])  # type: ignore[list-item]


def test_the_test_command_runs_everything_or_what_it_is_told_and_measures_in_ci() -> None:
    assert pytest_arguments([], {}) == ["-n", "2"]
    decided = pytest_arguments([], {"CI": "true"})
    assert {"-n", "2", "--cov=bot", "--cov-fail-under=95"} <= set(decided)
    assert pytest_arguments(["tests/storage", "-x"], {"CI": "true"}) == ["tests/storage", "-x"]
    assert "tests/test_smoke.py" in pytest_arguments([], {INNER: "1", "CI": "true"})


@dataclass(frozen=True)
class Copy:
    """A copy of the checkout as another machine would have it, and commands run in it with an empty home."""

    folder: Path
    home: Path

    def run(self, python: str, *arguments: str, path: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
        env = {**kept, "HOME": str(self.home), "PATH": path, "IMH_TESTS_INNER": "1"}
        return subprocess.run(
            [python, *arguments],
            cwd=self.folder,
            env=env,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )


@pytest.fixture
def fresh_copy(tmp_path: Path) -> Copy:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (CHECKOUT / name).is_file():
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, tmp_path / "copy" / name)
    (tmp_path / "home").mkdir()
    return Copy(tmp_path / "copy", tmp_path / "home")


@pytest.mark.fresh
def test_the_two_commands_work_in_a_fresh_copy(fresh_copy: Copy) -> None:
    python, path = os.path.realpath(sys.executable), "/usr/bin:/bin"
    asked = fresh_copy.run(python, "-m", "bot", "list", "roles", path=path)
    assert asked.returncode == 0, asked.stderr
    assert "Preparing" in asked.stderr
    talked = fresh_copy.run(python, "-m", "bot", "chat", path=path, stdin="hello\n")
    assert talked.returncode == 0, talked.stderr
    assert "Preparing" not in talked.stderr
    assert talked.stdout
    tested = fresh_copy.run(python, "-m", "tests", path=path)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"\d+ passed", tested.stdout)


def test_the_locks_are_what_uv_lock_says() -> None:
    locked = tomllib.loads((CHECKOUT / "uv.lock").read_text(encoding="utf-8"))
    (project,) = [package for package in locked["package"] if package["name"] == "imh-bot"]
    for_the_bot = reachable(locked["package"], project["dependencies"])
    for_the_tests = reachable(locked["package"], [*project["dependencies"], *project["dev-dependencies"]["dev"]])
    for packages, wanted in ((BOT, for_the_bot), (TESTS, for_the_tests)):
        text = (CHECKOUT / packages.lock).read_text(encoding="utf-8")
        named = set(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))
        assert named == wanted, packages.lock
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(named)
        assert "index-url" not in text
        assert "://" not in text


def reachable(packages: list[dict[str, Any]], roots: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """(name, version) of all that `roots` need, on any machine, by the lock's own edges and extras."""
    found: set[tuple[str, str]] = set()
    followed: list[dict[str, Any]] = []
    waiting = list(roots)
    while waiting:
        wanted = waiting.pop()
        if wanted in followed:
            continue
        followed.append(wanted)
        for package in packages:
            if package["name"] == wanted["name"] and wanted.get("version") in (None, package["version"]):
                found.add((package["name"], package["version"]))
                waiting += package.get("dependencies", [])
                for extra in wanted.get("extra", ()):
                    waiting += package.get("optional-dependencies", {}).get(extra, [])
    return found


def test_the_lock_names_the_public_index_alone() -> None:
    text = (CHECKOUT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://([^/\"\s]+)", text)) == {"pypi.org", "files.pythonhosted.org"}
    assert "file://" not in text


def test_the_markers_of_the_locks_are_all_understood() -> None:
    for packages in (BOT, TESTS):
        text = (CHECKOUT / packages.lock).read_text(encoding="utf-8")
        for marker in re.findall(r"^[\w.-]+==\S+ ; (.+?) \\$", text, re.MULTILINE):
            assert marker_holds(marker, facts_of_this_python()) == Marker(marker).evaluate()
