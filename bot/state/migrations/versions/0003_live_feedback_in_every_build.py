"""Live feedback goes into every build, so no row says that a build has taken it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the mark and its index."""
    op.drop_index("live_feedback_kind", "live_feedback")
    with op.batch_alter_table("live_feedback") as table:
        table.drop_column("built_at")


def downgrade() -> None:
    """Put them back; every row counts as not taken."""
    with op.batch_alter_table("live_feedback") as table:
        table.add_column(sa.Column("built_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("live_feedback_kind", "live_feedback", ["kind", "built_at"])
