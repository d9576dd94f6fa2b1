"""Who may import whom, and that importing does nothing (docs/decisions/0006)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

PACKAGES = ("actions", "analytics", "bot", "knowledge", "models", "tools")
RASA_SIDE = "bot.rasa_components"

WEB = ("fastapi", "starlette", "uvicorn", "slack_bolt", "slack_sdk", "rasa_sdk", "sanic", "click")

CORE = ("analytics", "models", "knowledge")
PARTS = (
    "catalog",
    "understand",
    "query",
    "answer",
    "sources",
    "build",
    "demo",
    "language_model",
    "analyst",
)


def parts(*names: str) -> tuple[str, ...]:
    return tuple(f"analytics.{name}" for name in names)


# Who, what it never imports, why.
RULES = (
    (parts("types", "issues"), (*parts(*PARTS), "bot", "actions"), "types and issues stand alone"),
    (("analytics", "models"), WEB, "the core knows no channel and no framework"),
    (CORE, ("bot", "actions"), "the core is called, it never calls"),
    (parts("catalog"), parts(*PARTS[1:]), "the catalog knows types only"),
    (
        parts("understand"),
        parts("query", "answer", "build", "demo", "language_model", "analyst"),
        "understanding knows the catalog only",
    ),
    (
        parts("query"),
        parts("understand", "answer", "build", "demo", "language_model", "analyst"),
        "a query knows no answer",
    ),
    (
        parts("language_model"),
        (*parts("sources", "build", "demo", "analyst"), "ibis"),
        "a language model reaches no data",
    ),
    (
        parts("answer"),
        parts("sources", "build", "demo", "language_model", "analyst"),
        "an answer never queries",
    ),
    (
        ("bot.slack", "bot.render", "bot.web", "bot.gateway"),
        (*parts("query", "sources", "build"), "duckdb", "ibis"),
        "channels convert an answer, they never query",
    ),
    ((*CORE, "actions", "bot.gateway"), ("rasa",), "Rasa has an environment of its own"),
    ((*CORE, "actions", "bot"), ("tools", "tests"), "tools and tests are not part of the product"),
)

TOUCH_DUCKDB = parts("sources", "build")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def project_files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path


def imports(path: Path) -> set[str]:
    """Every module that a file names in an import, ``from a import b`` as both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = module_name(path).split(".")
                up = node.level - (path.name == "__init__.py")
                base = ".".join([*parent[: len(parent) - up], *([base] if base else [])])
            found.add(base)
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


IMPORTS = {module_name(path): imports(path) for path in project_files()}


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize(("importers", "never", "why"), RULES, ids=[rule[2] for rule in RULES])
def test_who_may_import_whom(importers, never, why):
    wrong = {
        f"{module} imports {target}"
        for module, targets in IMPORTS.items()
        if any(within(module, importer) for importer in importers)
        for target in targets
        if any(within(target, banned) for banned in never)
    }
    assert not wrong, why


def test_only_sources_and_the_build_touch_duckdb():
    wrong = {
        module
        for module, targets in IMPORTS.items()
        if any(within(target, "duckdb") for target in targets)
        and not any(within(module, allowed) for allowed in TOUCH_DUCKDB)
    }
    assert not wrong


def test_rasas_side_imports_nothing_else_of_the_project():
    wrong = {
        f"{module} imports {target}"
        for module, targets in IMPORTS.items()
        if within(module, RASA_SIDE)
        for target in targets
        if any(within(target, package) for package in PACKAGES)
        and not within(target, RASA_SIDE)
        and target not in ("bot", "")
    }
    assert not wrong


def test_imports_of_packages_have_no_circle():
    """Between the parts of the core (analytics.query, ...): each may be read on its own."""
    edges: dict[str, set[str]] = {}
    for module, targets in IMPORTS.items():
        part = ".".join(module.split(".")[:2])
        for target in targets:
            other = ".".join(target.split(".")[:2])
            if target in IMPORTS and other != part and within(other, "analytics"):
                edges.setdefault(part, set()).add(other)
    seen: dict[str, bool] = {}

    def visit(part: str, trail: tuple[str, ...]) -> None:
        assert part not in trail, " -> ".join([*trail, part])
        if not seen.get(part):
            for other in sorted(edges.get(part, ())):
                visit(other, (*trail, part))
            seen[part] = True

    for part in list(edges):
        visit(part, ())


IMPORT_ALL = """
import importlib, os, socket, subprocess, sys

modules = sys.argv[1:]
root = os.getcwd() + os.sep
project = tuple(root + name + os.sep for name in {packages!r})
events = []

def watch(event, args):
    # Only what a module of the project does itself counts, not what a library does when loaded.
    if event not in ("open", "socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir"):
        return
    frame = sys._getframe(1)
    name = frame.f_code.co_filename
    if name.startswith(project):
        events.append(f"{{event}} {{args[0]!r}} in {{name[len(root):]}}:{{frame.f_lineno}}")

sys.addaudithook(watch)
for name in modules:
    importlib.import_module(name)
print("\\n".join(sorted(set(events))))
"""


# Rasa's side runs elsewhere, Alembic runs its scripts itself, __main__ is there to be run.
NOT_IMPORTED = (RASA_SIDE, "bot.state.migrations", "tools")


@pytest.mark.slow  # it imports torch and all
def test_no_file_reads_or_writes_when_imported():
    modules = [
        name
        for name in IMPORTS
        if not any(within(name, package) for package in NOT_IMPORTED)
        and not name.endswith("__main__")
    ]
    code = IMPORT_ALL.format(packages=PACKAGES)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *modules],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == ""


def test_the_dialogue_domain_stays_short():
    domain = ROOT / "domain.yml"
    if not domain.is_file():
        pytest.skip("no domain.yml")
    assert len(domain.read_text(encoding="utf-8").splitlines()) < 150


def test_committed_files_speak_of_the_project_alone():
    """No absolute path of a developer's machine in any tracked text file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    banned = ("/" + "work/", "/" + "root/", "/" + "home/")
    wrong = []
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".lock", ".txt", ".onnx", ".npz"}:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{name}: {word}" for word in banned if word in text]
    assert not wrong
