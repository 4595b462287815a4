"""Commands that move readers from an older bot with the same token, and away: `contacts import` and `export`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.door import AsJson, new_private_file, settings_at_door, write

app = typer.Typer(
    name="contacts",
    help="Readers as a CSV file: chat_id, roles (semicolons between), region, language, opted_in_at.",
    no_args_is_help=True,
)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file of at most 10 MB, taken whole or not at all.")],
    as_json: AsJson = False,
) -> None:
    """Add readers who agreed to announcements. Those who are known already stay as they are."""
    from bot import assembly

    added = assembly.import_contacts(settings_at_door(), file)
    if as_json:
        write(json.dumps({"added": added.added, "known": added.known, "erased": added.erased}))
        return
    write(f"{added.added} readers added; {added.known} were known already and stay as they are.")
    if added.erased:
        write(f"{added.erased} had everything about them deleted not long ago, and were left out.")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A new CSV file; only you will be able to read it.")],
    as_json: AsJson = False,
) -> None:
    """Write every reader who agreed to announcements and did not stop them."""
    from bot import assembly

    with new_private_file(file) as opened:
        written = assembly.export_contacts(settings_at_door(), opened)
    write(json.dumps({"written": written}) if as_json else f"{written} readers written to {file}.")
