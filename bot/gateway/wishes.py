"""What a conversation wants of saved questions: what a message needs to know, what a reply asks for."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from analytics.understand.dialogue.commands import CommandKind, read_command, same_name
from analytics.understand.dialogue.words import DialogueWords, load_dialogue_words
from bot.gateway.auth import GUEST, Principal
from bot.gateway.rasa import Answer
from bot.gateway.services import Services
from bot.gateway.text import clean_message
from bot.settings import ROOT
from bot.state.saved import TooManySaved, forget_saved, list_saved, save_question, saved_names
from bot.state.tables import NAME_CHARS

_ABOUT_SAVED = frozenset(
    {CommandKind.SAVE, CommandKind.RUN, CommandKind.SAVED, CommandKind.FORGET_SAVED}
)


@cache
def _words() -> DialogueWords:
    return load_dialogue_words(ROOT / "knowledge" / "dialogue")


def saved_for(message: str, principal: Principal, services: Services) -> dict[str, Any]:
    """What the bot needs to know of saved questions for a message: nothing where it names none.

    They do not ride with every message, for all of them stay in the conversation's record.
    """
    if principal.role == GUEST:
        return {}
    command = read_command(message, _words())
    about = command is not None and command.kind in _ABOUT_SAVED
    if not about:
        names = saved_names(services.database, principal.owner)
        about = any(same_name(name, message) for name in names)
    if not about:
        return {}
    found = list_saved(services.database, principal.owner)
    return {"saved": {one.name: one.query for one in found}}


def grant(wish: Mapping[str, Any], principal: Principal, services: Services) -> Answer | None:
    """Does what a reply wants of saved questions. An answer to give instead, where that cannot be."""
    name = clean_message(str(wish.get("name") or ""))[:NAME_CHARS]
    if wish.get("kind") == "forget":
        forget_saved(services.database, principal.owner, name)
        return None
    query = wish.get("query")
    if wish.get("kind") != "save" or not name or not isinstance(query, Mapping):
        return None
    if principal.role == GUEST:
        return _cannot("Sign in to save questions: as a visitor you have no list of your own.")
    try:
        save_question(services.database, principal.owner, name, dict(query))
    except TooManySaved:
        return _cannot("You have as many saved questions as one can have: delete one first.")
    return None


def _cannot(text: str) -> Answer:
    issue = {"code": "cannot_save", "message": text, "suggestions": ["show my saved questions"]}
    return {"text": text, "issues": [issue], "suggestions": issue["suggestions"]}
