"""A message as it goes on from the last answer: moves, and the rest of it read with what it points at."""

from __future__ import annotations

from dataclasses import dataclass, field

from analytics.understand.dialogue.moves import Moves


@dataclass(frozen=True, slots=True)
class Followed:
    """``pointed``: words of the message point at the last answer."""

    moves: Moves = field(default_factory=Moves)
    pointed: bool = False

    def __bool__(self) -> bool:
        """Whether it steers at all."""
        return self.pointed or bool(self.moves)


ALONE = Followed()
"""A message that steers nothing."""
