"""How a training tells its caller where it is: marked lines on standard output."""

MARK = "verbatim: "


def say(line: str) -> None:
    """One line of progress."""
    print(MARK + line, flush=True)
