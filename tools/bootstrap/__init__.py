"""First start: both Python environments and the front-end packages, from their locks.

Runs with any Python from 3.8 on and needs nothing but its standard library.
"""
