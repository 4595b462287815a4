"""The commands. No logic: each reads its options, lets `assembly` build what it needs, and prints.

One module for each noun; here are the ways to run the bot, and the door through which every command leaves.
"""

import asyncio
import os
import sys
from typing import Annotated, NoReturn

import typer

from bot.cli import answers, broadcast, contacts, knowledge
from bot.cli.door import settings_at_door, write
from bot.errors import BotError, SettingsError

app = typer.Typer(
    name="imh-bot",
    help="Checked guidance on babies' emotional wellbeing. Without a command: the bot on Telegram, or, without a "
    "token, the try-out in the browser.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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

    settings = settings_at_door()
    token = settings.secret_token()
    if token is not None:
        asyncio.run(assembly.serve(settings, token))
    else:
        asyncio.run(assembly.chat_in_browser(settings, port, open_browser=browser))


@app.command()
def worker() -> None:
    """Send announcements, and nothing else: no messages are fetched or answered. Ends, drained, on SIGTERM."""
    from bot import assembly

    settings = settings_at_door()
    token = settings.secret_token()
    if token is None:
        raise SettingsError("Without a token nothing can be sent: set IMH_TOKEN or IMH_TOKEN_FILE.")
    asyncio.run(assembly.work(settings, token))


@app.command()
def chat() -> None:
    """Talk to the bot here in the terminal; can be piped."""
    from bot import assembly

    asyncio.run(assembly.chat_in_terminal(settings_at_door()))


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the stand-in Bot API; 0 takes a free one.")
    ] = 8081,
) -> None:
    """A stand-in Bot API over HTTP with its chat page, for a bot in another process (IMH_API_BASE_URL)."""
    from bot import assembly

    settings_at_door()
    asyncio.run(assembly.serve_sandbox(port))


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.storage import open_store

    settings = settings_at_door()
    open_store(settings.database_url, settings.key_file()).close()
    write("The database is up to date.")


app.command()(answers.ask)
app.command()(answers.evaluate)
app.command("list")(knowledge.list_)
for command in (knowledge.check, knowledge.new, knowledge.schema, knowledge.vectors, knowledge.learn):
    app.command()(command)
app.add_typer(broadcast.app, name="broadcast")
app.add_typer(contacts.app, name="contacts")
