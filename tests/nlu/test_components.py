"""Rasa's components run in Rasa's environment, so their tests do: one process for all of them."""

import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


@pytest.mark.slow
def test_components_in_rasas_environment(tmp_path: Path):
    if not PYTHON.exists():
        pytest.skip("Rasa's environment is not set up")
    script = Path(__file__).with_name("in_rasa.py")
    ran = subprocess.run(
        [PYTHON, script, tmp_path], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
