"""Who may ask what. The one place that reads a viewer's role.

Roles today: ``guest`` may see nothing but help; all others may see everything. Row policies come here.
"""

from __future__ import annotations

from analytics.types import Issue, Query, Viewer

HELP_ONLY = frozenset({"guest"})


def authorize(query: Query, viewer: Viewer) -> Query | Issue:
    """The query as this viewer may run it, or why not."""
    if viewer.role in HELP_ONLY:
        return Issue(
            "not_permitted",
            "Your account may not see figures. Ask an administrator for the viewer role.",
            ("What can you do?",),
        )
    return query
