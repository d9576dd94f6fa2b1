"""The one exception of the set-up: something that its user has to do."""


class SetupProblem(Exception):
    """The set-up cannot go on; the message says what to do."""
