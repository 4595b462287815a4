"""Conversations, contacts, erasure marks and feedback counts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _conversation()
    _contact()
    op.create_table(
        "erasure",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_erasure"),
    )
    op.create_index("ix_erasure_erased_at", "erasure", ["erased_at"])
    op.create_table(
        "feedback",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("topic", "verdict", "day", name="pk_feedback"),
    )


def downgrade() -> None:
    for table in ("feedback", "erasure", "contact", "conversation"):
        op.drop_table(table)


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("region", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("offered", sa.JSON, nullable=False),
        sa.Column("last_target", sa.Text),
        sa.Column("last_page", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.Text),
        sa.Column("after_loss", sa.Boolean, nullable=False),
        sa.Column("after_alarm", sa.Boolean, nullable=False),
        sa.Column("recent_incoming", sa.JSON, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_conversation"),
    )
    op.create_index("ix_conversation_expires_at", "conversation", ["expires_at"])


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("region", sa.Text),
        sa.Column("consents", sa.JSON, nullable=False),
        sa.Column("opted_in_at", sa.DateTime(timezone=True)),
        sa.Column("opted_out_at", sa.DateTime(timezone=True)),
        sa.Column("unreachable_since", sa.DateTime(timezone=True)),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("channel", "address", name="uq_contact_channel_address"),
        sqlite_autoincrement=True,
    )
