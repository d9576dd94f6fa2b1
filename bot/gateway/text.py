"""Message text as it may travel on: normalised, without control characters, never a command."""

import unicodedata

# The joiners that emoji and some scripts need; other format characters can reorder or hide text.
_JOINERS = "\u200c\u200d"
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean_message(text: str) -> str:
    """NFC, one line, single spaces; '' where nothing is left.

    Rasa reads a leading slash as an intent sent by a button ("/restart"), so leading slashes go.
    """
    kept = "".join(_kept(character) for character in text)
    return unicodedata.normalize("NFC", " ".join(kept.split()).lstrip("/ "))


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    if character in _JOINERS or unicodedata.category(character) not in _DROPPED:
        return character
    return ""
