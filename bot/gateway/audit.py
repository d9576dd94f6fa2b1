"""Lines of the audit trail, written beside the work: a line that fails stops nothing."""

import structlog
from starlette.concurrency import run_in_threadpool

from bot.state.database import StateDatabase
from bot.state.records import Audited, write_audit

log = structlog.get_logger("gateway")


async def audit(database: StateDatabase, entry: Audited) -> None:
    """Append one line; where that fails, the log says so."""
    await run_in_threadpool(audit_now, database, entry)


def audit_now(database: StateDatabase, entry: Audited) -> None:
    """The same in a thread that may wait for the database."""
    try:
        write_audit(database, entry)
    except Exception:
        log.exception("audit failed", request_id=entry.request_id)
