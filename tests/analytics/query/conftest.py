from tests.analytics.core.conftest import world

__all__ = ["world"]
