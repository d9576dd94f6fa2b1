"""``python -m bot.processes.prepare``: build the run-time text models, in a process of its own.

What that needs (torch) would otherwise stay in the memory of the supervisor.
"""

import sys

from bot.settings import Settings
from models.prepare import prepare_models


def main() -> None:
    """Prepare the models under the home folder; nothing happens where they are current."""
    prepare_models(Settings.load().home, lambda line: print(line, file=sys.stderr))


if __name__ == "__main__":
    main()
