"""Many people ask at once: what one word means never depends on who else asks."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from analytics.text import stem

ENDINGS = ("", "s", "ed", "ing", "ness", "fully", "ational", "izations", "ement", "ly")
BEGINNINGS = ("rat", "complain", "relat", "deliver", "satisf", "pric", "hop", "troubl", "sens")
WORDS = tuple(b + e for b in BEGINNINGS for e in ENDINGS)
THREADS = 8


def test_threads_at_once_stem_as_one_alone_does():
    stem.cache_clear()
    expected = [stem(word) for word in WORDS]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            stem.cache_clear()
            with ThreadPoolExecutor(THREADS) as pool:
                found = list(pool.map(lambda _: [stem(word) for word in WORDS], range(THREADS)))
            assert all(one == expected for one in found)
    finally:
        sys.setswitchinterval(before)
        stem.cache_clear()
