"""What leaves the checkout: the wheel, the container image, the example of the settings, the checks that CI runs."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.settings import described, load_settings
from bot.storage import open_store

CHECKOUT = Path(__file__).resolve().parent.parent
INSTRUCTION = re.compile(r"^([A-Z]+) +((?:.*\\\n)*.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel, built without network by the back end that `pyproject.toml` names."""
    folder = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_the_wheel_holds_all_of_the_bot_and_its_knowledge(wheel: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "bot", "knowledge"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    expected = {re.sub("^knowledge/", "bot/_knowledge/", name) for name in tracked if (CHECKOUT / name).is_file()}
    assert expected - set(wheel) == set()
    for part in ("bot/language/artefact/encoder.onnx", "bot/sandbox/static/index.html", "bot/sandbox/bot_api.json"):
        assert part in wheel


def test_the_wheel_holds_nothing_else(wheel: list[str]) -> None:
    assert [name for name in wheel if not re.match(r"bot/|imh_bot-[^/]+\.dist-info/", name)] == []
    assert [name for name in wheel if re.search(r"__pycache__|\.pyc$|\.env|\.db$|\.key$", name)] == []


def instructions() -> list[tuple[str, str]]:
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    without_comments = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    return [(name, said.replace("\\\n", " ")) for name, said in INSTRUCTION.findall(without_comments)]


def image_environment() -> dict[str, str]:
    (said,) = [said for name, said in instructions() if name == "ENV"]
    return dict(pair.split("=", 1) for pair in said.split())


def test_the_image_copies_only_what_is_there_and_let_through() -> None:
    let_through = re.findall(r"^!(\S+)$", (CHECKOUT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = [said.split() for name, said in instructions() if name == "COPY" and "--from" not in said]
    assert {words[0] for words in copied} >= {"bot", "knowledge", "pyproject.toml"}
    for source, _target in copied:
        assert (CHECKOUT / source).exists()
        assert source.partition("/")[0] in let_through


def test_the_image_runs_as_nobody_and_writes_to_one_place() -> None:
    said = dict(instructions())
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert [name for name, _ in instructions()][-1] == "ENTRYPOINT"
    written = {name: value for name, value in image_environment().items() if name.startswith("IMH_")}
    assert said["VOLUME"] == "/data"
    assert all(value.removeprefix("sqlite:///").startswith("/data/") for value in written.values())
    assert set(written) <= {name for name, _, _ in described()}


def test_the_image_installs_what_the_lock_names_and_carries_no_secret() -> None:
    runs = " ".join(said for name, said in instructions() if name == "RUN")
    assert "--require-hashes" in runs
    assert "requirements.lock" in runs
    assert not re.search(
        r"TOKEN *=|PASSWORD|ARG ", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").split("FROM")[1]
    )


def test_the_image_is_healthy_once_its_database_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (said,) = [said for name, said in instructions() if name == "HEALTHCHECK"]
    command = json.loads(said.partition("CMD ")[2])
    assert command[0] == "python"
    monkeypatch.setenv("IMH_DATABASE_URL", f"sqlite:///{tmp_path / 'imh-bot.db'}")

    def health() -> int:
        checked = [sys.executable, *command[1:]]
        return subprocess.run(checked, cwd=CHECKOUT, env=os.environ, capture_output=True, check=False).returncode

    assert health() != 0
    settings = load_settings()
    open_store(settings.database_url, settings.key_file()).close()
    assert health() == 0


def test_the_example_names_every_setting_and_no_other() -> None:
    lines = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {match[1] for line in lines if (match := re.match(r"#?(IMH_\w+)=", line))}
    assert named == {name for name, _, _ in described()}
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_the_example_shows_the_defaults() -> None:
    lines = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("#").split("=", 1) for line in lines if line.startswith("#IMH_")]
    for name, default, _ in described():
        assert not default or float_or_text(default) in [float_or_text(value) for key, value in shown if key == name]


def float_or_text(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def test_ci_runs_every_check() -> None:
    script = CHECKOUT / ".ci/run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    for check in ("ruff check", "ruff format", "mypy", "lint-imports", "python3 -m tests"):
        assert check in text
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
