"""How long to wait before a process that died is started again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off in seconds; a process that lived long enough begins anew."""

    first: float = 0.1
    factor: float = 2.0
    longest: float = 30.0
    forgiven_after: float = 60.0

    def failures(self, before: int, lived: float) -> int:
        """Deaths in a row, after one more that came ``lived`` seconds after its start."""
        return 1 if lived >= self.forgiven_after else before + 1

    def delay(self, failures: int) -> float:
        """Seconds to wait after the nth death in a row (n >= 1)."""
        # The exponent is bounded: 2.0 ** 1100 overflows.
        return min(self.longest, self.first * self.factor ** min(failures - 1, 64))
