"""Checks of the Rasa components; run by test_components.py in Rasa's environment (Python 3.10)."""

import asyncio
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.rasa_components.fit import quiet  # noqa: E402

quiet()

import numpy as np  # noqa: E402

from bot.rasa_components.cache import CACHE_VARIABLE, VectorCache  # noqa: E402
from bot.rasa_components.mentions import windows  # noqa: E402
from bot.rasa_components.minilm import token_vectors  # noqa: E402
from bot.rasa_components.tags import best_path, spans_of, tags_of, transitions  # noqa: E402
from bot.rasa_components.tracker import SLOTS_KEPT, RecentTrackerStore  # noqa: E402


def check_token_vectors() -> None:
    pieces = np.array([[9, 9], [1, 0], [3, 0], [0, 5], [9, 9]], dtype=np.float32)
    offsets = [(0, 0), (0, 3), (3, 6), (7, 9), (0, 0)]
    found = token_vectors([(0, 6), (7, 9), (20, 25)], pieces, offsets)
    assert found.tolist() == [[2, 0], [0, 5], [0, 0]], found


def check_windows() -> None:
    found = windows(np.array([[1.0], [2.0]]), 1)
    assert found.tolist() == [[0, 1, 2], [1, 2, 0]], found


def check_tags() -> None:
    tags = tags_of([(0, 2), (3, 6), (7, 9)], [("value", 0, 6), ("time", 7, 9)])
    assert tags == ["B-value", "I-value", "B-time"]
    assert spans_of(tags) == [("value", 0, 2), ("time", 2, 3)]
    assert spans_of(["O", "I-value"]) == []


def check_best_path_is_well_formed() -> None:
    labels = ["B-value", "I-value", "I-time", "O"]
    scores = np.log(np.array([[0.1, 0.4, 0.2, 0.3], [0.3, 0.1, 0.5, 0.1]]))
    path = [labels[i] for i in best_path(scores, transitions(labels))]
    assert path == ["O", "B-value"], path


def check_cache(folder: Path) -> None:
    encoder = folder / "encoder"
    encoder.mkdir()
    (encoder / "encoder.onnx").write_bytes(b"one")
    os.environ[CACHE_VARIABLE] = str(folder / "vectors.npz")
    cache = VectorCache.open(encoder)
    assert cache.get("hi", [(0, 2)]) is None
    cache.put("hi", [(0, 2)], np.ones((2, 3), dtype=np.float32))
    cache.put("ho ho", [(0, 2), (3, 5)], np.zeros((3, 3), dtype=np.float32))
    cache.save()
    again = VectorCache.open(encoder)
    assert again.get("hi", [(0, 2)]).tolist() == np.ones((2, 3)).tolist()
    assert again.get("ho ho", [(0, 2), (3, 5)]).shape == (3, 3)
    assert again.get("hi", [(0, 1)]) is None
    (encoder / "encoder.onnx").write_bytes(b"two")
    assert VectorCache.open(encoder).get("hi", [(0, 2)]) is None
    (folder / "vectors.npz").write_bytes(b"broken")
    assert VectorCache.open(encoder).get("hi", [(0, 2)]) is None


def check_tracker_reads_the_end_and_saves_each_event_once(folder: Path) -> None:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    domain = Domain.load(str(ROOT / "domain.yml"))
    url = f"sqlite:///{folder / 'tracker.db'}"
    store = RecentTrackerStore(domain, host=url, max_event_history=10)

    async def turns() -> None:
        await store.save(DialogueStateTracker("ann", domain.slots))
        for turn in range(30):
            tracker = await store.get_or_create_tracker("ann")
            assert len(tracker.events) <= 10 + SLOTS_KEPT
            if turn:
                assert tracker.get_slot("query") == {"turn": turn - 1}
            tracker.update(UserUttered(f"message {turn}"))
            tracker.update(SlotSet("query", {"turn": turn}))
            await store.save(tracker)
        every = await store.retrieve_full_tracker("ann")
        texts = [e.text for e in every.events if isinstance(e, UserUttered)]
        assert texts == [f"message {turn}" for turn in range(30)], texts
        assert (await store.get_or_create_tracker("bob")).get_slot("query") is None

    asyncio.run(turns())
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def check_replies_are_still_checked() -> None:
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction

    from bot.rasa_components.replies import check_format_once

    check_format_once()
    action = RemoteAction("action_answer", None)
    reply = {"events": [{"event": "slot", "name": "query", "value": {"kind": "value"}}]}
    assert action._validate_action_result({**reply, "responses": [{"custom": {}}]})
    for wrong in ({"events": {}}, {"events": [{"event": "nothing"}]}, {"responses": ["text"]}, []):
        try:
            action._validate_action_result(wrong)
        except ValidationError:
            continue
        raise AssertionError(f"not refused: {wrong}")


def check_the_slot_outlives_turns_that_failed(folder: Path) -> None:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    domain = Domain.load(str(ROOT / "domain.yml"))
    url = f"sqlite:///{folder / 'failed.db'}"
    store = RecentTrackerStore(domain, host=url, max_event_history=5)

    async def turns() -> None:
        tracker = DialogueStateTracker("ann", domain.slots)
        tracker.update_with_events([UserUttered("one"), SlotSet("query", {"turn": 1})], domain)
        await store.save(tracker)
        for _ in range(20):
            tracker = await store.get_or_create_tracker("ann")
            assert tracker.get_slot("query") == {"turn": 1}
            tracker.update(UserUttered("no answer to this one"))
            await store.save(tracker)
        assert len((await store.retrieve_full_tracker("ann")).events) == 22

    asyncio.run(turns())


if __name__ == "__main__":
    work = Path(sys.argv[1])
    started = time.monotonic()
    check_token_vectors()
    check_windows()
    check_tags()
    check_best_path_is_well_formed()
    check_cache(work)
    check_tracker_reads_the_end_and_saves_each_event_once(work)
    check_replies_are_still_checked()
    check_the_slot_outlives_turns_that_failed(work)
    print(f"all checks passed in {time.monotonic() - started:.1f} s")
