"""Heads of columns in words. The wire has names of the catalog; the answer's metrics carry labels."""

from collections.abc import Mapping
from typing import Any

SAMPLE = "Responses"


def column_labels(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """One head for each column of an answer."""
    metrics = (answer.get("provenance") or {}).get("metrics") or ()
    labels = {m["name"]: _capital(m["label"]) for m in metrics}
    return tuple(column_label(column, labels) for column in answer["columns"])


def column_label(column: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """The head of a column ('net_sentiment', baseline -> 'Net sentiment before')."""
    metric = str(column.get("metric") or column["name"])
    label = labels.get(metric, in_words(metric))
    match column["role"]:
        case "time":
            return in_words(str(column["unit"]))
        case "metric":
            return label
        case "baseline":
            return f"{label} before"
        case "change":
            return "Change, relative" if column["unit"] == "ratio" else "Change"
        case "count":
            return SAMPLE
        case _:
            return in_words(str(column["name"]))


def in_words(name: str) -> str:
    """'acquisition_channel' -> 'Acquisition channel'."""
    return _capital(name.replace("_", " ").strip())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
