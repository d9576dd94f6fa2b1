"""Helpers for developers and for the first start; nothing here is imported by the product."""
