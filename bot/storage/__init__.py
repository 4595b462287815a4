"""The database: SQLAlchemy and Alembic live here and nowhere else. `assembly` opens a `Store`, `service` uses it.

What may be stored is decided in `schema`, every query stands behind `store` (chats) or `ledger` (announcements), and
errors leave as one clear sentence.
"""

from bot.storage.failures import LeadLost, StorageUnavailable, VersionConflict
from bot.storage.ledger import Ledger
from bot.storage.lock import ProcessLock
from bot.storage.opening import open_store
from bot.storage.secret import SecretKey
from bot.storage.store import Store, StoredTurn, Swept

__all__ = [
    "LeadLost",
    "Ledger",
    "ProcessLock",
    "SecretKey",
    "StorageUnavailable",
    "Store",
    "StoredTurn",
    "Swept",
    "VersionConflict",
    "open_store",
]
