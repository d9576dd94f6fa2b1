"""What a start finds wrong, before it does anything: in words, all at once."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.processes import preflight
from bot.processes.spec import StartError
from bot.settings import ENTRIES, ROOT, Settings, SettingsError

RASA = ROOT / ".venv-rasa" / "bin" / "python"
pytestmark = pytest.mark.skipif(not RASA.exists(), reason="Rasa's environment is not set up")

# A value that no entry of the kind takes; free text has none.
NONSENSE = {
    "int": "many",
    "float": "nan",
    "str": "\u0000",
    "list": "not an origin",
    "Path": "",
}


def settings(tmp_path, **more):
    ports = {}
    for name in ("VERBATIM_PORT", "VERBATIM_RASA_PORT", "VERBATIM_ACTIONS_PORT"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports[name] = str(probe.getsockname()[1])
    return Settings.load({"VERBATIM_HOME": str(tmp_path / "home"), **ports, **more})


def problems(chosen):
    with pytest.raises(StartError) as caught:
        preflight.check(chosen)
    return str(caught.value).splitlines()


def test_a_sound_set_up_has_no_problem_and_makes_its_home(tmp_path):
    chosen = settings(tmp_path)
    preflight.check(chosen)
    assert list(chosen.home.iterdir()) == []


def test_every_problem_is_named_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = problems(
            settings(
                tmp_path,
                VERBATIM_HOME=str(tmp_path / "file" / "home"),
                VERBATIM_CATALOG=str(tmp_path / "nowhere"),
                VERBATIM_DB_URL="postgresql:/hunter2",
                VERBATIM_TRACKER_DB_URL="hunter2",
                VERBATIM_PORT=str(port),
            )
        )
    assert len(found) == 5
    for line, said in zip(
        found,
        (
            "VERBATIM_HOME",
            "VERBATIM_CATALOG",
            "VERBATIM_DB_URL",
            "VERBATIM_TRACKER_DB_URL",
            str(port),
        ),
        strict=True,
    ):
        assert said in line
    assert "hunter2" not in "\n".join(found)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_home_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "home").mkdir(mode=0o500)
    [line] = problems(settings(tmp_path))
    assert "cannot be written (permission denied)" in line


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "LEAST_FREE_GB", 1e9)
    [line] = problems(settings(tmp_path))
    assert "make room" in line


def test_a_host_that_is_none_of_this_machine_is_named(tmp_path):
    [line] = problems(settings(tmp_path, VERBATIM_HOST="192.0.2.1"))
    assert line.startswith("gateway cannot listen on 192.0.2.1")


def test_a_slip_of_the_pen_is_said_with_what_was_meant():
    said = list(preflight.warnings({"VERBATIM_QEURY_TIMEOUT_S": "3", "VERBATIM_X": "1"}))
    assert said == [
        "VERBATIM_QEURY_TIMEOUT_S is set, but is no setting (did you mean VERBATIM_QUERY_TIMEOUT_S?)",
        "VERBATIM_X is set, but is no setting",
    ]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_every_setting_refuses_nonsense_by_name(entry):
    value = "\u00fc" if entry.name == "internal_token" else NONSENSE[entry.type_name]
    if entry.type_name == "Path" or entry.name in ("host", "db_url", "tracker_db_url"):
        pytest.skip("any text may be right: what it names is looked at before the start")
    with pytest.raises(SettingsError, match=entry.variable) as caught:
        Settings.load({entry.variable: value})
    if entry.secret:
        assert value not in str(caught.value)


@pytest.mark.parametrize("text", ["inf", "nan", "-1", "1e999", "0x10", "9" * 5000])
def test_odd_numbers_are_refused(text):
    env = {"VERBATIM_QUERY_TIMEOUT_S": text, "VERBATIM_MAX_ROWS": text}
    with pytest.raises(SettingsError) as caught:
        Settings.load(env)
    assert len(caught.value.problems) == 2


def test_a_message_that_never_fits_its_body_is_a_contradiction():
    env = {"VERBATIM_MAX_MESSAGE_CHARS": "50000", "VERBATIM_MAX_BODY_KB": "10"}
    with pytest.raises(SettingsError, match="never fits"):
        Settings.load(env)


def test_the_command_says_it_in_words(tmp_path):
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("VERBATIM_")},
        "VERBATIM_HOME": str(tmp_path),
        "VERBATIM_PORT": "0",
        "VERBATIM_MAX_ROWS": "-5",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-m", "bot", "up"], env=env, cwd=Path(ROOT), capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "VERBATIM_PORT='0'" in run.stderr
    assert "VERBATIM_MAX_ROWS='-5'" in run.stderr
    assert "Traceback" not in run.stderr
