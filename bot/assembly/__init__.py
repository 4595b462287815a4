"""The only wiring: settings become a mind, a store, a service, a channel, and the processes made of them.

Every other module is handed what it needs; here is where it comes from. Called by `cli`.
"""

from bot.assembly.announcing import work
from bot.assembly.connecting import utc_now
from bot.assembly.minds import Library, library, shipped_knowledge
from bot.assembly.organising import Draft, desk, drafted, export_contacts, import_contacts, uploaded
from bot.assembly.serving import House, Running, house, running, serve
from bot.assembly.trying import ABOUT, chat_in_browser, chat_in_terminal, serve_sandbox, try_out

__all__ = [
    "ABOUT",
    "Draft",
    "House",
    "Library",
    "Running",
    "chat_in_browser",
    "chat_in_terminal",
    "desk",
    "drafted",
    "export_contacts",
    "house",
    "import_contacts",
    "library",
    "running",
    "serve",
    "serve_sandbox",
    "shipped_knowledge",
    "try_out",
    "uploaded",
    "utc_now",
    "work",
]
