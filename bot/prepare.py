"""Prepares a fresh checkout for its first start. `python3 -m bot` and `python3 -m tests` call it before anything else.

It needs nothing but the standard library. The packages named in a lock file go into `.venv` beside `bot/`, by uv when
it is on PATH and else by venv and pip, and the process is then replaced by the same command under that Python. It
stands aside where the running Python has every package already, and for an installed wheel.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

OLDEST_PYTHON = (3, 11)


def refuse_old_python(major: int, minor: int) -> None:
    """Exits with 2 and one sentence when Python `major`.`minor` is too old for the bot."""
    if (major, minor) < OLDEST_PYTHON:
        sys.stderr.write(f"imh-bot needs Python 3.11 or newer; this is Python {major}.{minor}.\n")
        raise SystemExit(2)


# Now, and in words that old versions read: what follows would end in a traceback there.
refuse_old_python(sys.version_info[0], sys.version_info[1])

import hashlib  # noqa: E402
import sysconfig  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from importlib import metadata  # noqa: E402
from pathlib import Path  # noqa: E402

from bot.pins import facts_of_this_python, has, read_pins  # noqa: E402

if sys.platform != "win32":
    import fcntl

CHECKOUT = Path(__file__).resolve().parent.parent
GUARD = "IMH_PREPARED"
"""Holds the `.venv` that a process was replaced for, so that a broken one cannot send it round for ever."""
FAILED = 2
INTERRUPTED = 130
_UNFINISHED = "imh-bot.unfinished"


class Unprepared(Exception):
    """The packages cannot be had; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Packages:
    """What a command needs: a lock file, by its path in the checkout, and the options that make uv install the same."""

    name: str
    lock: str
    uv_options: tuple[str, ...]


BOT = Packages("bot", "bot/requirements.lock", ("--no-dev",))
TESTS = Packages("tests", "tests/requirements.lock", ("--group", "dev"))


@dataclass(frozen=True)
class Finished:
    """How a command ended: its exit status, and what it wrote to stdout and stderr together."""

    status: int
    output: str


Run = Callable[[Sequence[str], Mapping[str, str], Path, Sequence[int]], Finished]
"""Runs (command, environment, folder, file descriptors to hand down) to its end."""
Execute = Callable[[str, Sequence[str], Mapping[str, str]], None]
"""Replaces this process by (program, arguments, environment)."""


def run_command(command: Sequence[str], env: Mapping[str, str], folder: Path, hand_down: Sequence[int]) -> Finished:
    """Runs without stdin, which belongs to the bot. Raises OSError when the program cannot be started."""
    done = subprocess.run(  # noqa: S603 - the commands are made below, of fixed words and paths
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(env),
        pass_fds=tuple(hand_down),
    )
    return Finished(done.returncode, done.stdout.decode(errors="replace"))


def replace_process(program: str, arguments: Sequence[str], env: Mapping[str, str]) -> None:
    """`os.execve`, or the nearest thing where a process cannot be replaced."""
    if sys.platform == "win32":
        raise SystemExit(subprocess.call(arguments, env=dict(env)))  # noqa: S603 - its own command again
    os.execve(program, list(arguments), env)  # noqa: S606 - no shell is wanted


@dataclass(frozen=True)
class Preparation:
    """One command's way to its packages, in one checkout. The fields with defaults are what tests replace."""

    packages: Packages
    checkout: Path = CHECKOUT
    prefix: Path = Path(sys.prefix)
    base_python: str = getattr(sys, "_base_executable", sys.executable)
    arguments: tuple[str, ...] = tuple(sys.orig_argv[1:])
    run: Run = run_command
    execute: Execute = replace_process

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        return self._path("scripts") / ("python.exe" if os.name == "nt" else "python")

    def __call__(self, env: Mapping[str, str]) -> None:
        """Returns when the running Python may go on; else replaces the process. Raises `Unprepared` or OSError."""
        if not self.is_checkout():
            return
        inside = self.prefix.resolve() == self.venv.resolve()
        pins = self.pins()
        if (inside and self.is_stamped(pins)) or has(pins, metadata.distributions()):
            return
        if not inside and env.get(GUARD) == str(self.venv):
            raise Unprepared(f"{self.venv} does not work as a Python environment; delete it and start again.")
        if not self.is_stamped(pins):
            self.make(pins, env)
        self.execute(str(self.python), [str(self.python), *self.arguments], {**env, GUARD: str(self.venv)})

    def is_checkout(self) -> bool:
        """False for an installed wheel, and for a folder where some other project lies beside the package."""
        try:
            project = (self.checkout / "pyproject.toml").read_text(encoding="utf-8")
        except OSError:
            return False
        return re.search(r'^name = "imh-bot"$', project, re.MULTILINE) is not None

    def pins(self) -> dict[str, str]:
        return read_pins((self.checkout / self.packages.lock).read_text(encoding="utf-8"), facts_of_this_python())

    def is_stamped(self, pins: Mapping[str, str]) -> bool:
        """Whether `.venv` was once completed for these pins, by this Python version, and was not touched since."""
        try:
            stamp = self._stamp.read_text(encoding="utf-8")
        except OSError:
            return False
        return stamp == _digest(pins) and not self._unfinished.exists() and self.python.exists()

    def make(self, pins: Mapping[str, str], env: Mapping[str, str]) -> None:
        """Completes `.venv`, while a second start waits. Raises `Unprepared` or OSError."""
        with _alone_in(self.checkout) as held:
            if self.is_stamped(pins):
                return
            if self._is_usable() and self._holds(pins):
                self._stamp.write_text(_digest(pins), encoding="utf-8")
                return
            say("Preparing for the first start; this takes about a minute …")
            failures = []
            for commands in self._ways():
                finished = self._follow(commands, env, held)
                if finished.status == 0 and self._holds(pins):
                    self._unfinished.unlink()
                    self._stamp.write_text(_digest(pins), encoding="utf-8")
                    return
                failures.append(finished.output)
            raise Unprepared(why_it_failed(failures, self.checkout))

    def _ways(self) -> Iterator[list[list[str]]]:
        """The commands to give, uv's first: it is faster, but where it is too old or cut off pip may still do."""
        uv = shutil.which("uv")
        if uv:
            python = ["--python", self.base_python]
            yield [
                [uv, "venv", "--allow-existing", *python, str(self.venv)],
                [uv, "sync", "--frozen", "--no-install-project", "--inexact", *python, *self.packages.uv_options],
            ]
        yield [
            [self.base_python, "-m", "venv", str(self.venv)],
            [str(self.python), *_PIP_INSTALL, str(self.checkout / self.packages.lock)],
        ]

    def _follow(self, commands: Sequence[Sequence[str]], env: Mapping[str, str], held: Sequence[int]) -> Finished:
        if not self._is_usable():
            self._clear()
        self.venv.mkdir(exist_ok=True)
        self._unfinished.touch()
        finished = Finished(0, "")
        for command in commands:
            try:
                finished = self.run(command, self._environment(env), self.checkout, held)
            except OSError as error:
                finished = Finished(FAILED, str(error))
            if finished.status:
                break
        return finished

    def _environment(self, env: Mapping[str, str]) -> dict[str, str]:
        """For uv and pip: none of the bot's settings, nothing that would send the packages elsewhere."""
        kept = {name: value for name, value in env.items() if not name.startswith("IMH_") and name not in _MISLEADING}
        return {**kept, "UV_PROJECT_ENVIRONMENT": str(self.venv)}

    def _is_usable(self) -> bool:
        """Whether `.venv` is a finished environment of this Python version, so that it can be brought up to date."""
        try:
            config = (self.venv / "pyvenv.cfg").read_text(encoding="utf-8")
        except OSError:
            return False
        version = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", config, re.MULTILINE)
        ours = version is not None and (int(version[1]), int(version[2])) == sys.version_info[:2]
        return ours and self.python.exists() and not self._unfinished.exists()

    def _clear(self) -> None:
        """Removes what an interrupted preparation or another Python version left. Raises `Unprepared` for a folder
        that is nobody's environment: it may hold something of worth."""
        if not self.venv.is_dir() or not any(self.venv.iterdir()):
            return
        if not (self.venv / "pyvenv.cfg").exists() and not self._unfinished.exists():
            raise Unprepared(f"{self.venv} is not a Python environment; move it away and start again.")
        shutil.rmtree(self.venv)

    def _holds(self, pins: Mapping[str, str]) -> bool:
        return has(pins, metadata.distributions(path=[str(self._path("purelib"))]))

    def _path(self, kind: str) -> Path:
        base = str(self.venv)
        return Path(sysconfig.get_path(kind, "venv", {"base": base, "platbase": base, "installed_base": base}))

    @property
    def _stamp(self) -> Path:
        return self.venv / f"imh-bot.{self.packages.name}.stamp"

    @property
    def _unfinished(self) -> Path:
        return self.venv / _UNFINISHED


_PIP_INSTALL = (
    *("-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary=:all:"),
    *("--no-input", "--no-compile", "--disable-pip-version-check", "--progress-bar=off", "-r"),
)
"""Without building from source: that would run code of packages which no lock names. Without compiling, a quarter of
the work: what a start needs is compiled when it is first imported."""
_MISLEADING = frozenset({"VIRTUAL_ENV", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIREMENT"})


def prepare(packages: Packages = BOT) -> None:
    """Returns when the running Python has the packages; else starts again under one that has, or exits with 2."""
    # Taken out, or a fresh checkout that this process starts later would believe itself prepared.
    guard = os.environ.pop(GUARD, "")
    try:
        Preparation(packages)({**os.environ, GUARD: guard})
    except Unprepared as refusal:
        say(str(refusal))
    except OSError as error:
        say(why_it_failed([f"{error}"], CHECKOUT))
    except KeyboardInterrupt:
        say("Stopped; the next start begins the preparation anew.")
        raise SystemExit(INTERRUPTED) from None
    else:
        return
    raise SystemExit(FAILED)


_NO_VENV = (
    "Python's venv is not installed: run `apt install python3-venv` (its name on Debian and Ubuntu), or install uv, "
    "and start again."
)
_REASONS = (
    (
        r"No space left|Disk quota exceeded",
        "The disk is full: the packages need about {size}; make room and start again.",
    ),
    (
        r"Read-only file system|Permission denied",
        "{folder} cannot be written to, so the packages cannot be installed there; use a copy of your own.",
    ),
    (r"ensurepip|No module named '?venv", _NO_VENV),
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "A package that came over the network is not the one the lock file names, so it was not installed; "
        "try another network, or tell whoever runs your package index.",
    ),
    (
        r"(?i)name resolution|dns error|NewConnectionError|connection (refused|reset|aborted)|network is unreachable|"
        r"timed? ?out|error sending request|failed to fetch|max retries|proxyerror|certificate|no route to host",
        "The packages could not be downloaded: check the network connection and start again.",
    ),
)
"""What uv, pip and the operating system say, and what helps, in order of certainty."""


def why_it_failed(outputs: Sequence[str], folder: Path) -> str:
    """One sentence for the person at the keyboard, made from what the failed commands wrote, the last one first."""
    for pattern, sentence in _REASONS:
        if any(re.search(pattern, output) for output in outputs):
            return sentence.format(folder=folder, size="600 MB")
    lines = [line.strip() for output in outputs for line in output.splitlines() if line.strip()]
    return f"The packages could not be installed: {lines[-1] if lines else 'no reason was given'}"


def say(sentence: str) -> None:
    """Stdout belongs to the bot's answers."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _digest(pins: Mapping[str, str]) -> str:
    # An environment serves one minor version on one kind of machine, whatever the pins.
    told = [*sorted(pins.items()), sys.version_info[:2], sysconfig.get_platform()]
    return hashlib.sha256(repr(told).encode()).hexdigest()


@contextmanager
def _alone_in(folder: Path) -> Iterator[tuple[int, ...]]:
    """One preparation of a folder at a time. Yields the lock's file descriptor: handed down to pip, it stays locked
    while a pip works whose parent was killed."""
    if sys.platform == "win32":
        yield ()
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing this folder; waiting for it …")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield (held,)
    finally:
        os.close(held)
