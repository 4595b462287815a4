"""The tables, and nothing beside them: what the README says is stored. The migrations build exactly these.

No table holds a name or a person's words. `version` counts saves, so that a turn notices another one in between.
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
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("language", Text),
    Column("roles", JSON, nullable=False),
    Column("region", Text),
    Column("consents", JSON, nullable=False),
    Column("opted_in_at", UtcDateTime),
    Column("opted_out_at", UtcDateTime),
    Column("unreachable_since", UtcDateTime),
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
