"""What corrections could teach."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("phrase", sa.String(1000), nullable=False),
        sa.Column("meaning", sa.String(1000), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("of", sa.String(120), nullable=False),
        sa.Column("original", sa.Text, nullable=False),
        sa.Column("meant", sa.Text, nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(120), nullable=True),
        sa.UniqueConstraint("kind", "phrase", "meaning", "role", "of", name="lessons_once"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("lessons")
