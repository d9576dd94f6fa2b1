"""First tables: tokens, sign-in, audit, thumbs, live feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _sign_in() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        _text("label", 120),
        _text("role", 20),
        _instant("created_at"),
        _instant("last_used_at", nullable=True),
        _instant("revoked_at", nullable=True),
    )
    op.create_table(
        "login_codes",
        sa.Column("digest", sa.String(64), primary_key=True),
        _text("person", 120),
        _text("role", 20),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
    )
    op.create_table(
        "web_sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        _text("owner", 120),
        _text("person", 120),
        _text("role", 20),
        sa.Column("token_id", sa.Integer, sa.ForeignKey("access_tokens.id"), nullable=True),
        _instant("created_at"),
        _instant("expires_at"),
    )


def _records() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        _instant("at"),
        _text("request_id", 80),
        _text("owner", 120),
        _text("role", 20),
        _text("action", 40),
        _text("kind", 40),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("elapsed_ms", sa.Double, nullable=False),
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_table(
        "thumbs",
        sa.Column("id", sa.Integer, primary_key=True),
        _instant("at"),
        _text("owner", 120),
        _text("conversation_id", 80),
        _text("request_id", 80),
        sa.Column("helped", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
    )


def _feedback() -> None:
    op.create_table(
        "live_feedback",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("id", sa.String(80), primary_key=True),
        _instant("received_at"),
        _text("owner", 120),
        sa.Column("fields", sa.JSON, nullable=False),
        _text("sentiment", 20, nullable=True),
        sa.Column("sentiment_score", sa.Double, nullable=True),
        _text("emotion", 40, nullable=True),
        _instant("built_at", nullable=True),
    )
    op.create_index("live_feedback_kind", "live_feedback", ["kind", "built_at"])


def upgrade() -> None:
    """Create them."""
    _sign_in()
    _records()
    _feedback()


def downgrade() -> None:
    """Drop them."""
    for table in (
        "live_feedback",
        "thumbs",
        "audit",
        "web_sessions",
        "login_codes",
        "access_tokens",
    ):
        op.drop_table(table)
