"""Why a figure changed: exact decomposition, and the few groups that explain it.

    Query ─▶ sides ─▶ singles and cube (analytics.query) ─▶ search ─▶ Explanation

The method and its measured accuracy: ``docs/models/drivers.md``.
"""
