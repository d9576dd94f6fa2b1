"""Accounts, widget visitors and stored conversations; one thumb for each request."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONE_OF_EACH = sa.text(
    "DELETE FROM thumbs WHERE id NOT IN "
    "(SELECT MAX(id) FROM thumbs GROUP BY owner, conversation_id, request_id)"
)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, primary_key=key)


def _sign_in() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("login", sa.String(120), nullable=False, unique=True),
        _text("name", 120),
        _text("role", 20),
        _text("password_hash", 255),
        _instant("created_at"),
        _instant("last_sign_in_at", nullable=True),
        _instant("disabled_at", nullable=True),
    )
    with op.batch_alter_table("web_sessions") as table:
        table.add_column(sa.Column("account_id", sa.Integer, nullable=True))
        table.create_foreign_key("web_sessions_account", "accounts", ["account_id"], ["id"])
    op.create_table(
        "widget_sessions",
        _text("digest", 64, key=True),
        _text("owner", 120),
        _text("origin", 255),
        _instant("created_at"),
        _instant("expires_at"),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        _text("owner", 120, key=True),
        _text("id", 80, key=True),
        _text("title", 120),
        _instant("created_at"),
        _instant("updated_at"),
    )
    op.create_index("conversations_newest", "conversations", ["owner", "updated_at"])
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("owner", 120),
        _text("conversation_id", 80),
        _text("message_id", 80),
        _text("request_id", 80),
        _instant("at"),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("elapsed_ms", sa.Double, nullable=False),
        sa.UniqueConstraint("owner", "conversation_id", "message_id", name="turns_message"),
        sa.ForeignKeyConstraint(
            ["owner", "conversation_id"],
            ["conversations.owner", "conversations.id"],
            name="turns_conversation",
            ondelete="CASCADE",
        ),
    )


def upgrade() -> None:
    """Create them; of several thumbs on one request, the last stays."""
    _sign_in()
    _conversations()
    op.execute(ONE_OF_EACH)
    with op.batch_alter_table("thumbs") as table:
        table.create_unique_constraint("thumbs_request", ["owner", "conversation_id", "request_id"])


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("thumbs") as table:
        table.drop_constraint("thumbs_request", type_="unique")
    op.drop_table("turns")
    op.drop_table("conversations")
    op.drop_table("widget_sessions")
    with op.batch_alter_table("web_sessions") as table:
        table.drop_constraint("web_sessions_account", type_="foreignkey")
        table.drop_column("account_id")
    op.drop_table("accounts")
