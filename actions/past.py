"""The conversation before a message, read from the tracker's events: no other memory is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analytics.analyst.past import Offer, Past
from analytics.types import Query, query_from_wire

SLOT = "query"

log = logging.getLogger(__name__)


def stored_query(wire: Any) -> Query | None:
    """The query that was written to the tracker; None where there is none or an older version wrote it."""
    if wire is None:
        return None
    try:
        return query_from_wire(wire)
    except (TypeError, ValueError):
        log.warning("a stored query cannot be read; the conversation starts anew there")
        return None


def past_of(events: Sequence[Mapping[str, Any]], metadata: Mapping[str, Any]) -> Past:
    """What was asked, answered and offered before; the saved questions that came with the message."""
    said, answer = _last_answer(events)
    offers = _offers(answer)
    asked_back = bool(answer.get("issues")) and answer.get("query") is None
    asked_back = asked_back and not (answer.get("rows") or answer.get("evidence"))
    return Past(
        earlier=tuple(_earlier(events)),
        offers=offers,
        question=str(answer.get("text") or "") if asked_back else "",
        message=said if asked_back else "",
        saved=_saved(metadata),
    )


def _earlier(events: Sequence[Mapping[str, Any]]) -> Iterator[Query | None]:
    """The queries before the last one, the latest first. What was gone back from is not among them.

    Of turns long ago only the slot's values are left: there, the value before it, again, means going back.
    """
    stack: list[Any] = [None]
    back, heard = False, False
    for event in events:
        match event.get("event"):
            case "user":
                back, heard = False, True
            case "bot":
                back = back or _custom(event).get("back") is True
            case "slot" if event.get("name") == SLOT:
                again = not heard and len(stack) > 2 and event.get("value") == stack[-2]
                if (back or again) and len(stack) > 1:
                    stack.pop()
                elif not back and event.get("value") != stack[-1]:
                    stack.append(event.get("value"))
                back = False
            case _:
                pass
    for wire in reversed(stack[:-1]):
        yield stored_query(wire)


def _last_answer(events: Sequence[Mapping[str, Any]]) -> tuple[str, Mapping[str, Any]]:
    """The message before and the last of its answers; empty where there is none."""
    for i in range(len(events) - 1, -1, -1):
        answers = _custom(events[i]).get("answers") if events[i].get("event") == "bot" else None
        if not isinstance(answers, list) or not answers or not isinstance(answers[-1], Mapping):
            continue
        said: Mapping[str, Any] = next(
            (e for e in reversed(events[:i]) if e.get("event") == "user"), {}
        )
        return str(said.get("text") or ""), answers[-1]
    return "", {}


def _custom(event: Mapping[str, Any]) -> Mapping[str, Any]:
    custom = (event.get("data") or {}).get("custom")
    return custom if isinstance(custom, Mapping) else {}


def _offers(answer: Mapping[str, Any]) -> tuple[Offer, ...]:
    texts = answer.get("suggestions") or ()
    choices = [*(answer.get("choices") or ()), *(None for _ in texts)]
    return tuple(Offer(str(t), stored_query(c)) for t, c in zip(texts, choices, strict=False))


def _saved(metadata: Mapping[str, Any]) -> dict[str, Query]:
    saved = metadata.get("saved")
    if not isinstance(saved, Mapping):
        return {}
    found = {str(name): stored_query(wire) for name, wire in saved.items()}
    return {name: query for name, query in found.items() if query is not None}
