"""Passwords: what may be one, and their Argon2id hashes (RFC 9106)."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_CHARS, MAX_CHARS = 10, 256
RANDOM_BYTES = 15


class PasswordError(ValueError):
    """This cannot be a password; the message says why."""


def hasher() -> PasswordHasher:
    """The parameters in force: RFC 9106's second choice (64 MiB, 3 passes), the library's default."""
    return PasswordHasher()


def hash_password(password: str) -> str:
    """A salted hash. Raises PasswordError where it is too short or too long."""
    said = _normal(password)
    if not MIN_CHARS <= len(said) <= MAX_CHARS:
        raise PasswordError(f"A password has {MIN_CHARS} to {MAX_CHARS} characters.")
    return hasher().hash(said)


def is_password(stored: str | None, password: str) -> bool:
    """Whether the hash is of this password; without a hash the same work is done, for nothing."""
    nobodys = _nobodys()  # also where it is not needed: the first call takes time
    try:
        matches = hasher().verify(stored or nobodys, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than those in force."""
    return hasher().check_needs_rehash(stored)


def random_password() -> str:
    """A password of 120 random bits."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def _normal(password: str) -> str:
    """One form of the same characters, whatever keyboard typed them (RFC 8265: NFC)."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys() -> str:
    return hasher().hash(random_password())
