import pytest

from models.labels import EMOTIONS, NO_EMOTION, SENTIMENTS
from models.prepare import SHIPPED_ADAPTER, prepare_scorer
from models.session import NotPreparedError
from models.text_scorer import AGREEING, TextScorer

CLEAR = [
    ("Absolutely love this guitar, the sound is wonderful and it arrived early!", "positive"),
    ("Great customer service, thank you so much for helping me.", "positive"),
    ("Terrible quality. It broke after two days and nobody answers my emails.", "negative"),
    ("@airline you lost my bag again, worst flight ever", "negative"),
    ("Refund still not received after six weeks, this is unacceptable.", "negative"),
    ("@airline what time does the flight to Boston leave tomorrow?", "neutral"),
]
ODD = [
    "🎸🎸🎸 😡",
    "خدمة ممتازة شكرا لكم",
    "a\x00b\x07c\x1b[31m",
    "\ud800 broken surrogate",
    "bad " * 20_000,
    "x" * 1_000_000,
    "\u202eesrever\u202c",
]
BLANK = ["", "   ", "\n\t"]


@pytest.mark.parametrize(("text", "sentiment"), CLEAR)
def test_clear_texts(scorer: TextScorer, text: str, sentiment: str) -> None:
    assert scorer.score([text])[0].sentiment == sentiment


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("i feel so happy and cheerful today", "joy"),
        ("i feel furious and enraged about it", "anger"),
        ("i feel scared and afraid of what comes", "fear"),
    ],
)
def test_clear_emotions(scorer: TextScorer, text: str, emotion: str) -> None:
    assert scorer.score([text])[0].emotion == emotion


def test_a_score_does_not_depend_on_its_neighbours(scorer: TextScorer) -> None:
    texts = [text for text, _ in CLEAR] + ODD + BLANK
    assert scorer.score(texts) == [scorer.score([text])[0] for text in texts]


def test_scoring_twice_gives_the_same(scorer: TextScorer, model_home) -> None:
    texts = [text for text, _ in CLEAR]
    again = TextScorer.load(model_home / "models" / "text_scorer", threads=1)
    assert scorer.score(texts) == again.score(texts)


def test_scores_keep_their_promises(scorer: TextScorer) -> None:
    for score in scorer.score([text for text, _ in CLEAR] + ODD + BLANK):
        assert sum(score.probabilities.values()) == pytest.approx(1)
        assert sum(score.emotion_probabilities.values()) == pytest.approx(1)
        assert tuple(score.probabilities) == SENTIMENTS
        assert tuple(score.emotion_probabilities) == EMOTIONS
        assert score.sentiment == max(score.probabilities, key=score.probabilities.__getitem__)
        assert -1 <= score.score <= 1
        assert score.emotion == NO_EMOTION or score.emotion in AGREEING[score.sentiment]


def test_emoji_alone_are_read_by_their_names(scorer: TextScorer) -> None:
    down, delighted = scorer.score(["👎 👎", "😍😍"])
    assert down.score < 0 < delighted.score


@pytest.mark.parametrize("text", BLANK)
def test_a_blank_text_says_nothing(scorer: TextScorer, text: str) -> None:
    score = scorer.score([text])[0]
    assert (score.sentiment, score.score, score.emotion) == ("neutral", 0, NO_EMOTION)


def test_the_end_of_a_long_text_counts(scorer: TextScorer) -> None:
    filler = "The parcel has four screws and a manual. " * 60
    good = scorer.score([filler + "I love it, wonderful, best purchase ever!"])[0]
    bad = scorer.score([filler + "I hate it, horrible, worst purchase ever!"])[0]
    assert good.score > bad.score + 0.3


def test_no_texts_give_no_scores(scorer: TextScorer) -> None:
    assert scorer.score([]) == []


def test_preparing_again_does_nothing(scorer: TextScorer, model_home) -> None:
    folder = model_home / "models" / "text_scorer"
    before = (folder / "scorer.onnx").stat().st_mtime_ns
    notes: list[str] = []
    prepare_scorer(folder, SHIPPED_ADAPTER, notes.append)
    assert notes == []
    assert (folder / "scorer.onnx").stat().st_mtime_ns == before


def test_a_folder_that_was_not_prepared_says_what_to_do(tmp_path) -> None:
    with pytest.raises(NotPreparedError, match="prepares the models"):
        TextScorer.load(tmp_path)
