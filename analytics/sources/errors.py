"""Errors of reading sources and snapshots; each message says what to do."""


class WarehouseError(Exception):
    """Base of every error of the warehouse reader."""

    user_facing = True


class SourceError(Exception):
    """A source, mapping or input file cannot be used; the message names file and column."""

    user_facing = True


class NoWarehouse(WarehouseError):
    """There is no snapshot to answer from, or it cannot be opened."""


class QueryRefused(WarehouseError):
    """The SQL is not one plain SELECT over the snapshot's own tables."""


class QueryFailed(WarehouseError):
    """DuckDB could not run the query (unknown column, type mismatch, …); its words may quote data."""

    user_facing = False


class QueryTimeout(WarehouseError):
    """The query ran past its time limit and was stopped."""


class TooManyRows(WarehouseError):
    """The result holds more rows than a reader may fetch; a part of it would be wrong."""


class QueryBusy(WarehouseError):
    """As many queries as may run at once did not end in time."""


class QueryTooBig(QueryFailed):
    """A query needed more memory than it may use."""

    user_facing = True
