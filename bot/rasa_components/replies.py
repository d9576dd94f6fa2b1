"""Replies of the action server, checked against Rasa's format as ever, but without needless work."""

from __future__ import annotations

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_format_once() -> None:
    """Check the format of replies itself once, not with every reply.

    Rasa 3.6 hands its fixed JSON schema to `jsonschema.validate`, which first checks the schema: that
    took 20 of the 31 ms of a message's round trip (measured; docs/benchmarks.md).
    """
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
