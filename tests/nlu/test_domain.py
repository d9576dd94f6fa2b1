"""Rasa's files and the types of the project speak of the same acts and roles."""

import yaml

from analytics.types import Act, Role
from bot.settings import ROOT


def _read(name: str):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_domain_names_every_act_and_role_and_stays_short():
    domain = _read("domain.yml")
    assert set(domain["intents"]) == {act.value for act in Act}
    assert set(domain["entities"]) == {role.value for role in Role}
    assert domain["actions"] == ["action_answer"]
    assert len((ROOT / "domain.yml").read_text(encoding="utf-8").splitlines()) < 150


def test_one_rule_per_act_leads_to_the_one_action():
    rules = _read("bot/dialogue/rules.yml")["rules"]
    assert {rule["steps"][0]["intent"] for rule in rules} == {act.value for act in Act}
    assert {rule["steps"][1]["action"] for rule in rules} == {"action_answer"}


def test_only_rules_decide():
    assert [policy["name"] for policy in _read("config.yml")["policies"]] == ["RulePolicy"]
