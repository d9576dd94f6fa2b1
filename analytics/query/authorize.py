"""Who may ask what. The one place that reads a viewer's role.

Guests (visitors of a page) see what the catalog gives to everyone, and no person. The other roles see
everything. Row policies come here.
"""

from __future__ import annotations

from analytics.catalog.audience import public
from analytics.catalog.types import Audience, Catalog
from analytics.query.validate import problems_of
from analytics.types import Issue, Query, Viewer

INSIDERS = frozenset({"viewer", "analyst", "admin"})
PUBLIC_ONLY = frozenset({"guest"})


def may_ask(viewer: Viewer) -> bool:
    """Whether a viewer's role exists: nobody else gets an answer."""
    return viewer.role in INSIDERS | PUBLIC_ONLY


def visible(catalog: Catalog, viewer: Viewer) -> Catalog:
    """The part of a catalog that a viewer may know of."""
    return catalog if viewer.role in INSIDERS else public(catalog)


def authorize(query: Query, viewer: Viewer, catalog: Catalog) -> Query | Issue:
    """The query as this viewer may run it, or why not. ``catalog`` is the whole one."""
    if viewer.role in INSIDERS:
        return query
    if problems_of(query, visible(catalog, viewer)):
        return Issue(
            "not_permitted",
            "Your account may not see that. Ask an administrator for the viewer role.",
            ("What can you do?",),
        )
    return query


def readable(viewer: Viewer) -> frozenset[Audience]:
    """Whose articles a viewer may read."""
    return frozenset(Audience) if viewer.role in INSIDERS else frozenset({Audience.EVERYONE})
