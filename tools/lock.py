"""``make lock``: solve both environments anew and write their locks, with hashes.

Torch is pinned without hashes and without what only its CUDA build needs: the set-up installs the
CPU build of that version, whose files differ from those on the package index.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.bootstrap.command import environment
from tools.bootstrap.uv import find_or_bring

ROOT = Path(__file__).resolve().parent.parent
CUDA_ONLY = re.compile(r"(nvidia-|cuda-|triton==)")
HEADER = "# Made by `make lock` from {source}; do not edit.\n"


def main() -> None:
    """Write requirements.lock and bot/requirements.txt."""
    tools = ROOT / ".tools"
    uv = find_or_bring(tools, tools / "logs" / "uv.log")
    solved = _solve(uv, "3.11", "pyproject.toml", "--group", "dev")
    _write(ROOT / "requirements.lock", "pyproject.toml", cpu_only(solved))
    solved = _solve(uv, "3.10", "bot/requirements.in")
    _write(ROOT / "bot" / "requirements.txt", "bot/requirements.in", solved)


def _solve(uv: Path, python: str, source: str, *options: str) -> str:
    compile_lock = [str(uv), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    compile_lock += ["--no-header", "--no-annotate", "--python-version", python, *options, source]
    done = subprocess.run(
        compile_lock, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def cpu_only(lock: str) -> str:
    """The lock without CUDA's packages, torch itself without hashes."""
    kept = []
    for block in re.split(r"\n(?=\S)", lock.rstrip("\n")):
        if CUDA_ONLY.match(block):
            continue
        kept.append(block.split(" \\")[0] if block.startswith("torch==") else block)
    return "\n".join(kept) + "\n"


def _write(path: Path, source: str, lock: str) -> None:
    path.write_text(HEADER.format(source=source) + lock, encoding="utf-8")
    print(f"Wrote {path.relative_to(ROOT)}: {lock.count('==')} packages")


if __name__ == "__main__":
    main()
