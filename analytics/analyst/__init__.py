"""The analyst: carries a parsed message along the whole way and comes back with answers."""
