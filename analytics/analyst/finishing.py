"""The last look at an answer: every choice runs, none asks the same again, and there is always a way on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from analytics.analyst.clarifying import MOST_CHOICES, OVER_A_LIMIT, asks_back
from analytics.analyst.explain import WHAT_CAN_YOU_DO, capabilities
from analytics.analyst.follow import hear
from analytics.analyst.issues import outside
from analytics.analyst.past import Offer
from analytics.analyst.suggest import suggestions
from analytics.analyst.turn import Turn
from analytics.query.authorize import authorize
from analytics.query.validate import problems_of
from analytics.types import Act, Answer, Issue, ParsedMessage, Query, Reply
from analytics.understand.dialogue.commands import read_command
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.resolver.asked import Doubt
from analytics.wording import inside

_FEWEST = 3
_STOPPED: tuple[type[Exception], ...] = (Doubt, *OVER_A_LIMIT)


def finished(reply: Reply, turn: Turn) -> Reply:
    """The reply with choices that run at a click, and with a way on where it asks back."""
    answers = tuple(_finished(answer, reply.query, turn) for answer in reply.answers)
    return replace(reply, answers=answers)


def _finished(answer: Answer, previous: Query | None, turn: Turn) -> Answer:
    if answer.suggestions and len(answer.choices) == len(answer.suggestions):
        return answer
    offers = [*_running(answer.suggestions, previous, turn)]
    asks = asks_back(answer) or not (answer.rows or answer.evidence or answer.suggestions)
    if asks and turn.past.question == answer.text and answer.text:
        return _another_way(answer, offers, previous, turn)
    if asks and not any(offer.query for offer in offers):
        offers += [o for o in ways_on(previous, turn) if o not in offers]
    return _with(answer, offers)


def _with(answer: Answer, offers: Iterable[Offer]) -> Answer:
    # Questions that run before the one that only tells what could be asked.
    kept = sorted(dict.fromkeys(offers), key=lambda o: o.text == WHAT_CAN_YOU_DO)[:MOST_CHOICES]
    texts = tuple(offer.text for offer in kept)
    issues = tuple(_running_only(issue, texts) for issue in answer.issues)
    if issues and not any(issue.suggestions for issue in issues) and answer.query is None:
        issues = (replace(issues[0], suggestions=texts), *issues[1:])
    choices = tuple(offer.query for offer in kept)
    return replace(answer, suggestions=texts, choices=choices, issues=issues)


def _running_only(issue: Issue, texts: tuple[str, ...]) -> Issue:
    if not issue.suggestions:
        return issue
    kept = tuple(text for text in issue.suggestions if text in texts)
    return replace(issue, suggestions=kept or texts)


def _another_way(answer: Answer, offers: list[Offer], previous: Query | None, turn: Turn) -> Answer:
    """The same question twice leads nowhere: other questions that work, and the way to start anew."""
    text = (
        "I still cannot tell what is meant. Take one of these, or ask in other words, naming a figure "
        "and a period."
    )
    others = [*offers[:2], *ways_on(previous, turn), Offer("start over")]
    issue = Issue("another_way", text)
    return _with(replace(answer, text=text, issues=(issue, *answer.issues)), others)


def ways_on(previous: Query | None, turn: Turn) -> Iterator[Offer]:
    """Questions that run: next ones after the last answer, else examples of what can be asked."""
    found = 0
    if previous is not None and previous.metrics:
        for text, query in suggestions(previous, None, turn.context, turn.today).items():
            found += 1
            yield Offer(text, query)
    if found < _FEWEST:
        yield from [*_running(_examples(turn), None, turn)][: _FEWEST - found]


def _examples(turn: Turn) -> tuple[str, ...]:
    """Example questions of the catalog, then the names of its first figures: they are questions, too."""
    metrics = turn.context.catalog.metrics.values()
    best = sorted(metrics, key=lambda m: (-m.default_rank, m.name))[:_FEWEST]
    given = capabilities(turn.context, Act.CAPABILITIES).suggestions
    return (*given, *(inside(m.label) for m in best))


def _running(texts: Iterable[str], previous: Query | None, turn: Turn) -> Iterator[Offer]:
    """The suggestions that run, each with its query where it asks for one."""
    words = turn.context.known.vocabulary.dialogue
    for text in texts:
        if text == WHAT_CAN_YOU_DO or read_command(text, words) is not None:
            yield Offer(text)
            continue
        query = _query(text, previous, turn)
        if query is not None:
            yield Offer(text, query)


def _query(text: str, previous: Query | None, turn: Turn) -> Query | None:
    """The query that a suggestion asks in this conversation; None where it does not run."""
    parsed, context = ParsedMessage(text, Act.ASK, 1.0), turn.context
    try:
        heard = hear(parsed, previous, context, turn.today)
        resolved = resolve(
            parsed, heard.reading, context.known, previous, turn.today, heard.followed
        )
    except _STOPPED:
        return None
    if not isinstance(resolved, Resolution) or problems_of(resolved.query, context.catalog):
        return None
    if outside(resolved.query, context) is not None:
        return None
    allowed = authorize(resolved.query, turn.viewer, context.catalog)
    return allowed if isinstance(allowed, Query) else None
