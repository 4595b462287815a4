"""The commands. No logic: each reads its options, lets `assembly` build what it needs, and prints."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.errors import BotError, UsageError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.review.evaluation import Labelled

app = typer.Typer(
    name="imh-bot",
    help="Checked guidance on babies' emotional wellbeing. Without a command: the bot on Telegram, or, without a "
    "token, the try-out in the browser.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Role = Annotated[str | None, typer.Option(help="Who asks: a role id, see `list roles`.")]
Region = Annotated[str | None, typer.Option(help="Where they live: a region id, see `list regions`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Why = Annotated[bool, typer.Option("--why", help="Show what was read, what was near, and why.")]

NOISY = ("aiohttp.access", "alembic", "asyncio", "httpcore", "httpx", "telegram", "watchfiles")
"""Their lines name addresses, and with them the token, at INFO."""


def main() -> NoReturn:
    """The console script: one clear sentence on any error, and never a traceback unless it was asked for."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(standalone_mode=True)
    except BotError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the last door: a person reads what comes out here
        if os.environ.get("IMH_LOG_LEVEL", "").lower() == "debug":
            raise
        _fail(f"Something unexpected went wrong ({type(error).__name__}). Set IMH_LOG_LEVEL=debug to see where.")
    sys.exit(0)


def _fail(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(2)


def _settings() -> Settings:
    settings = load_settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return settings


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the try-out page; default: 8765, or a free one.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the try-out page in the browser.")] = True,
) -> None:
    """Serve on Telegram when there is a token; else open the try-out."""
    if context.invoked_subcommand is not None:
        return
    from bot import assembly

    settings = _settings()
    token = settings.secret_token()
    if token is not None:
        asyncio.run(assembly.serve(settings, token))
    else:
        asyncio.run(assembly.chat_in_browser(settings, port, open_browser=browser))


@app.command()
def chat() -> None:
    """Talk to the bot here in the terminal; can be piped."""
    from bot import assembly

    asyncio.run(assembly.chat_in_terminal(_settings()))


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the stand-in Bot API; 0 takes a free one.")
    ] = 8081,
) -> None:
    """A stand-in Bot API over HTTP with its chat page, for a bot in another process (IMH_API_BASE_URL)."""
    from bot import assembly

    _settings()
    asyncio.run(assembly.serve_sandbox(port))


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="One message, as a person would type it.")] = None,
    role: Role = None,
    region: Region = None,
    as_json: AsJson = False,
    why: Why = False,
    jsonl: Annotated[
        str | None, typer.Option(help="A file of JSON objects, one a line, or - for standard input.")
    ] = None,
) -> None:
    """Ask one message without any memory: which entry answers, what else was near, and why."""
    from bot import assembly
    from bot.review import asked

    mind = assembly.library(_settings()).mind()
    if jsonl is not None:
        with _opened(jsonl) as lines:
            sys.exit(1 if asked.ask_lines(mind, lines, assembly.utc_now(), why=why, write=_write) else 0)
    if text is None:
        raise UsageError("Say what to ask, or give --jsonl FILE.")
    result = asked.ask(mind, text, assembly.utc_now(), role=role, region=region, why=why)
    _write(json.dumps(result, ensure_ascii=False) if as_json else asked.plain(result))


@app.command()
def evaluate(
    files: Annotated[
        list[str] | None, typer.Argument(help="Files of labelled JSON objects, one a line, or - for standard input.")
    ] = None,
    as_json: AsJson = False,
    chart: Annotated[
        Path | None, typer.Option(help="Draw calibration, and accuracy against coverage, into this PNG file.")
    ] = None,
    public: Annotated[
        Path | None, typer.Option(help="Measure on the public sets in this folder instead, beside other methods.")
    ] = None,
    encoder: Annotated[
        Path | None, typer.Option(help="With --public: an ONNX file beside its tokenizer.json; default: the bot's own.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="With --public: draw the phrasings by this seed; default: the published draw."),
    ] = None,
    latency: Annotated[
        bool, typer.Option("--latency", help="Measure how long messages take instead, and how that grows.")
    ] = False,
) -> None:
    """Figures over labelled messages: right first, offered, declined, alarms raised and missed."""
    from bot import assembly
    from bot.review import measuring

    settings = _settings()
    if sum([bool(files), public is not None, latency]) != 1:
        raise UsageError("Give files of labelled messages, or --public FOLDER, or --latency.")
    if public is None and (encoder is not None or seed is not None):
        raise UsageError("--encoder and --seed belong to --public FOLDER.")
    if chart is not None and not files:
        raise UsageError("--chart needs files of labelled messages.")
    told = (lambda _: None) if as_json else _write
    if public is not None:
        result = measuring.public(public, encoder, seed, _today(), told)
    elif latency:
        result = measuring.latency(assembly.library(settings).mind(), _today(), told)
    else:
        messages = _labelled(files or [])
        result = measuring.labelled(assembly.library(settings).mind, messages, assembly.utc_now(), chart, told)
    if as_json:
        _write(json.dumps(result))


def _labelled(names: list[str]) -> "list[Labelled]":
    from bot.review import evaluation

    messages: list[Labelled] = []
    for name in names:
        with _opened(name) as lines:
            messages += evaluation.read(name, lines)
    return messages


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(help="roles, topics, weeks, helplines, resources or regions")],
    as_json: AsJson = False,
) -> None:
    """What the knowledge base holds."""
    from bot import assembly
    from bot.review import listing

    settings = _settings()
    rows = listing.rows(assembly.library(settings).knowledge(), settings.language, what)
    _write(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else listing.plain(rows))


@app.command()
def check(
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors, for releases.")] = False,
    as_table: Annotated[bool, typer.Option("--table", help="Show every entry on a line of its own as well.")] = False,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Show the entries that are least often found, and what they are read as.")
    ] = False,
    visit_links: Annotated[bool, typer.Option("--links", help="Visit every website; needs a network.")] = False,
    against: Annotated[
        str | None,
        typer.Option(help="Instead: the test messages that change their answer since this git revision of the base."),
    ] = None,
    messages: Annotated[
        list[Path] | None, typer.Option(help="With --against: a TSV or JSONL file of messages; can be repeated.")
    ] = None,
) -> None:
    """The knowledge base: every problem with file and line; exit code 1 when there is one."""
    from bot import assembly
    from bot.review import against as comparing
    from bot.review import checking

    settings = _settings()
    library = assembly.library(settings)
    if against is not None:
        listed = comparing.read_messages(messages or comparing.test_messages(settings.language))
        _write(comparing.report(library.mind, library.folder, against, listed, assembly.utc_now()))
        return
    if messages:
        raise UsageError("--messages belongs to --against REVISION.")
    report = checking.check(library.folder, _today(), visit_links=visit_links, moved=library.moved)
    if (as_table or pairs) and not report.errors:
        found = library.left_out()
        parts = ([checking.as_table(library.folder, found)] if as_table else []) + ([found.text()] if pairs else [])
        _write("\n\n".join(parts) + "\n")
    _write(report.text())
    sys.exit(1 if report.errors or (strict and report.warnings) else 0)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="role, topic, week, region or language")],
    id: Annotated[str, typer.Argument(help="The new entry's id: lower case, digits and hyphens.")],
) -> None:
    """A commented skeleton of a new entry, in its place."""
    from bot import assembly
    from bot.knowledge.skeletons import Kind, write_skeleton

    if kind not in set(Kind):
        raise UsageError(f'There is no skeleton of a "{kind}". Try one of: {", ".join(Kind)}.')
    folder = assembly.library(_settings()).folder
    for name in write_skeleton(folder, Kind(kind), id, _today()):
        _write(f"Written: {folder / name}")


@app.command()
def schema() -> None:
    """JSON Schema of the knowledge files, for completion in editors."""
    from bot.knowledge.schema import schema as knowledge_schema

    _write(json.dumps(knowledge_schema(), ensure_ascii=False, indent=1))


@app.command()
def vectors() -> None:
    """Encode every phrasing once, into the files that ship with the bot; a start then encodes only what is newer."""
    from bot import assembly

    _write(f"{assembly.library(_settings()).ship_vectors()} phrasings encoded.")


@app.command()
def learn(
    out: Annotated[
        Path | None, typer.Option(help="Folder for the new artefact; default: the one the bot runs on.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, max=20, help="Most times that every example is seen.")] = 3,
    seed: Annotated[int, typer.Option(help="Same seed and threads, same figures.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores to learn on.")] = 2,
    bfloat16: Annotated[bool, typer.Option(help="Faster on processors that multiply in bfloat16.")] = False,
) -> None:
    """Tune the encoder on every example and write a new artefact. Needs the extra: pip install ".[learn]"."""
    from bot import assembly

    try:
        from bot.learning.tuning import Plan
    except ModuleNotFoundError as missing:
        raise UsageError(f'`learn` needs {missing.name}. Install it with: pip install ".[learn]"') from None
    plan = Plan(epochs=epochs, seed=seed, threads=threads, bfloat16=bfloat16)
    assembly.library(_settings()).learn(out, plan, _today(), _write)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.storage import open_store

    settings = _settings()
    open_store(settings.database_url, settings.key_file()).close()
    _write("The database is up to date.")


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the editor's own day


def _write(text: str) -> None:
    """A line of output. Raises `UsageError` when it has no room; that its reader has gone is dealt with by the door."""
    # Half a surrogate pair has no UTF-8; escaped, JSON still says what was asked.
    text = text.encode(errors="backslashreplace").decode()
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still in the buffer must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"The output cannot be written: {error.strerror}.") from None


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """A file to read, or standard input for -."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only its opening is ours to explain
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from None
    with file:
        yield file
