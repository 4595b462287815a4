"""The commands as somebody types them: what comes out, the exit code, one clear sentence when something is wrong."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import assembly, cli
from bot.assembly import minds, trying
from bot.errors import BotError, SettingsError
from bot.language import artefact
from bot.review import checking
from bot.review.links import Visit
from bot.sandbox.terminal import until_confirmed
from bot.sandbox.world import World
from bot.settings import load_settings
from bot.storage import ProcessLock
from tests.minds import sample_mind
from tests.sample_base import copy_sample

CHECKOUT = Path(__file__).parent.parent
TOKEN = "7654321:pretend-token-of-thirty-five-chars-x"
PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything the bot writes goes here; the sample base stands in `knowledge`."""
    copy_sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMH_KNOWLEDGE", str(tmp_path / "knowledge"))
    return tmp_path


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    """A command in this process; what it raises is the caller's to look at."""
    return CliRunner().invoke(cli.app, list(arguments), input=given)


def sentence(*arguments: str) -> str:
    """What a command that cannot go on says."""
    result = run(*arguments)
    assert isinstance(result.exception, BotError), result.output
    return str(result.exception)


def ended(*arguments: str) -> SystemExit:
    """The whole command, from the console script's door on."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["imh-bot", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
    return end.value


def refuses(capsys: pytest.CaptureFixture[str], *arguments: str, named: Sequence[str] = ()) -> None:
    """One clear sentence on standard error, and never a traceback."""
    assert ended(*arguments).code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1, said
    assert TOKEN not in said
    for words in named:
        assert words in said


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """What a process of its own is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IMH_")}
    knowledge = str(folder / "knowledge")
    return {**kept, "IMH_PREPARED": "1", "IMH_KNOWLEDGE": knowledge, "PYTHONPATH": str(CHECKOUT), **settings}


# What stops the bot from starting


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"IMH_TOKEN": "nonsense"}, ["token"]),
        ({"IMH_TOKEN_FILE": "no-such-file"}, ["IMH_TOKEN_FILE"]),
        ({"IMH_TOKEM": "x"}, ["IMH_TOKEM", "Nearest: IMH_TOKEN"]),
        ({"IMH_TOKEN": TOKEN, "IMH_KNOWLEDGE": "no-such-folder"}, ["IMH_KNOWLEDGE", "no-such-folder"]),
        ({"IMH_TOKEN": TOKEN, "IMH_LANGUAGE": "xx"}, ["IMH_LANGUAGE", "xx"]),
        ({"IMH_TOKEN": TOKEN, "IMH_DATABASE_URL": "sqlite:////proc/no-such-folder/bot.db"}, []),
        ({"IMH_TOKEN": TOKEN, "IMH_DATABASE_URL": "oracle://host/name"}, []),
        ({"IMH_TOKEN": TOKEN, "IMH_DATABASE_URL": "sqlite:////"}, ["is a folder"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_the_bot_refuses_to_start_in_one_sentence(
    settings: Mapping[str, str],
    named: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    refuses(capsys, named=named)


def broken(folder: Path) -> Path:
    topic = folder / "knowledge" / "en" / "topics" / "sleep.yaml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    return topic


@pytest.mark.parametrize(("arguments", "code"), [(["check"], 1), ([], 2)])
def test_a_broken_base_is_told_by_check_and_stops_the_bot(
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
) -> None:
    broken(own_folder)
    monkeypatch.setenv("IMH_TOKEN", TOKEN)
    assert ended(*arguments).code == code
    said = capsys.readouterr()
    assert "en/topics/sleep.yaml:" in (said.out if code == 1 else said.err)
    assert "Traceback" not in said.err
    assert TOKEN not in said.err + said.out


def test_yaml_that_cannot_be_read_is_told_by_line(own_folder: Path) -> None:
    (own_folder / "knowledge" / "roles.yaml").write_text("roles:\n  - id: [\n", encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "roles.yaml:" in result.output


def test_a_database_from_the_future_is_one_sentence(own_folder: Path) -> None:
    assert run("migrate").exit_code == 0
    database = sqlite3.connect(own_folder / "data" / "imh-bot.db")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    assert "newer" in sentence("migrate") or "version" in sentence("migrate")


def test_a_file_that_is_no_database_is_one_sentence(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_folder / "bot.db").write_bytes(b"not a database, certainly not" * 100)
    monkeypatch.setenv("IMH_DATABASE_URL", "sqlite:///bot.db")
    assert "not a SQLite database" in sentence("migrate")


def test_two_bots_on_one_database_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMH_TOKEN", TOKEN)
    with ProcessLock("sqlite:///data/imh-bot.db"):
        refuses(capsys)


@pytest.mark.parametrize("command", [["--port", "{port}", "--no-browser"], ["sandbox", "--port", "{port}"]])
def test_a_busy_port_is_one_sentence(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refuses(capsys, *(part.format(port=port) for part in command), named=[port])


def test_output_without_room_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        refuses(capsys, "list", "roles", named=["cannot be written"])


def test_output_that_nobody_reads_any_more_ends_quietly(own_folder: Path) -> None:
    """A process of its own, since the interpreter's end is part of it."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "list", "roles"],
            cwd=own_folder,
            env=environment(own_folder),
            stdout=nobody,
            stderr=subprocess.PIPE,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b""


def test_something_unexpected_is_one_sentence_without_details(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def surprise() -> None:
        raise ZeroDivisionError(TOKEN)

    monkeypatch.setattr(cli, "app", lambda **_: surprise())
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert TOKEN not in said
    monkeypatch.setenv("IMH_LOG_LEVEL", "debug")
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.parametrize(
    ("error", "code"), [(SettingsError("Set it right."), 2), (KeyboardInterrupt(), 130), (SystemExit(3), 3)]
)
def test_main_ends_with_a_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def app(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    assert capsys.readouterr().err == ("Set it right.\n" if code == 2 else "")


# ask and evaluate


def test_ask_in_words_and_as_json() -> None:
    result = run("ask", "my baby cries every evening", "--role", "parent", "--region", "gb")
    assert result.exit_code == 0
    assert "outcome:" in result.output
    told = json.loads(run("ask", "--json", "--why", "my baby cries every evening").output)
    assert told["text"] == "my baby cries every evening"
    assert told["why"]


def test_ask_lines_from_a_file_and_from_standard_input(own_folder: Path) -> None:
    lines = '{"text": "hello"}\nnot json\n{"text": "my baby cries", "role": "parent"}\n'
    (own_folder / "in.jsonl").write_text(lines, encoding="utf-8")
    for result in (run("ask", "--jsonl", "in.jsonl"), run("ask", "--jsonl", "-", given=lines)):
        assert result.exit_code == 1
        told = [json.loads(line) for line in result.stdout.splitlines()]
        assert told[1] == {"line": 2, "error": "is not JSON"}
        assert len(told) == 3
    assert run("ask", "--jsonl", "-", given='{"text": "hello"}\n').exit_code == 0


def test_no_line_costs_another() -> None:
    """Broken, endless and enormous lines between two good ones."""
    good = b'{"text": "hello"}'
    strange = [
        b'{"text": "x", "n": ' + b"1" * 5000 + b"}",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"text": 5}',
        b'{"role": "x"}',
    ]
    strange.append(b'{"text": "' + b"x" * 5_000_000 + b'"}')
    odd = [b'{"text": "half \\ud83d a pair"}', b'{"text": "' + b"crying all evening " * 55_000 + b'"}', b'{"text": ""}']
    result = run("ask", "--jsonl", "-", given=b"\n".join([good, *strange, *odd, good]))
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.stdout_bytes.decode().splitlines()]
    assert ["error" in one for one in told] == [False, *(True for _ in strange), *(False for _ in odd), False]
    assert told[0] == told[-1]
    assert told[len(strange) + 1]["text"] == "half \ud83d a pair"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask", "hello", "--role", "wizard"], "wizard"),
        (["ask", "hello", "--region", "mars"], "mars"),
        (["ask"], "Say what to ask"),
        (["ask", "--jsonl", "no-such-file"], "no-such-file"),
        (["evaluate", "no-such-file"], "no-such-file"),
        (["evaluate", "labels.jsonl"], "labels.jsonl:1"),
        (["list", "unicorns"], "unicorns"),
        (["new", "unicorn", "silver"], "unicorn"),
        (["new", "topic", "Not An Id"], "Not An Id"),
        (["new", "topic", "sleep"], "sleep"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said(own_folder: Path, arguments: list[str], named: str) -> None:
    (own_folder / "labels.jsonl").write_text("[]\n", encoding="utf-8")
    assert named in sentence(*arguments)


def test_evaluate_prints_figures(own_folder: Path) -> None:
    lines = [
        {"text": "my baby cries every evening", "accept": ["crying-colic"]},
        {"text": "what is the capital of france", "in_scope": False},
        {"text": "i want to kill myself", "alarm": "card"},
    ]
    (own_folder / "labels.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert "right first" in run("evaluate", "labels.jsonl").output
    figures = json.loads(run("evaluate", "labels.jsonl", "--json").output)
    assert figures["right or offered"]["of"] == 1
    assert figures["alarms: full card"]["of"] == 1


def test_learning_without_its_extra_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [name for name in sys.modules if name.startswith("bot.learning.")]:
        monkeypatch.delitem(sys.modules, name)
    refuses(capsys, "learn", named=["torch", "pip install"])


# The knowledge base


@pytest.mark.parametrize("what", ["roles", "topics", "weeks", "helplines", "resources", "regions"])
def test_list_prints_an_array_of_bare_ids(what: str) -> None:
    rows = json.loads(run("list", what, "--json").output)
    assert rows
    assert all({"id", "title", "part_of"} <= row.keys() for row in rows)
    plain = run("list", what).output
    assert all(row["id"] in plain for row in rows)


def test_check_of_a_sound_base_exits_zero() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "0 errors" in result.output


def test_strict_counts_warnings_as_errors(own_folder: Path) -> None:
    warned = "0 warnings" not in run("check").output
    assert run("check", "--strict").exit_code == int(warned)


def test_check_shows_the_base_as_a_table_where_asked() -> None:
    lines = run("check", "--table").output.splitlines()
    assert any(line.startswith("topic:crying-colic ") for line in lines)
    assert "0 errors" in lines[-1]
    assert not any(line.startswith("topic:") for line in run("check").output.splitlines())


def test_check_visits_links_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    visited: list[str] = []

    def nobody_home(urls: Iterable[str]) -> list[Visit]:
        visited.extend(urls)
        return [Visit(visited[0], 404)]

    monkeypatch.setattr(checking, "visit", nobody_home)
    assert "links visited" not in run("check").output
    assert not visited
    told = run("check", "--links").output
    assert visited
    assert "answers 404" in told


def test_new_writes_a_skeleton_that_the_check_then_asks_to_finish(own_folder: Path) -> None:
    result = run("new", "topic", "teething")
    assert result.exit_code == 0
    assert "teething.yaml" in result.output
    assert (own_folder / "knowledge" / "en" / "topics" / "teething.yaml").is_file()
    assert run("check").exit_code == 1, "an unfinished entry is not for readers"


def test_schema_is_json_schema() -> None:
    assert json.loads(run("schema").output)


def test_vectors_are_made_anew_and_their_digest_is_recorded(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = shutil.copytree(artefact.FOLDER, own_folder / "artefact", ignore=shutil.ignore_patterns("__pycache__"))
    (ours / "vectors.npz").unlink()
    (ours / "vectors.npz").write_bytes(b"of long ago")
    artefact.record(ours, "vectors.npz")
    before = artefact.open_artefact(ours)
    monkeypatch.setattr(minds, "open_artefact", lambda _: artefact.open_artefact(ours))
    assert "phrasings encoded" in run("vectors").output
    after = artefact.open_artefact(ours)
    assert after.digests["vectors.npz"] != before.digests["vectors.npz"]
    assert after.model == before.model


def test_help_names_every_command() -> None:
    shown = run("--help").output
    for command in ("ask", "chat", "check", "evaluate", "list", "new", "schema", "sandbox", "migrate"):
        assert command in shown


# The try-outs


async def test_the_try_out_answers_on_a_database_that_is_thrown_away(own_folder: Path) -> None:

    async with assembly.try_out(load_settings()) as world:
        person = world.add_person("Robin Pretend")
        await world.says(person, "/start")
        await until_confirmed(world)()
        assert any(message.from_bot for message in world.sees(person))
    assert not (own_folder / "data" / "imh-bot.db").exists()


def test_chat_can_be_piped(own_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        cwd=own_folder,
        env=environment(own_folder),
        input="my baby cries every evening\n/privacy\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "> my baby cries every evening" in done.stdout
    assert sample_mind().words.phrases["privacy.title"] in done.stdout
    assert "Traceback" not in done.stderr


async def _page(process: asyncio.subprocess.Process, wanted: Callable[[str], bool]) -> str:
    seen = ""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while not wanted(seen):
            line = await process.stdout.readline()
            assert line, seen
            seen += line.decode()
    return seen


async def _started(own_folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=own_folder,
        env=environment(own_folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_the_page_opens_with_its_address_and_a_talk_really_held(own_folder: Path) -> None:
    process = await _started(own_folder, "--port", "0", "--no-browser")
    seen = await _page(process, lambda seen: seen.count("\n> ") >= 2 and "[1]" in seen.rpartition("\n> ")[2])
    assert seen.index("http://127.0.0.1:") < seen.index("> /start")
    process.terminate()
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    assert process.stderr is not None
    assert b"Traceback" not in await process.stderr.read()


async def test_the_stand_in_serves_until_it_is_told_to_stop(own_folder: Path) -> None:
    process = await _started(own_folder, "sandbox", "--port", "0")
    seen = await _page(process, lambda seen: "Ctrl-C" in seen)
    assert "IMH_API_BASE_URL=http://127.0.0.1:" in seen
    assert World().token.partition(":")[0] in seen
    process.terminate()
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0


# Wiring


def test_the_base_that_ships_is_beside_the_code_or_in_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert assembly.shipped_knowledge() == CHECKOUT / "knowledge"
    package = tmp_path / "bot"
    (package / "_knowledge").mkdir(parents=True)
    monkeypatch.setattr(minds, "PACKAGE", package)
    assert assembly.shipped_knowledge() == package / "_knowledge"
    shutil.rmtree(package / "_knowledge")
    assert assembly.shipped_knowledge() == tmp_path / "knowledge"


async def test_no_free_usual_port_takes_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(trying, "USUAL_PORT", taken.getsockname()[1])
        world = World()
        async with trying._page(world, None) as address:
            assert str(taken.getsockname()[1]) not in address
        await world.close()


async def test_the_page_is_opened_in_the_browser_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    loop, opened = asyncio.get_running_loop(), asyncio.Event()
    addresses: list[str] = []

    def open_(address: str) -> bool:
        addresses.append(address)
        loop.call_soon_threadsafe(opened.set)
        return True

    monkeypatch.setattr(webbrowser, "open", open_)
    trying = asyncio.create_task(assembly.chat_in_browser(load_settings(), 0, open_browser=True))
    async with asyncio.timeout(PATIENCE_S):
        await opened.wait()
    trying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trying
    assert addresses[0] in capsys.readouterr().out
