"""From a correction to what it could teach, and from an accepted lesson to another answer."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.analyst.context import Context, open_context
from analytics.analyst.dialogue import Turn, respond
from analytics.analyst.learning import Correction, holds, lessons_from
from analytics.analyst.lessons_source import LessonsSource
from analytics.types import Act, ParsedMessage, Query, Viewer, to_wire
from analytics.understand.lessons import Lesson, LessonKind, lessons_of, load_lessons
from tests.analytics.core.world import TODAY, StemEncoder
from tests.analytics.core.world import context as tiny

VERIFIED = LessonKind.VERIFIED
SLANG = Correction("spondulicks by product last month", "revenue by product last month")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return tiny(tmp_path_factory.mktemp("world") / "tiny.duckdb")


def taught(world: Context, *lessons: Lesson) -> Context:
    """The same world after these lessons."""
    return open_context(
        world.warehouse,
        world.catalog,
        world.known.vocabulary,
        StemEncoder(),
        frozenset(),
        world.known.calendar,
        lessons=lessons_of(lessons),
    )


def asked(world: Context, text: str, previous: Query | None = None):
    turn = Turn(previous, world, TODAY, Viewer("x", "admin"), ())
    (answer,) = respond(ParsedMessage(text, Act.ASK, 1.0), turn).answers
    return answer


def test_an_unknown_word_becomes_a_proposed_synonym_and_a_verified_question(world):
    assert not asked(world, SLANG.original).rows
    assert lessons_from(SLANG, world.known, TODAY) == (
        Lesson(LessonKind.SYNONYM, "spondulicks", "revenue", "metric"),
        Lesson(VERIFIED, SLANG.original, SLANG.meant),
    )


def test_another_word_for_a_value(world):
    found = lessons_from(
        Correction("revenue up yonder", "revenue in the north"), world.known, TODAY
    )
    assert Lesson(LessonKind.SYNONYM, "yonder", "north", "value", "region") in found


def test_a_word_with_a_meaning_gets_no_second_one(world):
    """It was read, and read differently than meant: only the whole question can be learned."""
    found = lessons_from(
        Correction("revenue by product last month", "orders by product last month"),
        world.known,
        TODAY,
    )
    assert [lesson.kind for lesson in found] == [VERIFIED]


@pytest.mark.parametrize(
    "original", ["and by product?", "spondulicks?", "what about that one", "the same"]
)
def test_a_message_that_leans_on_another_is_never_verified(original, world):
    found = lessons_from(Correction(original, SLANG.meant), world.known, TODAY)
    assert VERIFIED not in {lesson.kind for lesson in found}


def test_a_correction_that_is_unclear_itself_teaches_nothing(world):
    unclear = Correction(SLANG.original, "wonga by flurb, obviously")
    assert lessons_from(unclear, world.known, TODAY) == ()


def test_one_that_says_the_same_teaches_nothing(world):
    same = Correction("revenue by product last month", "last month's revenue by product")
    assert lessons_from(same, world.known, TODAY) == ()


def test_a_message_that_was_declined_becomes_an_example(world):
    declined = replace(SLANG, declined=True)
    found = lessons_from(declined, world.known, TODAY)
    assert Lesson(LessonKind.EXAMPLE, SLANG.original, "ask") in found


def test_an_accepted_synonym_is_understood_and_holds(world):
    synonym = Lesson(LessonKind.SYNONYM, "spondulicks", "revenue", "metric")
    after = taught(world, synonym)
    assert asked(after, "spondulicks last month").rows == asked(world, "revenue last month").rows
    assert holds(synonym, after.known, TODAY)
    assert not holds(synonym, world.known, TODAY)


def test_a_verified_question_stands_before_all_reading_and_says_so(world):
    lesson = Lesson(VERIFIED, "The usual for Monday, please!", "revenue by product last month")
    after = taught(world, lesson)
    found = asked(after, "the usual for monday please")
    assert found.rows == asked(world, lesson.meaning).rows
    assert found.issues[0].code == "verified_question"
    assert lesson.meaning in found.issues[0].message
    assert holds(lesson, after.known, TODAY)


def test_a_verified_question_takes_nothing_from_the_question_before(world):
    lesson = Lesson(VERIFIED, "the usual for monday", "revenue")
    after = taught(world, lesson)
    before = asked(after, "revenue in the north").query
    assert asked(after, "the usual for monday", before).query.filters == ()


def test_a_lesson_whose_metric_is_gone_is_left_out_and_seen(world):
    lesson = Lesson(LessonKind.SYNONYM, "spondulicks", "margin", "metric")
    after = taught(world, lesson)
    assert not asked(after, "spondulicks last month").rows
    assert not holds(lesson, after.known, TODAY)
    verified = Lesson(VERIFIED, "the usual for monday", "margin by planet")
    assert not holds(verified, taught(world, verified).known, TODAY)


def test_a_later_lesson_stands_where_two_contradict():
    first = Lesson(VERIFIED, "the usual", "revenue")
    assert lessons_of([first, replace(first, meaning="orders")]).meaning("The usual") == "orders"


def test_the_file_is_followed_and_a_broken_one_changes_nothing(tmp_path: Path):
    path = tmp_path / "lessons.json"
    source = LessonsSource(path)
    assert source.lessons.meaning("the usual") is None
    wire = to_wire(Lesson(VERIFIED, "the usual", "revenue"))
    path.write_text(json.dumps([wire]))
    assert source.renewed()
    assert not source.renewed()
    assert source.lessons.meaning("the usual") == "revenue"
    broken = tmp_path / "other.json"
    broken.write_text('{"a": [')
    broken.replace(path)
    assert not source.renewed()
    assert source.lessons.meaning("the usual") == "revenue"


@pytest.mark.parametrize("text", ["{}", '[{"kind": "magic"}]', "[1]", '"x"'])
def test_what_is_no_lesson_is_an_error(text, tmp_path):
    path = tmp_path / "lessons.json"
    path.write_text(text)
    if text == "{}":
        assert load_lessons(path).verified == {}
    else:
        with pytest.raises(ValueError, match=r"lesson|Lesson"):
            load_lessons(path)
