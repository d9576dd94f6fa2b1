"""Settings: read from the environment, checked all at once, documented."""

from pathlib import Path

import pytest

from bot.settings import ENTRIES, ROOT, Settings, SettingsError, to_markdown, unknown_variables


def test_defaults_need_no_environment():
    settings = Settings.load({})
    assert settings.port == 8080
    assert settings.home == ROOT / "var"
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'state.db'}"


def test_a_home_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings.load({"VERBATIM_HOME": "here"}).home == tmp_path / "here"


def test_an_empty_variable_counts_as_unset():
    assert Settings.load({"VERBATIM_PORT": " "}).port == 8080


def test_every_problem_is_named_at_once():
    bad = {"VERBATIM_PORT": "eighty", "VERBATIM_WEEK_START": "noday", "VERBATIM_MAX_ROWS": "0"}
    with pytest.raises(SettingsError) as caught:
        Settings.load(bad)
    assert len(caught.value.problems) == 3
    assert "VERBATIM_PORT='eighty': must be a whole number from 1 to 65535" in str(caught.value)


def test_one_port_for_two_processes_is_refused():
    with pytest.raises(SettingsError, match="VERBATIM_PORT and VERBATIM_RASA_PORT are both 5005"):
        Settings.load({"VERBATIM_PORT": "5005"})


def test_secrets_are_not_shown():
    settings = Settings.load({"VERBATIM_DB_URL": "postgresql://u:hunter2@db/x"})
    assert "hunter2" not in repr(settings)


def test_a_slip_of_the_pen_is_noticed():
    assert unknown_variables({"VERBATIM_PROT": "1", "VERBATIM_PORT": "1"}) == ("VERBATIM_PROT",)


def test_every_entry_is_documented():
    assert all(entry.help.endswith(".") for entry in ENTRIES)


def test_the_reference_page_is_current():
    page = Path(ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == to_markdown(), "run: .venv/bin/verbatim settings --write"
