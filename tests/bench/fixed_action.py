"""An action server whose one action gives a fixed answer: `python -m tests.bench.fixed_action PORT`.

What a round trip through Rasa and an action costs when the action does nothing.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.endpoint import create_app
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

ANSWER = {"text": "Reviews last month: 383.", "rows": [[383]], "columns": [{"name": "reviews"}]}


class FixedAnswer(Action):  # type: ignore[misc]
    """Says the same whatever was asked."""

    def name(self) -> str:
        """The product's own action, so that its trained model can be used as well."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One message and one slot, as the product's action gives."""
        dispatcher.utter_message(json_message={"answers": [ANSWER]})
        return [SlotSet("query", {"kind": "value"})]


def main() -> None:
    """Serve until told to stop."""
    warnings.filterwarnings("ignore")
    executor = ActionExecutor()
    executor.register_action(FixedAnswer())
    app = create_app(executor, cors_origins=[])
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, motd=False, single_process=True)


if __name__ == "__main__":
    main()
