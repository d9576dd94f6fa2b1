"""Whether a message asks what customers talk about, complain of or praise: themes, not a figure."""

from __future__ import annotations

from analytics.text import stems
from analytics.understand.reader.draft import Draft
from analytics.understand.reader.roles import is_person
from analytics.understand.reading import MetricMention
from analytics.understand.spans import Span

THEMES, NEWS = "themes", "news"
COMPLAINTS, PRAISE, TOPICS = "complaints", "praise", "topics"
_SAID = {COMPLAINTS, PRAISE, TOPICS}
_LEADING = {"main", "biggest", "common", "key", "frequent", "typical", "recurring", "chief", "top"}
_OPENING = 3
_COUNTED = {COMPLAINTS, PRAISE}


def read_themes(draft: Draft) -> None:
    """Claims the spans that say so, before they are read as a figure ("complaints") or as quotes."""
    for i, span in enumerate(draft.spans):
        found = set(span.names("form")) & {*_SAID, NEWS}
        if NEWS in found or (found and _asks_what(draft, i, span)):
            draft.forms |= {THEMES, *found}
            draft.used.add(i)
        elif found & _COUNTED and any(_asks_for_things(draft, o) for o in draft.spans[:i]):
            _count_of_each(draft, i, next(iter(found & _COUNTED)))
    if _ends_in_about(draft):
        draft.forms |= {THEMES, TOPICS}


def _ends_in_about(draft: Draft) -> bool:
    """ "What are the happy reviews about?", "what were they about": what texts speak of."""
    bare = [t.word for t in draft.tokens if t.word[0].isalnum()]
    if bare[-1:] != ["about"] or "what" not in bare[:-1] or bare[-2:-1] == ["what"]:
        return False
    last = next(s for s in reversed(draft.spans) if draft.tokens[s.first].word[0].isalnum())
    texts = any(s.has("model") or s.has("metric") for s in draft.spans)
    return last.frame and (texts or not _THEY.isdisjoint(bare))


_THEY = frozenset({"they", "it", "those", "these", "that", "them"})


def _count_of_each(draft: Draft, i: int, said: str) -> None:
    """ "which products do customers complain about": the figure that counts complaints, of each."""
    span = draft.spans[i]
    entries = draft.known.lexicon.lookup(stems(said))
    names = tuple(dict.fromkeys(e.name for e in entries if e.role == "metric"))
    if not names or "evidence" not in span.names("form"):
        return
    draft.metrics.append(MetricMention(names, draft.text(span), span.first))
    draft.rank = draft.rank or "highest"
    draft.used.add(i)
    draft.used |= {n for n, other in enumerate(draft.spans[:i]) if is_person(draft, other)}


def _asks_what(draft: Draft, i: int, span: Span) -> bool:
    """ "what do people complain about", "the top complaints"; not "which products get complaints"."""
    before = draft.before(i)
    if before is not None and before.has("rank"):
        return True
    if set(draft.words(span.first - 2, span.first)) & _LEADING:
        return True
    opened = "what" in draft.words(0, _OPENING)
    return opened and not any(_asks_for_things(draft, other) for other in draft.spans[:i])


def _asks_for_things(draft: Draft, span: Span) -> bool:
    return span.has("dimension") and not is_person(draft, span)
