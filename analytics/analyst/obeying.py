"""Commands: back, anew, saved questions, the table as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rapidfuzz import fuzz, process

from analytics.analyst.clarifying import clarify
from analytics.analyst.context import Context
from analytics.analyst.explain import capabilities
from analytics.analyst.past import Past
from analytics.analyst.saved import up_to_date
from analytics.analyst.turn import Turn
from analytics.answer.say import say
from analytics.types import Act, Answer, Clarification, Issue, Kind, Query, Reply, Wish, WishKind
from analytics.understand.dialogue.commands import Command, CommandKind, same_name
from analytics.wording import listed

MOST_SAVED = 50
"""Saved questions that one person can have."""
_NEAR = 75.0
_MOST_LISTED = 5

Run = Callable[[Query], Reply]


def obey(command: Command, turn: Turn, run: Run) -> Reply | None:
    """What comes of a command; None where the message is none after all ("run rate by region")."""
    match command.kind:
        case CommandKind.UNDO:
            return _undo(turn, run)
        case CommandKind.START_OVER:
            text = "All forgotten: what would you like to know?"
            return Reply((Answer(text, suggestions=_examples(turn.context)),), None)
        case CommandKind.SAVE:
            return _save(command.name, turn)
        case CommandKind.RUN:
            return _run_saved(command.name, turn, run)
        case CommandKind.SAVED:
            return _list_saved(turn)
        case CommandKind.FORGET_SAVED:
            return _forget(command.name, turn)
        case CommandKind.EXPORT:
            return _export(turn, run)


def run_by_name(text: str, past: Past) -> Command | None:
    """A message that is the name of a saved question."""
    found = _named(text, past.saved)
    return Command(CommandKind.RUN, found) if found is not None else None


def _examples(context: Context) -> tuple[str, ...]:
    return capabilities(context, Act.CAPABILITIES).suggestions[:3]


def _undo(turn: Turn, run: Run) -> Reply:
    """The answer before; after a question of ours, the answer before that question again."""
    past = turn.past
    if past.question and turn.previous is not None:
        return run(turn.previous)
    if not past.earlier:
        issue = Issue(
            "nothing_before", "There is no answer before this one.", _examples(turn.context)
        )
        return Reply((clarify(Clarification((issue,))),), turn.previous)
    before = past.earlier[0]
    if before is None:
        text = "That is where we began: what would you like to know?"
        return Reply((Answer(text, suggestions=_examples(turn.context)),), None, back=True)
    return replace(run(before), query=before, back=True)


def _save(name: str, turn: Turn) -> Reply:
    query = turn.previous
    if query is None:
        text = "There is nothing to save yet: ask something first."
        return _told(Issue("nothing_to_save", text, _examples(turn.context)), turn)
    if not name:
        proposed = _short(say(query, turn.context.catalog))
        text = "Under which name? Say “save this as …”."
        return _told(Issue("save_as_what", text, (f"save this as {proposed}",)), turn)
    known = _named(name, turn.past.saved)
    if known is None and len(turn.past.saved) >= MOST_SAVED:
        text = f"You have {MOST_SAVED} saved questions already: delete one first."
        return _told(Issue("too_many_saved", text, ("show my saved questions",)), turn)
    again = ", in place of the one before" if known is not None else ""
    text = f"Saved as “{known or name}”{again}. Say “run {known or name}” to ask it again."
    answer = Answer(text, suggestions=(f"run {known or name}", "show my saved questions"))
    return Reply((answer,), query, Wish(WishKind.SAVE, known or name, query))


def _short(text: str) -> str:
    return " ".join(text.split()[:5])


def _run_saved(name: str, turn: Turn, run: Run) -> Reply | None:
    found = _named(name, turn.past.saved)
    if found is None:
        near = _near(name, turn.past.saved)
        if not near:
            return None
        text = f"There is no saved question “{name}”. Did you mean {listed(near)}?"
        return _told(Issue("no_such_saved", text, tuple(f"run {one}" for one in near)), turn)
    query = up_to_date(turn.past.saved[found], turn.context, turn.today)
    return run(query)


def _list_saved(turn: Turn) -> Reply:
    names = list(turn.past.saved)
    if not names:
        text = "You have saved no question yet. After an answer, say “save this as …”."
        return Reply((Answer(text, suggestions=_examples(turn.context)),), turn.previous)
    lines = [f"“{n}”: {say(q, turn.context.catalog)}" for n, q in turn.past.saved.items()]
    suggestions = tuple(f"run {name}" for name in names[:_MOST_LISTED])
    return Reply((Answer("\n".join(lines), suggestions=suggestions),), turn.previous)


def _forget(name: str, turn: Turn) -> Reply:
    found = _named(name, turn.past.saved)
    if found is None:
        near = _near(name, turn.past.saved) or tuple(turn.past.saved)[:_MOST_LISTED]
        more = f" You have {listed(near)}." if near else ""
        text = f"There is no saved question “{name}”.{more}"
        choices = tuple(f"delete the saved question {one}" for one in near)
        return _told(Issue("no_such_saved", text, choices or _examples(turn.context)), turn)
    answer = Answer(f"“{found}” is deleted.", suggestions=("show my saved questions",))
    return Reply((answer,), turn.previous, Wish(WishKind.FORGET, found))


def _export(turn: Turn, run: Run) -> Reply:
    """The last table again, with the wish for it as a file."""
    query = turn.previous
    if query is None:
        text = "There is no table yet: ask something first."
        return _told(Issue("nothing_to_export", text, _examples(turn.context)), turn)
    if query.kind is Kind.EVIDENCE:
        text = "Quotes come without a table. Ask for figures to get one."
        return _told(Issue("nothing_to_export", text, _examples(turn.context)), turn)
    reply = run(query)
    if not reply.answers[0].columns:
        return reply
    first = reply.answers[0]
    text = f"{first.text} The table can be downloaded as CSV."
    return replace(reply, answers=(replace(first, text=text),), wish=Wish(WishKind.EXPORT))


def _told(issue: Issue, turn: Turn) -> Reply:
    return Reply((clarify(Clarification((issue,))),), turn.previous)


def _named(name: str, saved: Mapping[str, Query]) -> str | None:
    return next((one for one in saved if same_name(one, name)), None)


def _near(name: str, saved: Mapping[str, Query]) -> tuple[str, ...]:
    hits = process.extract(name.lower(), {n: n.lower() for n in saved}, scorer=fuzz.ratio, limit=3)
    return tuple(key for _, score, key in hits if score >= _NEAR)
