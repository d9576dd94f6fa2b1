"""Labels and lists of names inside sentences."""

from collections.abc import Sequence


def inside(label: str) -> str:
    """A label in the middle of a sentence: "Average rating" → "average rating", "ROAS" stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def outset(label: str) -> str:
    """A label at the start of a sentence."""
    return label[:1].upper() + label[1:]


def listed(names: Sequence[str], quote: bool = True) -> str:
    """ "“a”, “b” or “c”"."""
    shown = [f"“{name}”" if quote else name for name in names]
    if not shown:
        return "nothing"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
