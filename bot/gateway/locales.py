"""The reader's locale: as the request says, else as the browser asks for, else English."""

import re

from bot.gateway.wire import LOCALE

DEFAULT_LOCALE = "en"
MAX_HEADER_CHARS = 500


def locale_of(given: str | None, accept_language: str) -> str:
    """A BCP 47 tag; what is no tag in ``Accept-Language`` is passed over."""
    return given or _preferred(accept_language[:MAX_HEADER_CHARS]) or DEFAULT_LOCALE


def _preferred(header: str) -> str | None:
    """The tag with the highest quality, the first of equals (RFC 9110, 12.5.4)."""
    best, best_quality = None, 0.0
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        quality = _quality(parameters)
        if re.fullmatch(LOCALE, tag.strip()) and quality > best_quality:
            best, best_quality = tag.strip(), quality
    return best


def _quality(parameters: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameters)
    return float(found[1]) if found else float(not parameters.strip())
