"""Sending announcements: `Runner` leads, starts what is due and drains; `Sender` claims, paces, posts and records; what
is promised about every message stands in the ledger (`storage`), never in memory. Assembly makes one `Runner`.
"""

from bot.delivery.runner import Runner
from bot.delivery.sender import Ended, Sender

__all__ = ["Ended", "Runner", "Sender"]
