"""The tables, and nothing beside them: what the README says is stored. The migrations build exactly these.

No table holds a name or a person's words; `broadcast` holds what organisers announce. `version` counts saves, so that
a turn notices another one in between.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeDecorator

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses a naive datetime (ValueError) and gives back aware UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a stored time needs its zone")
        utc = value.astimezone(UTC)
        # SQLite keeps times as text without a zone; written as UTC they sort in the order they happened.
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number; SQLite counts up only where the column is an INTEGER."""

conversation = Table(
    "conversation",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("step", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("region", Text),
    Column("language", Text),
    Column("offered", JSON, nullable=False),
    Column("last_target", Text),
    Column("last_page", Integer, nullable=False),
    Column("draft_id", Text),
    Column("after_loss", Boolean, nullable=False),
    Column("after_alarm", Boolean, nullable=False),
    Column("keep_refused", Boolean, nullable=False, server_default=false()),
    Column("recent_incoming", JSON, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("version", BigInteger, nullable=False),
)

contact = Table(
    "contact",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("language", Text),
    Column("roles", JSON, nullable=False),
    Column("region", Text),
    Column("consents", JSON, nullable=False),
    Column("opted_in_at", UtcDateTime),
    Column("opted_out_at", UtcDateTime),
    Column("unreachable_since", UtcDateTime),
    Column("paused_until", UtcDateTime),
    Column("version", BigInteger, nullable=False),
    UniqueConstraint("channel", "address"),
    # An erased contact's number is never given to somebody else.
    sqlite_autoincrement=True,
)

erasure = Table(
    "erasure",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False, index=True),
)

feedback = Table(
    "feedback",
    METADATA,
    Column("topic", Text, primary_key=True),
    Column("verdict", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)

broadcast = Table(
    "broadcast",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("state", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("starts_at", UtcDateTime),
    Column("zone", Text, nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("composed_by", BigInteger),
    Column("submitted_by", BigInteger),
    Column("submitted_at", UtcDateTime),
    Column("approved_by", BigInteger),
    Column("approved_hash", Text),
    Column("approved_at", UtcDateTime),
    Column("undo_until", UtcDateTime),
    Column("counted", Integer),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("paused_because", Text),
    Column("unnamed_at", UtcDateTime),
    Column("version", BigInteger, nullable=False),
)

delivery = Table(
    "delivery",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    # No foreign keys: checking two for each of a million rows takes longer than the snapshot may. Broadcasts are never
    # deleted, and whoever deletes a contact detaches its deliveries.
    Column("broadcast_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("unspent", Integer, nullable=False),
    Column("epoch", BigInteger),
    Column("due_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("message_ids", JSON(none_as_null=True)),
    Column("error", Text),
    # Led by the contact: /forget finds a chat's deliveries at once.
    UniqueConstraint("contact_id", "broadcast_id"),
    # A claim reads the first rows of it; ones that sleep until morning stand behind those that are due.
    Index(None, "broadcast_id", "state", "due_at", "id"),
)

audit = Table(
    "audit",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("broadcast_id", BigInteger, nullable=False),
    Column("act", Text, nullable=False),
    Column("by", BigInteger),
    Column("at", UtcDateTime, nullable=False),
    Column("deliveries", Integer),
)

lease = Table(
    "lease",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("renewed_at", UtcDateTime, nullable=False),
)
