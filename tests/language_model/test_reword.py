"""Every figure, name and direction of a rewording is the answer's own, in its order."""

import pytest

from analytics.language_model.same_facts import says_the_same
from analytics.types import Answer, Kind, Query

TEXT = (
    "Revenue in the north fell by 12.3 % to €1,234.50 in March 2026, from €1,407.64 the month before. "
    "Aurora Headphones lost most."
)


@pytest.mark.parametrize(
    "reworded",
    [
        TEXT,
        "In short: revenue in the north dropped by 12.3 percent to €1,234.50 in March 2026, from "
        "€1,407.64 the month before. Aurora Headphones lost most.",
    ],
)
def test_the_same_facts_in_other_words(reworded, world):
    assert says_the_same(reworded, TEXT, world.known)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12.3 %", "12.4 %"),
        ("12.3 %", "12.3"),
        ("€1,234.50", "€1,234"),
        ("€1,234.50", "about €1,200"),
        ("€1,234.50", "€123,450"),
        ("fell", "rose"),
        ("fell", "did not fall"),
        ("north", "south"),
        ("March 2026", "March 2025"),
        ("Aurora Headphones", "Aurora Headphones Pro"),
        ("Aurora Headphones", "Nimbus Kettle"),
        ("lost most", "lost most because of the weather"),
        ("lost most", "lost most, said Morgan"),
        ("lost most", "lost half of it"),
        ("lost most.", "lost most. Orders fell by 3 %."),
        ("lost most.", "lost most. <script>alert(1)</script>"),
        ("lost most.", "lost most. [more](https://example.com)"),
        ("lost most.", "lost most.\u202e"),
        ("lost most.", "lost most. " + "Indeed so. " * 40),
        (" Aurora Headphones lost most.", ""),
        (TEXT, ""),
    ],
)
def test_a_fact_that_differs_is_seen(old, new, world):
    assert not says_the_same(TEXT.replace(old, new), TEXT, world.known)


def test_swapped_figures_are_seen(world):
    text = "The north has 5 reviews and the south has 3 reviews."
    swapped = "The north has 3 reviews and the south has 5 reviews."
    turned = "The south has 3 reviews and the north has 5 reviews."
    assert not says_the_same(swapped, text, world.known)
    assert not says_the_same(turned, text, world.known)  # true, but order is how we know


def test_a_good_rewording_is_taken_and_said(helper, script, world):
    answer = Answer("Revenue fell by 5 %.", Query(Kind.VALUE, ("revenue",)), rows=((1,),))
    script.text = "Revenue dropped by 5 %."
    found = helper.reword(answer, world.known)
    assert found.text == script.text
    assert [issue.code for issue in found.issues] == ["worded_by_language_model"]
    assert "openai:small" in found.issues[0].message


@pytest.mark.parametrize("said", ["Revenue rose by 5 %.", "", "Revenue fell by 50 %.", "I refuse."])
def test_another_fact_leaves_the_plain_text(said, helper, script, world):
    answer = Answer("Revenue fell by 5 %.", Query(Kind.VALUE, ("revenue",)), rows=((1,),))
    script.text = said
    assert helper.reword(answer, world.known) == answer
