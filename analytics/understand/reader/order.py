"""Ranks, directions and grains: which first, which way, how wide a step."""

from __future__ import annotations

from analytics.types import Grain, Issue
from analytics.understand.reader.draft import ASKING, Draft
from analytics.understand.reading import Comparative
from analytics.understand.spans import Span

_PARTICLES = frozenset({"up", "down"})
_BETWEEN = frozenset({"that", "it", "this", "those", "these", "them", "most", "often"})
_WITH_PARTICLE = frozenset(
    "make makes made making come comes came coming bring brings brought add adds added sum sums summed "
    "show shows showed shown pop pops popped crop crops cropped end ends ended sign signs signed write "
    "wrote break breaks broken split roll rolled turns turned total set look looked".split()
)
"""Verbs that "up" or "down" belongs to: "what came up", "what is it made up of" tell no direction."""


def _is_particle(draft: Draft, span: Span) -> bool:
    if draft.text(span).lower() not in _PARTICLES:
        return False
    before = draft.words(0, span.first)
    while before and before[-1] in _BETWEEN:
        before.pop()
    return bool(before) and before[-1] in _WITH_PARTICLE


def set_direction(draft: Draft, span: Span) -> None:
    """Two opposite directions are two questions."""
    if _is_particle(draft, span):
        return
    said = span.names("direction")[0]
    if draft.direction in {None, "any"}:
        draft.direction = said
    elif said not in {draft.direction, "any"}:
        _two_questions(draft, span)


def set_verbs_rank(draft: Draft, i: int, span: Span) -> None:
    """ "Best seller", "returned most often": what happens and how it ranks, in one phrase."""
    metrics = draft.known.catalog.metrics
    entries = [e for e in span.entries if e.role == "metric"]
    if not entries or not all(e.phrase in metrics[e.name].verbs for e in entries):
        return
    if span.has("rank"):
        set_rank(draft, i, span)
    elif draft.rank is None:
        words = (draft.tokens[t] for t in range(span.first, span.last))
        ranks = [
            e.name for t in words for e in draft.known.lexicon.lookup((t.stem,)) if e.role == "rank"
        ]
        draft.rank = ranks[0] if ranks else None


def set_rank(draft: Draft, i: int, span: Span) -> None:
    """A rank, and the number beside it."""
    _take_rank(draft, span)
    for neighbour in (draft.after(i), draft.before(i)):
        if neighbour is None or neighbour.number is None or neighbour.time:
            continue
        position = draft.spans.index(neighbour)
        if position not in draft.used and neighbour.number >= 1:
            draft.count = int(neighbour.number)
            draft.used.add(position)
            return


def set_place(draft: Draft, i: int, span: Span) -> None:
    """ "second best": the place of a rank; elsewhere it is not known what is second."""
    after = draft.after(i)
    if after is not None and after.has("rank"):
        draft.place = int(span.names("ordinal")[0])
        return
    draft.problems.append(
        Issue(
            "unclear_order",
            f"I can't tell what “{draft.text(span)}” counts here.",
            ("What can you do?",),
        )
    )


def set_comparative(draft: Draft, span: Span) -> None:
    """ "higher … than": which way, and where the other side begins."""
    than = next(
        (t for t in range(span.last, len(draft.tokens)) if draft.tokens[t].word == "than"), None
    )
    if draft.comparative is None:
        draft.comparative = Comparative(span.names("comparative")[0], span.first, than)


def compare_without_number(draft: Draft, span: Span) -> None:
    """ "Higher than last month": a comparison where no number follows."""
    first, last = draft.tokens[span.first], draft.tokens[span.last - 1]
    ways = [e.name for e in draft.known.lexicon.lookup((first.stem,)) if e.role == "comparative"]
    if last.word != "than" or not ways:
        return
    if draft.comparative is None:
        draft.comparative = Comparative(ways[0], span.first, span.last - 1)
    draft.comparisons.add("versus")
    draft.versus_at = span.last - 1


def _take_rank(draft: Draft, span: Span) -> None:
    """ "top 5 worst" is about the worst; "best and worst" are two questions."""
    said = span.names("rank")[0]
    if draft.rank is None or (draft.rank == "highest" and not _joined_before(draft, span)):
        draft.rank = said
    elif said not in {draft.rank, "highest"}:
        _two_questions(draft, span)


def _joined_before(draft: Draft, span: Span) -> bool:
    return any(word in {"and", "or", "&"} for word in draft.words(span.first - 2, span.first))


def _two_questions(draft: Draft, span: Span) -> None:
    if not any(problem.code == "two_questions" for problem in draft.problems):
        draft.problems.append(
            Issue(
                "two_questions",
                f"That asks for two lists at once; please ask for “{draft.text(span)}” apart.",
                ("What can you do?",),
            )
        )


def set_grain(draft: Draft, i: int, span: Span) -> None:
    """The width of a step."""
    word = span.names("grain")[0]
    if draft.words(span.first - 1, span.first) == ["in"] and draft.tokens[span.first].word.endswith(
        "s"
    ):
        return  # "in hours": a unit, not a step
    if draft.words(span.first - 1, span.first)[:1] in (["a"], ["an"], ["within"]):
        draft.problems.append(
            Issue(
                "unclear_duration",
                f"I can't tell what “a {draft.text(span)}” limits here.",
                ("What can you do?",),
            )
        )
        return
    if draft.grain is not None and draft.grain is not Grain(word):
        draft.problems.append(
            Issue(
                "two_grains",
                f"I can show one width of steps at a time: by {draft.grain.value} or by {word}?",
                tuple(
                    draft.message.text.replace(draft.text(span), f"by {g}").strip()
                    for g in (draft.grain.value, word)
                ),
            )
        )
    if draft.grain is None:
        draft.grain = Grain(word)
    before = draft.before(i)
    if draft.words(span.first - 2, span.first) == ["how", "many"] and draft.counted is None:
        draft.counted = span.first
    draft.grain_asked = draft.grain_asked or bool(
        ASKING & set(draft.words(span.first - 2, span.first))
        or (before is not None and before.has("rank"))
    )
