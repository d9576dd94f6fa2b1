"""Turns of conversations: one at a time in each, and none done twice."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

from bot.gateway.errors import ApiError

MAX_WAITING = 8
MAX_REMEMBERED = 1_000

BROKEN = "internal_error"

Reply = dict[str, Any]


class _Queue:
    """A conversation's lock and how many turns hold or await it."""

    __slots__ = ("__weakref__", "lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


class Turns:
    """Runs turns apart from the connection that asked, so a cut stream can be taken up again.

    ``message_id`` is the client's own id of a message: sent again in the same conversation, it
    gives the reply of the first time, from memory of the last thousand.
    """

    def __init__(self) -> None:
        self._queues: WeakValueDictionary[str, _Queue] = WeakValueDictionary()
        self._remembered: OrderedDict[tuple[str, str], asyncio.Task[Reply]] = OrderedDict()
        self._running: set[asyncio.Task[Reply]] = set()

    async def run(
        self, conversation: str, message_id: str | None, work: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        """The reply of ``work``, or of the turn that this message id already started."""
        return await asyncio.shield(self.start(conversation, message_id, work))

    def start(
        self, conversation: str, message_id: str | None, work: Callable[[], Awaitable[Reply]]
    ) -> asyncio.Task[Reply]:
        """The running or finished turn. Raises ApiError (429) where too many wait."""
        key = (conversation, message_id or "")
        known = self._remembered.get(key) if message_id else None
        if known is not None and not _failed(known) and not _broke(known):
            return known
        task = asyncio.create_task(self._in_turn(self._queue(conversation), work))
        self._running.add(task)
        task.add_done_callback(self._finished)
        if message_id:
            self._remember(key, task)
        return task

    def forget(self, conversation: str) -> None:
        """Remember no message of a conversation: it was deleted."""
        for key in [key for key in self._remembered if key[0] == conversation]:
            del self._remembered[key]

    async def close(self) -> None:
        """Wait for the turns that still run."""
        if self._running:
            await asyncio.wait(self._running)

    def _queue(self, conversation: str) -> _Queue:
        queue = self._queues.setdefault(conversation, _Queue())
        if queue.waiting >= MAX_WAITING:
            text = "Several questions of this conversation are still being answered: wait for them."
            raise ApiError(429, "conversation_busy", text, {"Retry-After": "1"})
        queue.waiting += 1
        return queue

    async def _in_turn(self, queue: _Queue, work: Callable[[], Awaitable[Reply]]) -> Reply:
        try:
            async with queue.lock:
                return await work()
        finally:
            queue.waiting -= 1

    def _finished(self, task: asyncio.Task[Reply]) -> None:
        self._running.discard(task)
        # Looked at here, because nobody else does where the client has gone away.
        _failed(task)

    def _remember(self, key: tuple[str, str], task: asyncio.Task[Reply]) -> None:
        self._remembered[key] = task
        self._remembered.move_to_end(key)
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)


def broke(answers: Sequence[Mapping[str, Any]]) -> bool:
    """Whether something of ours broke while a message was answered: it can be tried again."""
    return any(issue["code"] == BROKEN for answer in answers for issue in answer["issues"])


def _broke(task: asyncio.Task[Reply]) -> bool:
    return task.done() and broke(task.result()["answers"])


def _failed(task: asyncio.Task[Reply]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
