"""Benchmarks: each figure beside its floor or peer, measured in the same run. `python -m tests.bench`."""
