"""How much and how often: token buckets in memory, one process wide."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.state.accounts import login_of

MAX_KEYS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """A token bucket for each key: ``count`` in ``seconds`` on average, as many at once.

    The keys used longest ago are forgotten beyond ``MAX_KEYS``, so memory stays bounded.
    """

    def __init__(
        self, count: int, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = float(count)
        self._rate = count / seconds
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_for(self, key: str) -> float:
        """Take one token; 0 where there was one, else the seconds until there is."""
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._capacity, now)
        refilled = bucket.tokens + (now - bucket.at) * self._rate
        bucket.tokens = min(self._capacity, refilled)
        bucket.at = now
        self._buckets[key] = bucket
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._rate
        bucket.tokens -= 1
        return 0.0

    def forget(self, key: str) -> None:
        """Let the key begin anew."""
        self._buckets.pop(key, None)

    def give_back(self, key: str) -> None:
        """Put the last token back."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            bucket.tokens = min(self._capacity, bucket.tokens + 1)


class SignInLimits:
    """Tries to sign in: 30 in five minutes from an address, 10 in a quarter of an hour at a login.

    Tries that succeed do not count. A login that does not exist is limited like one that does.
    """

    def __init__(self) -> None:
        self._addresses = RateLimiter(30, 300)
        self._logins = RateLimiter(10, 900)

    def wait_for(self, address: str, login: str | None) -> float:
        """Count a try; 0 where it may be made, else the seconds until one may."""
        wait = self._addresses.wait_for(address)
        if wait or login is None:
            return wait
        return self._logins.wait_for(login_of(login))

    def succeeded(self, address: str, login: str | None) -> None:
        """The try was right."""
        self._addresses.give_back(address)
        if login is not None:
            self._logins.forget(login_of(login))
