"""What texts are about: statements, clusters of them, and readable names. `docs/models/themes.md`."""
