"""Turning text into typed values, and the rules that say which text does not turn."""

from analytics.build.quarantine import Rule, literal, quoted
from analytics.sources.mapping import InputColumn

SQL_TYPES = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
}
_WORDS = {
    "DOUBLE": "not a number",
    "BIGINT": "not a whole number",
    "BOOLEAN": "not true or false",
    "TIMESTAMP": "not a date and time",
    "DATE": "not a date",
}
_EPOCHS = {"epoch_seconds": 1, "epoch_milliseconds": 1000}


def cast_to(type: str, value: str) -> str:
    """SQL for `value` as `type`, NULL where it is not one.

    Plain casts are too kind: they read 'nan' as a number and 4.6 as the whole number 5, and they
    drop the offset of a time.
    """
    if type == "DOUBLE":
        number = f"TRY_CAST({value} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if type == "BIGINT":
        whole, number = f"TRY_CAST({value} AS BIGINT)", f"TRY_CAST({value} AS DOUBLE)"
        return f"CASE WHEN {whole} = {number} THEN {whole} END"
    if type == "TIMESTAMP":
        # By way of a time with a zone, so that an offset counts; without one, the time is UTC.
        return f"CAST(TRY_CAST({value} AS TIMESTAMPTZ) AS TIMESTAMP)"
    return f"TRY_CAST({value} AS {type})"


def cast_input(column: InputColumn) -> str:
    """SQL for an input column, text as read, as the kind that the mapping gives it."""
    value = quoted(column.name)
    if column.kind == "text":
        return value
    if column.kind in {"timestamp", "date"} and column.formats:
        moment = _parsed(value, column.formats)
        return f"CAST({moment} AS DATE)" if column.kind == "date" else moment
    return cast_to(SQL_TYPES[column.kind], value)


def _parsed(value: str, formats: tuple[str, ...]) -> str:
    tries = []
    for form in formats:
        if form in _EPOCHS:
            seconds = f"TRY_CAST({value} AS DOUBLE) / {_EPOCHS[form]}"
            # Beyond these bounds the conversion itself would raise.
            moment = f"CAST(to_timestamp({seconds}) AS TIMESTAMP)"
            tries.append(f"CASE WHEN abs({seconds}) < 1e11 THEN {moment} END")
        else:
            tries.append(f"CAST(try_strptime({value}, {literal(form)}) AS TIMESTAMP)")
    return f"coalesce({', '.join(tries)})"


def unreadable_value(name: str, raw: str, typed: str, type: str) -> Rule:
    """A rule for text that is there and is not of the type."""
    shown = f"left(replace(CAST({raw} AS VARCHAR), chr(10), ' '), 40)"
    return Rule(
        column=name,
        when=f"{raw} IS NOT NULL AND {typed} IS NULL",
        reason=f"{literal(_WORDS.get(type, 'not readable') + ': ')} || {shown}",
    )


def missing_value(name: str, value: str) -> Rule:
    """A rule for a value that must be there."""
    return Rule(name, f"{value} IS NULL", literal("missing"))
