"""Message → ``Reading``: which span plays which role, decided by its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from analytics.catalog.types import DimensionKind, Unit
from analytics.text import Token, singular, singulars, stems, tokenize
from analytics.types import Act, Grain, Issue, Mention, Op, ParsedMessage, Role, TimeRange
from analytics.understand.known import Known
from analytics.understand.reading import (
    Condition,
    DimensionMention,
    MetricMention,
    Reading,
    ValueMention,
)
from analytics.understand.spans import Span, cover
from analytics.understand.time import find_times, impossible_dates

_ASKING = {"which", "what", "whose", "who"}
_YES_OR_NO = {"did", "do", "does", "has", "have", "is", "are", "was", "were", "will"}
_JOINING = {"and", "or", "&", "plus", "as", "vs", "versus", "with"}
_COUNTING = {"many", "number", "count"}
_SHOWING = {"show", "read", "see", "list", "find", "display", "pull", "give", "open", "quote"}
_SHARES = {Unit.RATIO, Unit.POINTS}
_NEAR_ENOUGH = 86.0
_NEAR_ENOUGH_TO_NAME = 68.0


def read(message: ParsedMessage, known: Known, today: date) -> Reading:
    """Reads a message. Never fails: what is not understood ends in ``problems``."""
    tokens, notes = known.spelling.correct(tokenize(message.text))
    times = find_times(message.text, today, known.calendar)
    spans = cover(message.text, tokens, times, known.lexicon, known.values, known.vocabulary)
    if any("evidence" in span.names("form") for span in spans):
        spans = cover(
            message.text,
            tokens,
            times,
            known.lexicon,
            known.values,
            known.vocabulary,
            rows_only=True,
        )
    reader = _Reader(message, known, tokens, spans)
    reader.run()
    reading = reader.finish()
    problems = tuple(
        Issue("impossible_date", f"There is no {text}.")
        for text in impossible_dates(message.text, today, known.calendar)
    )
    return replace(reading, notes=(*notes, *reading.notes), problems=(*problems, *reading.problems))


@dataclass
class _Reader:
    """Walks over the spans once, keeping what was found so far."""

    message: ParsedMessage
    known: Known
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    metrics: list[MetricMention] = field(default_factory=list)
    dimensions: list[DimensionMention] = field(default_factory=list)
    values: list[ValueMention] = field(default_factory=list)
    times: list[TimeRange] = field(default_factory=list)
    time_positions: list[int] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    comparisons: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    models: list[str] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    grain: Grain | None = None
    pair: tuple[TimeRange, TimeRange] | None = None
    grain_asked: bool = False
    versus_at: int | None = None
    rank: str | None = None
    count: int | None = None
    direction: str | None = None
    search: str | None = None
    negation: str | None = None
    used: set[int] = field(default_factory=set)

    # -- helpers -------------------------------------------------------------------------------

    def text(self, span: Span) -> str:
        """The span as typed."""
        return self.message.text[self.tokens[span.first].start : self.tokens[span.last - 1].end]

    def words(self, first: int, last: int) -> list[str]:
        """Words of the tokens [first, last)."""
        return [t.word for t in self.tokens[max(first, 0) : last]]

    def before(self, i: int) -> Span | None:
        """The span before the i-th, skipping articles."""
        return self._neighbour(i, -1)

    def after(self, i: int) -> Span | None:
        """The span after the i-th, skipping articles."""
        return self._neighbour(i, 1)

    def _neighbour(self, i: int, step: int) -> Span | None:
        position = i + step
        while 0 <= position < len(self.spans):
            span = self.spans[position]
            if not (
                span.frame
                and self.tokens[span.first].word in {"the", "a", "an", "our", "of", "all"}
            ):
                return span
            position += step
        return None

    def mentioned(self, span: Span, *roles: Role) -> Mention | None:
        """The NLU mention of one of these roles that overlaps the span."""
        start, end = self.tokens[span.first].start, self.tokens[span.last - 1].end
        for mention in self.message.mentions:
            if mention.role in roles and mention.start < end and mention.end > start:
                return mention
        return None

    def conjoined(self, first: int, last: int) -> bool:
        """A conjunction or comma stands between two token positions."""
        if any(word in _JOINING for word in self.words(first, last)):
            return True
        if last > first:
            return "," in self.message.text[self.tokens[first - 1].end : self.tokens[last].start]
        return False

    # -- the walk ------------------------------------------------------------------------------

    def run(self) -> None:
        """Conditions first (they claim numbers), then every other span in order."""
        self._read_conditions()
        excluded = False
        for i, span in enumerate(self.spans):
            if i in self.used or span.unknown:
                excluded = excluded and span.unknown
                continue
            if span.frame:
                excluded = excluded and self.tokens[span.first].word in {
                    *_JOINING,
                    "the",
                    "a",
                    "in",
                    "from",
                    "for",
                    "on",
                    "our",
                }
                continue
            if span.has("exclusion") and not span.values:
                excluded = True
                self.negation = self.negation or self.text(span)
                continue
            excluded = self._read_span(i, span, excluded)
        self._check_negation()
        self._read_unknown()

    def _read_span(self, i: int, span: Span, excluded: bool) -> bool:
        if span.time is not None:
            self.times.append(span.time)
            self.time_positions.append(span.first)
            self.pair = self.pair or span.pair
            return False
        role = self._role(i, span)
        if role in {"metric", "model"} and span.has("model") and self._is_per(span):
            self.problems.append(self._per_rows(span))
            return False
        match role:
            case "value":
                self._add_value(i, span, excluded)
                return excluded
            case "metric":
                names = span.names("metric")
                self.metrics.append(
                    MetricMention(
                        names, self.text(span), span.first, span.has("model"), self._is_verb(span)
                    )
                )
            case "model":
                self.models.extend(span.names("model"))
            case "dimension":
                self._add_dimension(i, span)
                return excluded
            case "rank":
                self._set_rank(i, span)
            case "direction":
                self._set_direction(span)
            case "comparison":
                self.comparisons.update(span.names("comparison"))
                if "versus" in span.names("comparison"):
                    self.versus_at = span.first
            case "grain":
                self._set_grain(i, span)
            case "form":
                self.forms.update(span.names("form"))
            case "number":
                self._set_number(i, span)
            case "unit":
                self.problems.append(
                    Issue(
                        "unclear_unit",
                        f"I don't know which “{self.text(span)}” you mean: say how many.",
                        ("What can you do?",),
                    )
                )
            case _:
                pass
        return False

    def _is_verb(self, span: Span) -> bool:
        """The span implies its metric by what happens ("sold"), it does not name it."""
        metrics = self.known.catalog.metrics
        entries = [e for e in span.entries if e.role == "metric"]
        return bool(entries) and all(e.phrase in metrics[e.name].verbs for e in entries)

    def _is_per(self, span: Span) -> bool:
        return self.words(span.first - 1, span.first) == ["per"]

    def _per_rows(self, span: Span) -> Issue:
        """ "complaints per order" where the catalog has no such ratio: never the plain figure."""
        start = self.tokens[max(span.first - 2, 0)].start
        text = self.message.text[start : self.tokens[span.last - 1].end]
        links = self.known.linker.metrics(text)
        labels = tuple(self.known.catalog.metrics[link.name].label for link in links)
        if not labels:
            return Issue("unknown_ratio", f"I have no figure for “{text}”.", ("What can you do?",))
        return Issue(
            "unknown_ratio",
            f"I have no figure for “{text}”. Did you mean {_listed(labels)}?",
            labels,
        )

    def _role(self, i: int, span: Span) -> str:
        """One role for a span that may have several."""
        if span.values and not span.entries:
            return "value"
        roles = {entry.role for entry in span.entries}
        if span.number is not None and not roles:
            return "number"
        if span.values and roles:
            return self._value_or_entry(i, span, roles)
        for role in ("rank", "direction", "comparison", "grain", "condition"):
            if role in roles and not roles & {"metric", "dimension"}:
                return role
        if "dimension" in roles and self._wants_dimension(i, span):
            return "dimension"
        if "metric" in roles:
            return "metric"
        if "dimension" in roles:
            return "dimension"
        others = ("model", "form", "rank", "direction", "grain", "unit")
        return next((r for r in others if r in roles), "")

    def _value_or_entry(self, i: int, span: Span, roles: set[str]) -> str:
        if "dimension" in roles and self._wants_dimension(i, span):
            return "dimension"
        if any("evidence" in s.names("form") for s in self.spans):
            return "value"
        if self.mentioned(span, Role.VALUE) and not self.mentioned(span, Role.METRIC):
            return "value"
        others = [s for s in self.spans if s is not span and s.has("metric") and not s.has("model")]
        if "metric" in roles and not others:
            return "metric"
        return "value"

    def _wants_dimension(self, i: int, span: Span) -> bool:
        before = self.before(i)
        if "metric" in {e.role for e in span.entries}:
            if before is not None and before.has("form") and "breakdown" in before.names("form"):
                others = any(s.has("metric") for s in self.spans if s is not span)
                return others or not self.dimensions
            previous = self.words(span.first - 2, span.first)
            if any(word in _COUNTING for word in self.words(span.first - 3, span.first)):
                return False
            if previous and previous[-1] in _ASKING:
                return True
            if self._person(span):
                return bool(
                    (before is not None and (before.has("rank") or before.number is not None))
                    or any(
                        s.has("metric") and not s.has("model") for s in self.spans if s is not span
                    )
                )
            return False
        return True

    def _person(self, span: Span) -> bool:
        dimensions = {
            d.name: d
            for m in self.known.catalog.models.values()
            for d in self.known.catalog.dimensions_of(m).values()
        }
        return any(
            dimensions[name].person for name in span.names("dimension") if name in dimensions
        )

    # -- single roles --------------------------------------------------------------------------

    def _add_value(self, i: int, span: Span, excluded: bool) -> None:
        values = span.values
        for neighbour in (self.before(i), self.after(i)):
            if neighbour is not None and neighbour.has("dimension"):
                narrowed = tuple(v for v in values if v.dimension in neighbour.names("dimension"))
                values = narrowed or values
        self.values.append(ValueMention(values, self.text(span), span.first, excluded))

    def _add_dimension(self, i: int, span: Span) -> None:
        names = span.names("dimension")
        before, after = self.before(i), self.after(i)
        for neighbour in (before, after):
            if neighbour is not None and any(v.dimension in names for v in neighbour.values):
                return
        if after is not None and after.number is not None and self._is_identifier(names, after):
            return
        marked = before is not None and "breakdown" in before.names("form")
        joined = bool(self.dimensions and self.dimensions[-1].grouped) and self.conjoined(
            self.dimensions[-1].at + 1, span.first
        )
        joined = joined or self._joins_grain(i, span)
        near = 1 if self._person(span) else 2
        asked = bool(_ASKING & set(self.words(span.first - near, span.first)))
        asked = asked or (before is not None and before.number is not None and i > 1)
        ranked = before is not None and (
            before.has("rank")
            or before.number is not None
            or (self.rank is not None and before.has("metric"))
        )
        word = self.tokens[span.last - 1].word
        plural = self._is_plural(names, word)
        listed = self._lists_things(i, span) if plural else self._bare(names, span)
        grouped = marked or joined or asked or ranked or listed
        single = not plural and (asked or ranked) and not marked
        if before is not None and before.number is not None and plural and i - 1 not in self.used:
            self.count = self.count or int(before.number)
        self.dimensions.append(
            DimensionMention(names, self.text(span), span.first, grouped, single)
        )

    def _joins_grain(self, i: int, span: Span) -> bool:
        """ "by month and region": the dimension shares the "by" of the grain."""
        earlier = self.spans[i - 2] if i >= 2 else None
        return (
            earlier is not None
            and earlier.has("grain")
            and self.words(span.first - 1, span.first)[0] in _JOINING
        )

    def _bare(self, names: tuple[str, ...], span: Span) -> bool:
        """A thing named beside a metric with nothing said of it: telegraphic for "by"."""
        kinds = [
            self.known.catalog.dimensions_of(m)[n].kind
            for m in self.known.catalog.models.values()
            for n in names
            if n in self.known.catalog.dimensions_of(m)
        ]
        return DimensionKind.CATEGORICAL in kinds and not self._person(span)

    def _lists_things(self, i: int, span: Span) -> bool:
        """A bare plural lists things where it opens the message or something is said of each."""
        if self._person(span) or self.words(0, 1)[0] in _YES_OR_NO:
            return False
        before, after = self.words(0, span.first), self.words(span.last, span.last + 1)
        opens = all(w in self.known.vocabulary.frame for w in before) and before[-1:] != ["of"]
        every = self.before(i)
        return bool(
            (opens and not {"in", "for", "from"} & set(before))
            or (before[-1:] and before[-1] in _SHOWING)
            or (every is not None and "every" in every.names("form"))
            or (after and after[0] in {"with", "that", "where", "whose", "having"})
            or self.direction
        )

    def _is_plural(self, names: tuple[str, ...], word: str) -> bool:
        for name in names:
            for model in self.known.catalog.models.values():
                dimension = self.known.catalog.dimensions_of(model).get(name)
                if dimension is not None:
                    singular = {t.word for t in tokenize(dimension.label)}
                    return word not in singular and word.endswith(("s", "people"))
        return word.endswith("s")

    def _is_identifier(self, names: tuple[str, ...], span: Span) -> bool:
        """ "customer 17850": the number is a value of the dimension."""
        for value in self.known.values.lookup((self.tokens[span.first].stem,)):
            if value.dimension in names:
                self.values.append(ValueMention((value,), self.text(span), span.first))
                self.used.add(self.spans.index(span))
                return True
        return False

    def _check_negation(self) -> None:
        """A "not" that excludes no value would be dropped in silence."""
        if self.negation and not any(value.excluded for value in self.values):
            self.problems.append(
                Issue(
                    "unclear_negation",
                    f"I can't tell what “{self.negation}” leaves out here. Name a value to leave out, "
                    "such as a region or a product.",
                    ("What can you do?",),
                )
            )

    def _set_direction(self, span: Span) -> None:
        """Two opposite directions are two questions."""
        said = span.names("direction")[0]
        if self.direction in {None, "any"}:
            self.direction = said
        elif said not in {self.direction, "any"}:
            self._two_questions(span)

    def _two_questions(self, span: Span) -> None:
        if not any(problem.code == "two_questions" for problem in self.problems):
            self.problems.append(
                Issue(
                    "two_questions",
                    f"That asks for two lists at once; please ask for “{self.text(span)}” apart.",
                    ("What can you do?",),
                )
            )

    def _take_rank(self, span: Span) -> None:
        """ "top 5 worst" is about the worst; "best and worst" are two questions."""
        said = span.names("rank")[0]
        if self.rank is None or (self.rank == "highest" and not self._joined_before(span)):
            self.rank = said
        elif said not in {self.rank, "highest"}:
            self._two_questions(span)

    def _joined_before(self, span: Span) -> bool:
        return any(word in {"and", "or", "&"} for word in self.words(span.first - 2, span.first))

    def _set_rank(self, i: int, span: Span) -> None:
        self._take_rank(span)
        for neighbour in (self.after(i), self.before(i)):
            if neighbour is None or neighbour.number is None or neighbour.time:
                continue
            position = self.spans.index(neighbour)
            if position not in self.used and neighbour.number >= 1:
                self.count = int(neighbour.number)
                self.used.add(position)
                return

    def _set_grain(self, i: int, span: Span) -> None:
        word = span.names("grain")[0]
        if self.words(span.first - 1, span.first)[:1] in (["a"], ["an"], ["within"]):
            self.problems.append(
                Issue(
                    "unclear_duration",
                    f"I can't tell what “a {self.text(span)}” limits here.",
                    ("What can you do?",),
                )
            )
            return
        if self.grain is None:
            self.grain = Grain(word)
        before = self.before(i)
        self.grain_asked = self.grain_asked or bool(
            _ASKING & set(self.words(span.first - 2, span.first))
            or (before is not None and before.has("rank"))
        )

    def _set_number(self, i: int, span: Span) -> None:
        after, before = self.after(i), self.before(i)
        number = span.number
        assert number is not None
        if after is not None and after.has("rank"):
            return  # the rank claims it
        if after is not None and (
            after.has("model") or after.has("form") or after.has("dimension")
        ):
            if number >= 1 and self.count is None:
                self.count = int(number)
                return
            if number >= 1:
                return
        if (
            before is not None
            and before.has("dimension")
            and self._dimension_equals(before, number)
        ):
            return
        if after is None or not after.time:
            self.problems.append(
                Issue(
                    "unknown_number",
                    f"I don't know what “{self.text(span)}” refers to here.",
                    ("What can you do?",),
                )
            )

    def _dimension_equals(self, span: Span, number: float) -> bool:
        numeric = self._numeric(span.names("dimension"))
        if not numeric:
            return False
        self.conditions.append(Condition(Op.EQ, number, span.first, dimensions=numeric))
        self.metrics = [m for m in self.metrics if m.at != span.first]
        return True

    def _numeric(self, names: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for model in self.known.catalog.models.values():
            for name, dimension in self.known.catalog.dimensions_of(model).items():
                if name in names and dimension.kind is DimensionKind.NUMERIC and name not in found:
                    found.append(name)
        return tuple(found)

    # -- conditions ----------------------------------------------------------------------------

    def _read_conditions(self) -> None:
        for i, span in enumerate(self.spans):
            if span.number is None or span.time or i in self.used:
                continue
            before, after = self.before(i), self.after(i)
            operator, claimed = self._operator(i, before, after)
            target = self.after(max(claimed | {i})) if claimed or after is None else after
            if self._unit_condition(i, span, operator, claimed):
                continue
            if operator is None:
                continue
            self._metric_condition(i, span, operator, claimed, target)

    def _operator(
        self, i: int, before: Span | None, after: Span | None
    ) -> tuple[Op | None, set[int]]:
        names = {"gt": Op.GT, "ge": Op.GE, "lt": Op.LT, "le": Op.LE, "eq": Op.EQ}
        if before is not None and before.has("condition"):
            return names[before.names("condition")[0]], {self.spans.index(before)}
        if after is not None and after.has("condition"):
            return names[after.names("condition")[0]], {self.spans.index(after)}
        if before is not None and before.frame is False and before.has("direction"):
            return None, set()
        symbol = self.words(self.spans[i].first - 1, self.spans[i].first)
        symbols = {">": Op.GT, ">=": Op.GE, "<": Op.LT, "<=": Op.LE, "=": Op.EQ}
        if symbol and symbol[0] in symbols:
            return symbols[symbol[0]], {i - 1}
        return None, set()

    def _unit_condition(self, i: int, span: Span, operator: Op | None, claimed: set[int]) -> bool:
        """ "under 3 stars", "5-star", "2 stars or less", "4 or 5 stars"."""
        assert span.number is not None
        candidates = [self.after(i)]
        if candidates[0] is not None and candidates[0].has("condition"):
            candidates.append(self.after(self.spans.index(candidates[0])))
        for unit in candidates:
            if unit is None or not unit.has("unit"):
                continue
            position = self.spans.index(unit)
            trailing = self.after(position)
            if operator is None and trailing is not None and trailing.has("condition"):
                operator, extra = self._operator(position, None, trailing)
                claimed = claimed | extra
            self._counts_rows(unit)
            numbers = [span.number, *self._listed_numbers(i)]
            for number in numbers:
                self.conditions.append(
                    Condition(operator or Op.EQ, number, span.first, dimensions=unit.names("unit"))
                )
            self.used |= claimed | {i, position}
            return True
        return False

    def _counts_rows(self, unit: Span) -> None:
        """ "1 star reviews": the unit phrase ends in the rows that are counted."""
        last = self.tokens[unit.last - 1]
        names = tuple(
            e.name
            for e in self.known.lexicon.lookup((last.stem,))
            if e.role == "metric" and singulars(e.phrase) == (singular(last.word),)
        )
        if unit.last - unit.first > 1 and names:
            self.metrics.append(MetricMention(names, last.text, unit.last - 1, rows=True))

    def _listed_numbers(self, i: int) -> list[float]:
        """Numbers joined before this one: "4 and 5 star", "1 or 2 stars"."""
        if i >= 2 and self.tokens[self.spans[i - 1].first].word in {"and", "or", "to", "&", "-"}:
            earlier = self.spans[i - 2]
            if earlier.number is not None and not earlier.time:
                self.used.add(i - 2)
                return [earlier.number]
        return []

    def _metric_condition(
        self, i: int, span: Span, operator: Op, claimed: set[int], target: Span | None
    ) -> None:
        assert span.number is not None
        if target is not None and target.has("metric"):
            position = self.spans.index(target)
            self.conditions.append(
                Condition(operator, span.number, span.first, metrics=target.names("metric"))
            )
            self.used |= claimed | {i, position}
            return
        first = min(claimed | {i})
        previous = next(
            (s for s in reversed(self.spans[:first]) if s.has("metric") or s.has("dimension")), None
        )
        if previous is None:
            return
        numeric = self._numeric(previous.names("dimension"))
        self.conditions.append(
            Condition(
                operator,
                span.number,
                span.first,
                dimensions=numeric,
                metrics=previous.names("metric"),
            )
        )
        self.used |= claimed | {i}
        if previous.has("metric"):
            others = [s for s in self.spans if s.has("metric") and s is not previous]
            if others:
                self.used.add(self.spans.index(previous))

    # -- what is left --------------------------------------------------------------------------

    def _read_unknown(self) -> None:
        for run in self._unknown_runs():
            self._place(run)

    def _unknown_runs(self) -> list[Span]:
        """Unknown tokens, joined where they touch or lie in one mention."""
        runs: list[Span] = []
        for i, span in enumerate(self.spans):
            if not span.unknown or i in self.used:
                continue
            if runs and runs[-1].last == span.first:
                runs[-1] = Span(runs[-1].first, span.last)
            else:
                runs.append(span)
        return runs

    def _place(self, run: Span) -> None:
        text = self.text(run)
        mention = self.mentioned(run, Role.METRIC, Role.DIMENSION, Role.VALUE)
        if self._place_value(run, text):
            return
        if (
            mention is not None
            and mention.role is not Role.VALUE
            and self._place_linked(mention, run)
        ):
            return
        if "evidence" in self.forms or self._shows_rows():
            self.search = f"{self.search} {text}" if self.search else text
            return
        if not self.metrics and self._place_metric(mention.text if mention else text, run, mention):
            return
        self.problems.append(self._unknown_issue(text, run))

    def _place_value(self, run: Span, text: str) -> bool:
        hits = self.known.values.containing(stems(text))
        distinct = {(v.dimension, v.value) for v in hits}
        single = run.last - run.first == 1 and self.known.spelling.is_word(text.lower())
        if single and not self.mentioned(run, Role.VALUE):
            hits, distinct = (), set()
        if distinct and len(distinct) == len({dimension for dimension, _ in distinct}):
            self.values.append(ValueMention(hits, text, run.first))
            self.notes.append(Issue("read_as", f"I read “{text}” as “{hits[0].value}”."))
            return True
        if hits:
            names = tuple(dict.fromkeys(v.value for v in hits))
            self.problems.append(
                Issue(
                    "ambiguous_value",
                    f"“{text}” could be {_listed(names[:5])}"
                    + (f" or {len(names) - 5} more" if len(names) > 5 else "")
                    + ". Which one do you mean?",
                    tuple(self.message.text.replace(text, name) for name in names[:5]),
                )
            )
            return True
        near = self.known.values.near(text, limit=1, cutoff=_NEAR_ENOUGH)
        if near and near[0].score >= _NEAR_ENOUGH and not self.known.spelling.is_word(text.lower()):
            value = near[0].value
            self.values.append(ValueMention((value,), text, run.first))
            self.notes.append(Issue("read_as", f"I read “{text}” as “{value.value}”."))
            return True
        return False

    def _place_linked(self, mention: Mention, run: Span) -> bool:
        if mention.role is Role.METRIC:
            return self._place_metric(mention.text, run, mention)
        links = self.known.linker.dimensions(mention.text)
        if links and links[0].sure:
            self.dimensions.append(
                DimensionMention((links[0].name,), mention.text, run.first, grouped=True)
            )
            return True
        return False

    def _place_metric(self, text: str, run: Span, mention: Mention | None) -> bool:
        links = self.known.linker.metrics(text)
        guessed = mention is None and (
            self.message.act is Act.REFINE or not links or not links[0].sure
        )
        if not links or guessed:
            return False
        if links[0].sure:
            if mention is not None:
                self.metrics = [m for m in self.metrics if not self._within(m.at, mention)]
            self.metrics.append(MetricMention((links[0].name,), text, run.first))
            label = self.known.catalog.metrics[links[0].name].label
            self.notes.append(Issue("read_as", f"I read “{text}” as {label}."))
            return True
        labels = [self.known.catalog.metrics[link.name].label for link in links[:3]]
        self.problems.append(
            Issue(
                "unsure_metric",
                f"I am not sure what “{text}” stands for. Did you mean {_listed(labels)}?",
                tuple(self.message.text.replace(text, label) for label in labels),
            )
        )
        return True

    def _with_neighbours(self, run: Span) -> str:
        """The run with a value right beside it: "Acme Wrench" where only "Acme" is known."""
        first, last = run.first, run.last
        for span in self.spans:
            if span.values and span.last == run.first:
                first = span.first
            if span.values and span.first == run.last:
                last = span.last
        return self.text(Span(first, last))

    def _within(self, at: int, mention: Mention) -> bool:
        """ "lengthy visits" as a whole is the metric, not its "visits" beside it."""
        return mention.start <= self.tokens[at].start < mention.end

    def _unknown_issue(self, text: str, run: Span) -> Issue:
        whole = self._with_neighbours(run)
        near = self.known.values.near(whole, limit=3, cutoff=65.0)
        names = tuple(
            dict.fromkeys(
                n.value.value
                for n in near
                if n.score >= _NEAR_ENOUGH_TO_NAME and not n.value.value.startswith("/")
            )
        )
        if names:
            return Issue(
                "unknown_value",
                f"I found nothing called “{whole}”. Did you mean {_listed(names)}?",
                tuple(self.message.text.replace(whole, name) for name in names),
            )
        return Issue(
            "unknown_word", f"I don't know what “{text}” means in this data.", ("What can you do?",)
        )

    def finish(self) -> Reading:
        """The reading, with metrics that only name the source turned into hints."""
        metrics = self._shares()
        if len(metrics) > 1:
            metrics = [m for m in metrics if not self._only_names_source(m)] or metrics[:1]
            for dropped in (m for m in self.metrics if m not in metrics):
                self.models.extend(self._models_of(dropped))
        metrics = self._without_verbs(metrics)
        if self._shows_rows():
            self.forms.add("evidence")
        if "evidence" in self.forms:
            for mention in [m for m in metrics if m.rows]:
                self.models.extend(self._models_of(mention))
            metrics = [m for m in metrics if not m.rows]
        return Reading(
            metrics=tuple(metrics),
            dimensions=tuple(self.dimensions),
            values=tuple(self.values),
            times=tuple(self.times),
            time_positions=tuple(self.time_positions),
            pair=self.pair,
            grain=self.grain,
            grain_asked=self.grain_asked,
            comparisons=frozenset(self.comparisons),
            versus_at=self.versus_at,
            rank=self.rank,
            count=self.count,
            direction=self.direction,
            forms=frozenset(self.forms),
            conditions=tuple(self.conditions),
            models=tuple(dict.fromkeys(self.models)),
            search=self.search,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            words=frozenset(t.word for t in self.tokens),
        )

    def _shares(self) -> list[MetricMention]:
        """ "what share of reviews was negative": the metric that the catalog calls "share negative"."""
        if "share" not in self.forms:
            return self.metrics
        if not self.values and not self.metrics:
            return self.metrics
        for mention in self.values if all(m.rows for m in self.metrics) else ():
            for value in mention.values:
                entries = self.known.lexicon.lookup(stems(f"share {value.value}"))
                names = tuple(e.name for e in entries if e.role == "metric")
                if names:
                    self.values.remove(mention)
                    return [MetricMention(names, f"share {value.value}", mention.at)]
        if not any(self._names_a_share(m) for m in self.metrics):
            self._unknown_share()
        return self.metrics

    def _names_a_share(self, mention: MetricMention) -> bool:
        return any(self.known.catalog.metrics[n].unit in _SHARES for n in mention.names)

    def _unknown_share(self) -> None:
        """A share of a total is not the plain figure: offer the parts side by side."""
        dimensions = [v.dimension for mention in self.values[:1] for v in mention.values[:1]]
        labels = [self.known.catalog.metrics[m.names[0]].label.lower() for m in self.metrics[:1]]
        choices = tuple(f"{label} by {d.replace('_', ' ')}" for label in labels for d in dimensions)
        self.problems.append(
            Issue(
                "unknown_share",
                "I can't state that share as one figure; I can show the parts side by side.",
                choices or ("What can you do?",),
            )
        )

    def _without_verbs(self, metrics: list[MetricMention]) -> list[MetricMention]:
        """ "revenue of products sold" is revenue; "units returned" is asked back."""
        named = [m for m in metrics if not m.verb]
        verbs = [m for m in metrics if m.verb and not self._conjoined_metric(m, metrics)]
        if not named or not verbs:
            return metrics
        catalog = self.known.catalog.metrics
        for verb in verbs:
            for noun in named:
                first, second = catalog[noun.names[0]], catalog[verb.names[0]]
                if set(noun.names) & set(verb.names) or noun.rows:
                    continue
                if first.unit is second.unit:
                    if first.additive and second.additive:  # "units returned" are returned units
                        return [m for m in metrics if m is not noun]
                    labels = (first.label, second.label)
                    self.problems.append(
                        Issue(
                            "two_metrics",
                            f"“{noun.text} … {verb.text}” could be {_listed(labels)}. Which one?",
                            tuple(labels),
                        )
                    )
                    return metrics
        return [m for m in metrics if m not in verbs]

    def _conjoined_metric(self, mention: MetricMention, metrics: list[MetricMention]) -> bool:
        others = [m.at for m in metrics if m is not mention and m.at < mention.at]
        return bool(others) and self.conjoined(max(others) + 1, mention.at)

    def _shows_rows(self) -> bool:
        """ "show me negative reviews of X": the rows themselves are asked for, not their number."""
        words = {t.word for t in self.tokens}
        only_rows = bool(self.metrics) and all(m.rows for m in self.metrics)
        split = any(d.grouped for d in self.dimensions) or self.grain or self.rank or self.direction
        return bool(
            only_rows
            and words & _SHOWING
            and not words & _COUNTING
            and not split
            and not self.comparisons
            and "trend" not in self.forms
        )

    def _models_of(self, mention: MetricMention) -> Sequence[str]:
        return [self.known.catalog.metrics[name].model for name in mention.names]

    def _only_names_source(self, mention: MetricMention) -> bool:
        """ "net sentiment of reviews": a row word beside a real metric and no "and" between them."""
        if not mention.rows:
            return False
        others = [m for m in self.metrics if not m.rows]
        if not others:
            return False
        return not any(
            self.conjoined(min(m.at, mention.at) + 1, max(m.at, mention.at)) for m in others
        )


def _listed(names: Sequence[str]) -> str:
    """ "a, b or c"."""
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
