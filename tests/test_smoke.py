"""The bot is all there: it imports, its knowledge loads, and one question gets an answer through the command line.

The test of the README's commands runs this module alone, in a fresh copy.
"""

import importlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture
def at_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("IMH_DATABASE_URL", f"sqlite:///{tmp_path / 'smoke.db'}")
    monkeypatch.setenv("IMH_CACHE_DIR", str(tmp_path / "cache"))
    return CliRunner()


def test_the_bot_imports_under_its_name() -> None:
    assert "babies" in (importlib.import_module("bot").__doc__ or "")


def test_the_knowledge_base_loads_through_the_list_command(at_the_door: CliRunner) -> None:
    app = importlib.import_module("bot.cli").app
    listed = at_the_door.invoke(app, ["list", "roles", "--json"], catch_exceptions=False)
    assert listed.exit_code == 0, listed.output
    assert "parent" in {row["id"] for row in json.loads(listed.stdout)}


def test_one_question_is_answered_through_the_ask_command(at_the_door: CliRunner) -> None:
    app = importlib.import_module("bot.cli").app
    asked = at_the_door.invoke(
        app, ["ask", "my baby will not stop crying", "--role", "parent", "--json"], catch_exceptions=False
    )
    assert asked.exit_code == 0, asked.output
    result = json.loads(asked.stdout)
    assert result["outcome"] in {"answer", "offer", "alarm"}
    assert result["reply"]
