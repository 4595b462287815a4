"""Announcements, one row for each recipient's copy, who did what, and which process sends."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _broadcast()
    _delivery()
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("broadcast_id", sa.BigInteger, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("by", sa.BigInteger),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deliveries", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )


def downgrade() -> None:
    for table in ("lease", "audit", "delivery", "broadcast"):
        op.drop_table(table)


def _broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True)),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("composed_by", sa.BigInteger),
        sa.Column("submitted_by", sa.BigInteger),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("approved_by", sa.BigInteger),
        sa.Column("approved_hash", sa.Text),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("undo_until", sa.DateTime(timezone=True)),
        sa.Column("counted", sa.Integer),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("paused_because", sa.Text),
        sa.Column("unnamed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("broadcast_id", sa.BigInteger, nullable=False),
        sa.Column("contact_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("unspent", sa.Integer, nullable=False),
        sa.Column("epoch", sa.BigInteger),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("message_ids", sa.JSON),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("contact_id", "broadcast_id", name="uq_delivery_contact_id_broadcast_id"),
    )
    op.create_index("ix_delivery_broadcast_id_state_due_at_id", "delivery", ["broadcast_id", "state", "due_at", "id"])
