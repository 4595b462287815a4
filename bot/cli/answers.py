"""Commands that ask the bot one thing, or many: `ask` and `evaluate`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.door import AsJson, opened, settings_at_door, today, write
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.review.evaluation import Labelled

Role = Annotated[str | None, typer.Option(help="Who asks: a role id, see `list roles`.")]
Region = Annotated[str | None, typer.Option(help="Where they live: a region id, see `list regions`.")]
Why = Annotated[bool, typer.Option("--why", help="Show what was read, what was near, and why.")]


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

    mind = assembly.library(settings_at_door()).mind()
    if jsonl is not None:
        with opened(jsonl) as lines:
            sys.exit(1 if asked.ask_lines(mind, lines, assembly.utc_now(), why=why, write=write) else 0)
    if text is None:
        raise UsageError("Say what to ask, or give --jsonl FILE.")
    result = asked.ask(mind, text, assembly.utc_now(), role=role, region=region, why=why)
    write(json.dumps(result, ensure_ascii=False) if as_json else asked.plain(result))


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

    settings = settings_at_door()
    if sum([bool(files), public is not None, latency]) != 1:
        raise UsageError("Give files of labelled messages, or --public FOLDER, or --latency.")
    if public is None and (encoder is not None or seed is not None):
        raise UsageError("--encoder and --seed belong to --public FOLDER.")
    if chart is not None and not files:
        raise UsageError("--chart needs files of labelled messages.")
    told = (lambda _: None) if as_json else write
    if public is not None:
        result = measuring.public(public, encoder, seed, today(), told)
    elif latency:
        result = measuring.latency(assembly.library(settings).mind(), today(), told)
    else:
        messages = _labelled(files or [])
        result = measuring.labelled(assembly.library(settings).mind, messages, assembly.utc_now(), chart, told)
    if as_json:
        write(json.dumps(result))


def _labelled(names: list[str]) -> "list[Labelled]":
    from bot.review import evaluation

    messages: list[Labelled] = []
    for name in names:
        with opened(name) as lines:
            messages += evaluation.read(name, lines)
    return messages
