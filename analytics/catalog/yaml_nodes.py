"""YAML with its line numbers, so that every error can name file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

# The C loader is ten times faster; PyYAML has it wherever libyaml is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a YAML file: a scalar, a list or a mapping, with the line it starts at (from 1)."""

    value: Scalar | list[Node] | dict[str, Node]
    file: str
    line: int


class YamlProblem(ValueError):
    """A file that is not YAML or repeats a key; the message names file and line."""


def read_nodes(path: Path) -> Node:
    """The root of one YAML file. Raises YamlProblem."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise YamlProblem(f"{path.name}:1: not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlProblem(f"{path.name}:{line}: not valid YAML: {error.problem}") from error
    if root is None:
        raise YamlProblem(f"{path.name}:1: the file is empty")
    return _node(root, path.name)


def _node(node: yaml.Node, file: str) -> Node:
    line = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            return Node(_mapping(node, file), file, line)
        case yaml.SequenceNode():
            return Node([_node(item, file) for item in node.value], file, line)
        case _:
            return Node(_scalar(node), file, line)


def _mapping(node: yaml.MappingNode, file: str) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value)
        line = key.start_mark.line + 1
        if name in found:
            raise YamlProblem(f'{file}:{line}: "{name}" is given twice')
        child = _node(value, file)
        # A mapping starts below its key; people look for the key.
        found[name] = Node(child.value, file, line)
    return found


def _scalar(node: yaml.Node) -> Scalar:
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:str":
        return text
    value = yaml.safe_load(text)
    return value if isinstance(value, str | int | float | bool | None) else text
