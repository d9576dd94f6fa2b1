"""The command frame: lazy, friendly, no stack trace."""

import subprocess
import sys

import click
import pytest

from bot import cli
from bot.settings import ROOT


def test_help_imports_no_subcommand():
    code = (
        "import sys; from bot.cli import run; run(['--help']);"
        "sys.exit(any(name.startswith('bot.commands.') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, line in cli.COMMANDS.items():
        assert name in done.stdout
        assert line in done.stdout


def test_help_knows_every_subcommand_and_no_other():
    files = {path.stem for path in (ROOT / "bot" / "commands").glob("*.py")} - {"__init__"}
    assert files == set(cli.COMMANDS)


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_subcommand_loads_and_has_help(name, capsys):
    assert cli.run([name, "--help"]) == 0
    assert "Usage: verbatim" in capsys.readouterr().out


def failing(error: Exception) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


class Wrong(Exception):
    user_facing = True


def test_an_expected_error_is_its_own_words(monkeypatch, capsys):
    monkeypatch.setattr(cli, "cli", failing(Wrong("the file is empty: x.csv")))
    assert cli.run([]) == cli.EXPECTED
    assert capsys.readouterr().err == "Error: the file is empty: x.csv\n"


def test_a_bug_shows_a_request_id_and_no_trace(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("VERBATIM_HOME", str(tmp_path))
    monkeypatch.delenv("VERBATIM_LOG_LEVEL", raising=False)
    monkeypatch.setattr(cli, "cli", failing(KeyError("inner")))
    assert cli.run([]) == cli.UNEXPECTED
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    request_id = shown.split("Request id ")[1].split(";")[0]
    assert f"{request_id}\nTraceback" in (tmp_path / "logs" / "cli.log").read_text()


def test_a_bad_setting_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("VERBATIM_PORT", "x")
    assert cli.run(["settings"]) == cli.EXPECTED
    assert "VERBATIM_PORT='x'" in capsys.readouterr().err


def test_an_unknown_command_says_so(capsys):
    assert cli.run(["frobnicate"]) == cli.EXPECTED
    assert "No such command 'frobnicate'" in capsys.readouterr().err
