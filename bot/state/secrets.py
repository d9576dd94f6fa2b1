"""Random secrets that are shown once, and the digests that are kept."""

import hashlib
import secrets

ROLES = ("admin", "analyst", "viewer", "guest")
TOKEN_PREFIX = "vb_"
SECRET_BYTES = 32


def new_secret(prefix: str = "") -> str:
    """A random URL-safe secret of 256 bits."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """SHA-256 in hex. The secret has 256 random bits, so a slow password hash would add nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def check_role(role: str) -> str:
    """The role itself. Raises ValueError on a role that does not exist."""
    if role not in ROLES:
        raise ValueError(f"There is no role {role!r}: use one of {', '.join(ROLES)}.")
    return role
