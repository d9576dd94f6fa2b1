"""From raw files to a published snapshot: read, validate, quarantine, score, publish."""
