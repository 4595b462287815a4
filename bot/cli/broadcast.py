"""Commands of the organisers' desk: `broadcast new`, what follows it until the report, all without Telegram."""

import asyncio
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.broadcast.states import Act, BroadcastState, DeliveryState
from bot.cli.door import AsJson, new_private_file, settings_at_door, write
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.delivery.desk import Standing

LOOKS_EVERY_S = 0.5

app = typer.Typer(
    name="broadcast",
    help="Announcements: composed, approved by a second person, sent, and every recipient accounted for.",
    no_args_is_help=True,
)
Id = Annotated[int, typer.Argument(help="The announcement's number.")]
By = Annotated[int, typer.Option("--as", help="Your numeric Telegram user id, named in IMH_ORGANISERS.")]
Zone = Annotated[str, typer.Option(help="Time zone of --at.")]


@app.command()
def new(
    file: Annotated[Path, typer.Option("--file", help="UTF-8 text; **bold**, *italic* and [links](https://…).")],
    to: Annotated[str, typer.Option("--to", help="Role ids with commas between them, or everyone.")],
    by: By,
    photo: Annotated[list[Path] | None, typer.Option(help="A photo; several make an album.")] = None,
    document: Annotated[list[Path] | None, typer.Option(help="A file; several make an album.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Only readers there; can be repeated.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only readers of it; can be repeated.")] = None,
    kind: Annotated[str, typer.Option(help="What readers agreed to: week, events or role.")] = "week",
    at: Annotated[
        str | None, typer.Option(help="When it goes out: “Mon 9:30”, “9 June 10:00”; default: at once.")
    ] = None,
    zone: Zone = "Europe/London",
    rehearsal: Annotated[bool, typer.Option(help="Only to organisers: the whole flow without the public.")] = False,
    again: Annotated[bool, typer.Option(help="Although the same went to the same readers within a week.")] = False,
    as_json: AsJson = False,
) -> None:
    """A new draft. Nothing is sent to readers before it is submitted, approved and started."""
    from bot import assembly

    settings = settings_at_door()
    draft = assembly.Draft(
        file, to, photo or (), document or (), region or (), language or (), kind=kind, at=at, zone=zone
    )
    with assembly.desk(settings) as desk:
        announcement = assembly.drafted(settings, draft)
        desk.check(announcement, by, rehearsal=rehearsal, again=again)
        announcement = asyncio.run(assembly.uploaded(settings, draft, announcement, by))
        _show(desk.new(announcement, by, rehearsal=rehearsal), as_json)


@app.command()
def preview(id: Id, as_json: AsJson = False) -> None:
    """What would be sent, to how many, and who is left out."""
    from bot import assembly
    from bot.delivery import report as reporting

    with assembly.desk(settings_at_door()) as desk:
        standing = desk.standing(id)
        announcement = standing.broadcast.announcement
        counted = desk.ledger.count(announcement.audience, assembly.utc_now())
        if as_json:
            write(_json(standing.values() | reporting.preview(announcement, counted)))
        else:
            write("\n".join([*reporting.preview_lines(announcement, counted), reporting.plain(standing)]))


@app.command()
def submit(id: Id, by: By, as_json: AsJson = False) -> None:
    """Ask for approval by a second person."""
    from bot import assembly

    with assembly.desk(settings_at_door()) as desk:
        _show(desk.submit(id, by), as_json)


@app.command()
def approve(
    id: Id,
    by: By,
    seen: Annotated[str | None, typer.Option("--hash", help="The hash that `preview` showed you.")] = None,
    as_json: AsJson = False,
) -> None:
    """Approve exactly this text, audience and time."""
    from bot import assembly

    with assembly.desk(settings_at_door()) as desk:
        _show(desk.approve(id, by, seen), as_json)


@app.command()
def reject(id: Id, by: By, as_json: AsJson = False) -> None:
    """Send it back to its author as a draft."""
    from bot import assembly

    with assembly.desk(settings_at_door()) as desk:
        _show(desk.reject(id, by), as_json)


@app.command()
def schedule(
    id: Id,
    by: By,
    at: Annotated[str | None, typer.Option(help="Another time: it is a draft again.")] = None,
    zone: Zone = "Europe/London",
    as_json: AsJson = False,
) -> None:
    """Let an approved one go out at its time. With --at, choose another time: it is a draft again, to be submitted."""
    from bot import assembly
    from bot.broadcast.moment import read_moment

    with assembly.desk(settings_at_door()) as desk:
        if at is None:
            _show(desk.schedule(id, by), as_json)
            return
        moment = read_moment(at, zone, assembly.utc_now())
        _show(desk.set_time(id, by, moment.at if moment else None, zone), as_json)


@app.command()
def send(id: Id, by: By, as_json: AsJson = False) -> None:
    """Let an approved one go out now; the serving bot or the worker sends it."""
    from bot import assembly

    with assembly.desk(settings_at_door()) as desk:
        _show(desk.send(id, by), as_json)


@app.command()
def pause(id: Id, by: By, as_json: AsJson = False) -> None:
    """Stop sending for now: nothing more is begun."""
    _act(id, Act.PAUSE, by, as_json)


@app.command()
def resume(id: Id, by: By, as_json: AsJson = False) -> None:
    """Go on with what was paused."""
    _act(id, Act.RESUME, by, as_json)


@app.command()
def cancel(id: Id, by: By, as_json: AsJson = False) -> None:
    """End it for good: whoever has not received it never will."""
    _act(id, Act.CANCEL, by, as_json)


@app.command("retry-failed")
def retry_failed(id: Id, by: By, as_json: AsJson = False) -> None:
    """Try once more where Telegram refused for good."""
    from bot import assembly

    with assembly.desk(settings_at_door()) as desk:
        _show(desk.retry_failed(id, by), as_json)


@app.command("send-again")
def send_again(
    id: Id,
    by: By,
    all_uncertain: Annotated[bool, typer.Option("--all-uncertain", help="Some of them may get it twice.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send once more to those of whom nobody knows whether it arrived."""
    from bot import assembly

    if not all_uncertain:
        raise UsageError("Say --all-uncertain: some of those readers may then get it twice.")
    with assembly.desk(settings_at_door()) as desk:
        _show(desk.send_again(id, by), as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All announcements, oldest first."""
    from bot import assembly
    from bot.delivery import report as reporting

    with assembly.desk(settings_at_door()) as desk:
        standings = [desk.standing(one.id) for one in desk.ledger.list()]
    if as_json:
        write(_json([one.values() for one in standings]))
    else:
        write("\n".join(map(reporting.plain, standings)) or "There are no announcements yet.")


@app.command()
def watch(id: Id, as_json: AsJson = False) -> None:
    """Show how it goes until it is finished, paused or cancelled; with --json, one object at the end."""
    from bot import assembly
    from bot.delivery import report as reporting

    moving = {BroadcastState.SCHEDULED, BroadcastState.SENDING}
    shown = ""
    with assembly.desk(settings_at_door()) as desk:
        while True:
            standing = desk.standing(id)
            line = reporting.plain(standing)
            if not as_json and line != shown:
                write(line)
            shown = line
            if standing.broadcast.state not in moving:
                break
            time.sleep(LOOKS_EVERY_S)
    if as_json:
        write(_json(standing.values()))


@app.command()
def report(
    id: Id,
    by: Annotated[int | None, typer.Option("--as", help="Your user id; default: whoever runs this machine.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write every recipient into this new file.")] = None,
    as_json: AsJson = False,
) -> None:
    """What became of it: counts, and with --json or --csv every recipient."""
    from bot import assembly
    from bot.delivery import report as reporting
    from bot.delivery.desk import Right

    with assembly.desk(settings_at_door()) as desk:
        may_see = by is None or desk.may(by, Right.SEE)
        standing = desk.standing(id)
        if csv is not None:
            if by is not None:
                desk.require(by, Right.SEE)
            with new_private_file(csv) as file:
                reporting.write_csv(desk.ledger.recipients(id), file)
        if as_json:
            lines = [reporting.line_of(one) for one in desk.ledger.recipients(id)] if may_see else None
            write(_json(standing.values() | ({} if lines is None else {"recipients": lines})))
            return
        write(reporting.plain(standing))
        if standing.tally[DeliveryState.UNCERTAIN]:
            write("Nobody knows whether the uncertain ones arrived; `send-again` sends them once more.")


def _act(id: int, act: Act, by: int, as_json: bool) -> None:
    from bot import assembly

    with assembly.desk(settings_at_door()) as desk:
        _show(desk.act(id, act, by), as_json)


def _show(standing: "Standing", as_json: bool) -> None:
    from bot.delivery import report as reporting

    write(_json(standing.values()) if as_json else reporting.plain(standing))


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)
