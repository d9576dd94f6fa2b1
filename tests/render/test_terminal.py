from io import StringIO

from rich.console import Console

from bot.render.terminal import render_answer
from tests.gateway.fake_rasa import TREND


def printed(answer):
    console = Console(width=100, record=True, file=StringIO())
    console.print(render_answer(answer))
    return console.export_text()


def test_nothing_is_said_twice():
    question = "Which Aria?"
    ways = ["Aria Speaker", "Aria Earbuds"]
    issue = {"code": "ambiguous_value", "message": question, "suggestions": ways}
    text = printed({"text": question, "issues": [issue], "suggestions": ways})
    for words in (question, *ways):
        assert text.count(words) == 1


def test_one_figure_needs_no_table():
    column = {"name": "reviews", "type": "integer", "unit": "count", "role": "metric"}
    text = printed({"text": "383 reviews.", "columns": [column], "rows": [[383]]})
    assert text.strip() == "383 reviews."


def test_brackets_of_customers_are_no_markup():
    quote = TREND["evidence"][0] | {"quote": "[bold]so[/bold] [link=x]bad[/link]"}
    assert quote["quote"] in printed(TREND | {"evidence": [quote]})


def test_many_rows_are_cut_and_said_so():
    column = {"name": "product", "type": "string", "unit": "text", "role": "dimension"}
    text = printed({"text": "x", "columns": [column, column], "rows": [["a", "b"]] * 50})
    assert "… and 10 more rows" in text
