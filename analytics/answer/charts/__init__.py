"""Result → Vega-Lite spec for page and picture: one form a file, ``choose`` has the table of them."""

from analytics.answer.charts.choose import chart

__all__ = ["chart"]
