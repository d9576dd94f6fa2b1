"""What a message says beside its question: greetings, excuses, who wants to know and why.

People wrap a question into words about themselves ("sorry to bother you, my boss wants to know by lunch what
…"). Such words narrow nothing, so they are neither looked up nor named back. Only what speaks of the people
who talk counts as that, never a word in reach of the question itself: an unknown word there may change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analytics.text import Token
from analytics.understand.spans import Span

# Closed classes: who speaks and is spoken to, how one is polite, what opens a question.
_PEOPLE = frozenset(
    "i i'm i'd i've i'll we we're we'd we've me my mine us our you you're you'd you've your yours he she "
    "they boss colleague team everyone everybody somebody anyone".split()
)
_COURTESY = frozenset(
    "sorry excuse thanks thank thx cheers please pls hi hello hey dear good morning afternoon evening hope "
    "regards kindly grateful appreciate appreciated".split()
)
_HEDGES = frozenset({"if", "whenever", "unless"})
_OPENING = frozenset("what what's which who whose how whether when where why".split())
_BREAK = re.compile(
    r"[,;:!?.…()\n–—]+(?=\s|$)|\s-\s|\b(?:and|but|so|because|since|as)(?=\s+(?:i|we|you|my|our)\b)",
    re.IGNORECASE,
)
_ASKED = ("metric", "model", "dimension")


def set_aside(text: str, tokens: Sequence[Token], spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans, with those beside the question turned into words that narrow nothing."""
    if not any(span.unknown for span in spans):
        return spans
    clauses = tuple(_clauses(text, tokens, spans))
    asking = [clause for clause in clauses if any(_is_content(spans[i]) for i in clause)]
    beside = {i for clause in asking for i in _lead(tokens, spans, clause)}
    for clause in clauses if asking else ():
        if clause not in asking and _is_about_people(tokens, spans, clause):
            beside.update(clause)
    return tuple(
        Span(span.first, span.last, frame=True) if i in beside else span
        for i, span in enumerate(spans)
    )


def _clauses(
    text: str, tokens: Sequence[Token], spans: Sequence[Span]
) -> Iterator[tuple[int, ...]]:
    """Positions of the spans of each clause, in order."""
    breaks = [match.start() for match in _BREAK.finditer(text)]
    clause: list[int] = []
    for i, span in enumerate(spans):
        start = tokens[span.first].start
        if clause and any(tokens[spans[i - 1].first].start < b <= start for b in breaks):
            yield tuple(clause)
            clause = []
        clause.append(i)
    if clause:
        yield tuple(clause)


def _lead(
    tokens: Sequence[Token], spans: Sequence[Span], clause: tuple[int, ...]
) -> tuple[int, ...]:
    """Unknown words that lead up to a question: "my boss wants to know by lunch what …"."""
    content = next(i for i in clause if _is_content(spans[i]))
    opening = [i for i in clause if tokens[spans[i].first].word in _OPENING and i <= content]
    lead = [i for i in clause if i < (opening[-1] if opening else content)]
    while not opening and lead and spans[lead[-1]].unknown:
        lead.pop()  # right before the question it may change it: "wholesale revenue"
    if not _speaks_of_people(tokens, spans, lead):
        return ()
    return tuple(i for i in lead if spans[i].unknown)


def _is_about_people(
    tokens: Sequence[Token], spans: Sequence[Span], clause: tuple[int, ...]
) -> bool:
    """A clause that asks nothing, has words of its own, and speaks of who is talking."""
    hedges = tokens[spans[clause[0]].first].word in _HEDGES
    return (hedges or _speaks_of_people(tokens, spans, clause)) and any(
        spans[i].unknown for i in clause
    )


def _is_content(span: Span) -> bool:
    """Whether it names what is asked for. A period alone does not: "I have a meeting this week"."""
    return bool(span.values) or any(span.has(role) for role in _ASKED)


def _speaks_of_people(
    tokens: Sequence[Token], spans: Sequence[Span], positions: Sequence[int]
) -> bool:
    return any(
        token.word in _PEOPLE or token.word in _COURTESY
        for i in positions
        for token in tokens[spans[i].first : spans[i].last]
    )
