from datetime import date, timedelta

from analytics.language_model.budget import Budget
from tests.analytics.core.world import TODAY
from tests.language_model.test_read import ASKED, proposal


def test_what_a_call_takes_is_counted(helper, script, budget, world):
    script.arguments, script.usage = proposal(), 777
    assert helper.read(ASKED, world.known, TODAY) is not None
    assert budget.left == 100_000 - 777


def test_an_empty_budget_asks_nobody(helper, script, budget, world):
    script.arguments = proposal()
    assert budget.reserve(99_999)
    assert helper.read(ASKED, world.known, TODAY) is None
    assert script.requests == []


def test_a_failed_call_counts_as_planned(helper, script, budget, world):
    script.status, script.raw = 500, b"{}"
    helper.read(ASKED, world.known, TODAY)
    assert budget.left < 100_000


def test_it_outlives_a_restart_and_ends_with_the_day(tmp_path):
    now = [date(2026, 1, 1)]
    path = tmp_path / "tokens.json"
    assert Budget(path, 100, lambda: now[0]).reserve(60)
    again = Budget(path, 100, lambda: now[0])
    assert again.left == 40
    assert not again.reserve(41)
    now[0] += timedelta(days=1)
    assert again.left == 100


def test_a_broken_file_is_a_new_day(tmp_path):
    path = tmp_path / "tokens.json"
    path.write_text("[")
    assert Budget(path, 100, lambda: date(2026, 1, 1)).left == 100
