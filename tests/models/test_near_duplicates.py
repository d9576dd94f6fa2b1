from models.near_duplicates import near_any, normalise


def test_links_handles_digits_and_case_do_not_count() -> None:
    assert normalise("@united Flight 42 is LATE!! http://t.co/x") == "flight is late"


def test_near_and_far() -> None:
    known = ["my flight was cancelled and nobody told me why", "great sound for the price"]
    texts = [
        "@united my flight was cancelled and nobody told me why!!!",
        "RT my flight was cancelled and nobody told me why",
        "my bag is lost and nobody cares",
        "",
    ]
    assert near_any(texts, known).tolist() == [True, True, False, False]


def test_nothing_is_near_to_nothing() -> None:
    assert near_any(["a text"], []).tolist() == [False]
    assert near_any([], ["a text"]).tolist() == []
