"""Commands for editors: what the base holds, what is wrong with it, new entries, and learning from it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.door import AsJson, settings_at_door, today, write
from bot.errors import UsageError


def list_(
    what: Annotated[str, typer.Argument(help="roles, topics, weeks, helplines, resources or regions")],
    as_json: AsJson = False,
) -> None:
    """What the knowledge base holds."""
    from bot import assembly
    from bot.review import listing

    settings = settings_at_door()
    rows = listing.rows(assembly.library(settings).knowledge(), settings.language, what)
    write(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else listing.plain(rows))


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

    settings = settings_at_door()
    library = assembly.library(settings)
    if against is not None:
        listed = comparing.read_messages(messages or comparing.test_messages(settings.language))
        write(comparing.report(library.mind, library.folder, against, listed, assembly.utc_now()))
        return
    if messages:
        raise UsageError("--messages belongs to --against REVISION.")
    report = checking.check(library.folder, today(), visit_links=visit_links, moved=library.moved)
    if (as_table or pairs) and not report.errors:
        found = library.left_out()
        parts = ([checking.as_table(library.folder, found)] if as_table else []) + ([found.text()] if pairs else [])
        write("\n\n".join(parts) + "\n")
    write(report.text())
    sys.exit(1 if report.errors or (strict and report.warnings) else 0)


def new(
    kind: Annotated[str, typer.Argument(help="role, topic, week, region or language")],
    id: Annotated[str, typer.Argument(help="The new entry's id: lower case, digits and hyphens.")],
) -> None:
    """A commented skeleton of a new entry, in its place."""
    from bot import assembly
    from bot.knowledge.skeletons import Kind, write_skeleton

    if kind not in set(Kind):
        raise UsageError(f'There is no skeleton of a "{kind}". Try one of: {", ".join(Kind)}.')
    folder = assembly.library(settings_at_door()).folder
    for name in write_skeleton(folder, Kind(kind), id, today()):
        write(f"Written: {folder / name}")


def schema() -> None:
    """JSON Schema of the knowledge files, for completion in editors."""
    from bot.knowledge.schema import schema as knowledge_schema

    write(json.dumps(knowledge_schema(), ensure_ascii=False, indent=1))


def vectors() -> None:
    """Encode every phrasing once, into the files that ship with the bot; a start then encodes only what is newer."""
    from bot import assembly

    write(f"{assembly.library(settings_at_door()).ship_vectors()} phrasings encoded.")


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
    assembly.library(settings_at_door()).learn(out, plan, today(), write)
