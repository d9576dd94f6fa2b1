"""Local accounts: added, listed, given a password, disabled, and found by login and password."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.state.database import StateDatabase
from bot.state.passwords import hash_password, is_outdated, is_password, random_password
from bot.state.secrets import check_role
from bot.state.tables import NAME_CHARS, UserAccount, WebSession

LOGIN = re.compile(r"[a-z0-9][a-z0-9._+@-]{0,119}")
DEMO_LOGIN, DEMO_NAME, DEMO_ROLE = "demo", "Demo visitor", "analyst"


class AccountError(ValueError):
    """The account cannot be made or changed; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is known about an account; its password is not."""

    id: int
    login: str
    name: str
    role: str
    created_at: datetime
    last_sign_in_at: datetime | None
    disabled_at: datetime | None

    @property
    def owner(self) -> str:
        """Whose conversations it sees."""
        return f"account-{self.id}"


def login_of(text: str) -> str:
    """A login as it is compared: upper and lower case, and blanks around it, do not count."""
    return text.strip().casefold()


def add_account(
    database: StateDatabase, login: str, name: str, role: str, password: str
) -> Account:
    """Make an account. Raises AccountError, PasswordError, or ValueError on a bad role."""
    wanted = login_of(login)
    if not LOGIN.fullmatch(wanted):
        raise AccountError("A login is an e-mail address or a name of a-z, 0-9 and . _ + @ -")
    if wanted == DEMO_LOGIN:
        raise AccountError("The login demo belongs to the demo account: choose another.")
    return _added(database, wanted, name, role, password)


def set_password(database: StateDatabase, login: str, password: str) -> Account:
    """Give another password, open the account again and end its sessions.

    Raises AccountError where there is none, PasswordError.
    """
    stored = hash_password(password)
    with database.session() as session:
        row = _existing(session, login)
        row.password_hash, row.disabled_at = stored, None
        _end_sessions(session, row)
        return _account(row)


def disable_account(database: StateDatabase, login: str) -> Account:
    """Close an account and end its sessions at once. Raises AccountError where there is none."""
    with database.session() as session:
        row = _existing(session, login)
        row.disabled_at = row.disabled_at or datetime.now(UTC)
        _end_sessions(session, row)
        return _account(row)


def list_accounts(database: StateDatabase) -> tuple[Account, ...]:
    """All accounts by login, the disabled ones included."""
    with database.session() as session:
        rows = session.scalars(select(UserAccount).order_by(UserAccount.login))
        return tuple(_account(row) for row in rows)


def find_account(database: StateDatabase, login: str, password: str) -> Account | None:
    """The live account of a login and its password; None where either is wrong.

    The work is the same for a login that does not exist, so time does not tell which do. No
    connection is held while the password is hashed.
    """
    with database.session() as session:
        row = _row(session, login)
    stored = row.password_hash if row else None
    if not is_password(stored, password) or row is None or row.disabled_at is not None:
        return None
    outdated = hash_password(password) if is_outdated(row.password_hash) else None
    return _signed_in(database, row.id, outdated)


def owner_of(database: StateDatabase, login: str) -> str | None:
    """The owner of an account by its login; None where there is none."""
    with database.session() as session:
        row = _row(session, login)
        return _account(row).owner if row else None


def open_demo_account(database: StateDatabase) -> str:
    """Give the demo account a new random password and return it; the old one is dead."""
    password = random_password()
    with database.session() as session:
        known = _row(session, DEMO_LOGIN) is not None
    if known:
        set_password(database, DEMO_LOGIN, password)
    else:
        _added(database, DEMO_LOGIN, DEMO_NAME, DEMO_ROLE, password)
    return password


def close_demo_account(database: StateDatabase) -> None:
    """Disable the demo account where there is one."""
    with database.session() as session:
        known = _row(session, DEMO_LOGIN) is not None
    if known:
        disable_account(database, DEMO_LOGIN)


def _added(database: StateDatabase, login: str, name: str, role: str, password: str) -> Account:
    row = UserAccount(
        login=login,
        name=(name.strip() or login)[:NAME_CHARS],
        role=check_role(role),
        password_hash=hash_password(password),
        created_at=datetime.now(UTC),
    )
    with database.session() as session:
        if _row(session, login) is not None:
            raise AccountError(
                f"There is an account {login} already: verbatim user password {login} "
                "gives it another password."
            )
        session.add(row)
        session.flush()
        return _account(row)


def _signed_in(database: StateDatabase, account_id: int, rehashed: str | None) -> Account:
    with database.session() as session:
        row = session.get_one(UserAccount, account_id)
        row.last_sign_in_at = datetime.now(UTC)
        if rehashed is not None:
            row.password_hash = rehashed
        return _account(row)


def _row(session: Session, login: str) -> UserAccount | None:
    return session.scalar(select(UserAccount).where(UserAccount.login == login_of(login)))


def _existing(session: Session, login: str) -> UserAccount:
    row = _row(session, login)
    if row is None:
        raise AccountError(f"There is no account {login_of(login)}: see verbatim user list.")
    return row


def _end_sessions(session: Session, row: UserAccount) -> None:
    session.execute(delete(WebSession).where(WebSession.account_id == row.id))


def _account(row: UserAccount) -> Account:
    return Account(
        row.id,
        row.login,
        row.name,
        row.role,
        row.created_at,
        row.last_sign_in_at,
        row.disabled_at,
    )
