"""The training examples: complete, consistent, and apart from what measures them."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from analytics.types import Act, Role
from bot.nlu.annotated import read, read_file
from bot.nlu.generate import generate, to_rasa

HERE = Path(__file__).parent


def test_a_marked_text_reads_and_writes_back():
    marked = "how many [orders](metric) in [New York](value) [last week](time)"
    example = read(marked, Act.ASK)
    assert example.text == "how many orders in New York last week"
    assert [(m.role, m.text) for m in example.mentions] == [
        (Role.METRIC, "orders"),
        (Role.VALUE, "New York"),
        (Role.TIME, "last week"),
    ]
    assert all(example.text[m.start : m.end] == m.text for m in example.mentions)
    assert example.marked() == marked


@pytest.mark.parametrize("broken", ["[orders]metric)", "[orders", "a](metric)"])
def test_a_stray_bracket_is_refused(broken):
    with pytest.raises(ValueError, match="stray bracket"):
        read(broken, Act.ASK)


def test_an_unknown_role_is_refused():
    with pytest.raises(ValueError, match="colour"):
        read("[red](colour) shoes", Act.ASK)


def test_every_metric_occurs_with_words_of_its_own(catalog, examples):
    said = {m.text.lower() for e in examples for m in e.mentions if m.role is Role.METRIC}
    for metric in catalog.metrics.values():
        assert said & {metric.label.lower(), *(s.lower() for s in metric.synonyms)}, metric.name


def test_every_act_and_role_is_taught(examples):
    acts = Counter(e.act for e in examples)
    roles = Counter(m.role for e in examples for m in e.mentions)
    assert {act for act in Act if act is not Act.UNSURE} == set(acts)
    assert min(acts.values()) >= 50
    assert set(Role) == set(roles)
    assert min(roles.values()) >= 40


def test_mentions_are_in_order_and_do_not_overlap(examples):
    for example in examples:
        at = 0
        for mention in example.mentions:
            assert at <= mention.start < mention.end <= len(example.text)
            assert example.text[mention.start : mention.end] == mention.text
            at = mention.end


def test_no_text_occurs_twice(examples):
    twice = [t for t, n in Counter(e.text.casefold() for e in examples).items() if n > 1]
    assert twice == []


def test_written_examples_do_not_contradict_each_other():
    folder = HERE.parents[1] / "bot/nlu/examples"
    acts: dict[str, set[Act]] = {}
    for file in folder.glob("*.yml"):
        for example in read_file(file):
            acts.setdefault(example.text.casefold().strip(" ?!."), set()).add(example.act)
    assert {text: found for text, found in acts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", ["held_out.yml", "unseen.yml"])
def test_measuring_messages_are_not_trained_on(examples, name):
    trained = {e.text.casefold().strip(" ?!.") for e in examples}
    measured = {e.text.casefold().strip(" ?!.") for e in read_file(HERE / name)}
    assert trained & measured == set()


def test_the_same_inputs_give_the_same_examples(catalog, vocabulary, examples):
    assert generate(catalog, vocabulary) == examples


def test_rasa_gets_every_example(examples):
    content = yaml.safe_load(to_rasa(examples))
    assert sum(block["examples"].count("\n") for block in content["nlu"]) == len(examples)
    assert {block["intent"] for block in content["nlu"]} == {e.act.value for e in examples}
