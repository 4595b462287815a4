"""Whether somebody said no to being remembered, so that a talk does not ask again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Talks that are running were not asked yet, or may be asked once more.
    with op.batch_alter_table("conversation") as conversation:
        conversation.add_column(sa.Column("keep_refused", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("conversation") as conversation:
        conversation.drop_column("keep_refused")
