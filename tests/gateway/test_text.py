import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from bot.gateway.text import clean_message

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT)
def test_a_clean_message_is_safe_to_send_on(raw):
    clean = clean_message(raw)
    assert not clean.startswith(("/", " "))
    assert not clean.endswith(" ")
    assert all(unicodedata.category(c) not in ("Cc", "Cs") for c in clean)
    clean.encode("utf-8")


@given(ANY_TEXT)
@example("a\u200b\u0301")
def test_cleaning_twice_changes_nothing(raw):
    clean = clean_message(raw)
    assert clean_message(clean) == clean
