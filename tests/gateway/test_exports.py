import asyncio
import csv
import io

import pytest

from bot.gateway.errors import ApiError
from bot.gateway.exports import file_name
from bot.gateway.pictures import Pictures
from bot.gateway.table_csv import harmless
from tests.gateway.fake_rasa import TREND, answers

TABLE = "/api/v1/conversations/c/turns/m/answers/0/table.csv"


def rows_of(response):
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_table_comes_with_raw_values_and_units(gateway):
    gateway.chat("How did sentiment develop?", conversation_id="c", message_id="m")
    response = gateway.get(TABLE)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    name = response.headers["content-disposition"]
    assert name.startswith('attachment; filename="how-did-sentiment-develop-')
    assert name.endswith('.csv"')
    assert rows_of(response) == [
        ["Month", "Net sentiment (fraction)", "Responses", "Revenue (currency)"],
        ["2026-08-01", "0.41", "1210", "120345.5"],
        ["2026-09-01", "0.333", "1187", "98211.0"],
        ["2026-10-01", "0.125", "1402", ""],
    ]


FORMULAS = [
    '=HYPERLINK("http://x","click")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_never_a_formula(gateway, text):
    column = TREND["columns"][0] | {"unit": text, "role": "dimension", "name": text}
    gateway.rasa.reply = answers(TREND | {"columns": [column], "rows": [[text], [-5], [-0.5]]})
    gateway.chat("a", conversation_id="c", message_id="m")
    head, first, second, third = rows_of(gateway.get(TABLE))
    assert first == [f"'{text}"]
    assert head[0][0] not in "=+-@\t\r\n＝"
    assert (second, third) == (["-5"], ["-0.5"])


def test_ordinary_values_stay_as_they_are():
    for value in ("Aria = Earbuds", "2026-10-01", "", 0, -1.5, True, "'quoted'"):
        assert harmless(value) == value
    assert harmless(None) == ""
    assert str(harmless(42064.900000000016)) == "42064.9"


def test_line_breaks_quotes_and_other_scripts_survive(gateway):
    cells = ['say "hi", ok', "two\nlines", "متجر", "😀", "a;b"]
    column = TREND["columns"][0] | {"role": "dimension", "name": "product"}
    gateway.rasa.reply = answers(TREND | {"columns": [column], "rows": [[c] for c in cells]})
    gateway.chat("a", conversation_id="c", message_id="m")
    assert [row[0] for row in rows_of(gateway.get(TABLE))[1:]] == cells


@pytest.mark.parametrize(
    "path",
    [
        "c/turns/m/answers/1/table.csv",
        "c/turns/x/answers/0/table.csv",
        "x/turns/m/answers/0/table.csv",
        "c/turns/m/answers/1/chart.png",
        "x/turns/m/answers/0/chart.png",
    ],
)
def test_what_is_not_there_is_not_found(gateway, path):
    gateway.chat("a", conversation_id="c", message_id="m")
    response = gateway.get(f"/api/v1/conversations/{path}")
    assert response.status_code == 404
    assert response.json()["error"]["message"]


PNG = b"\x89PNG\r\n\x1a\n"


def test_the_chart_comes_as_a_picture(gateway):
    gateway.chat("a", conversation_id="c", message_id="m")
    path = TABLE.replace("table.csv", "chart.png")
    light, dark = (gateway.get(path, params={"theme": theme}) for theme in ("light", "dark"))
    for response in (light, dark):
        assert response.status_code == 200
        assert response.headers["content-type"] == "image/png"
        assert response.headers["content-disposition"].endswith('.png"')
        assert response.content.startswith(PNG)
        assert int.from_bytes(response.content[16:20], "big") == 1520
    assert light.content != dark.content
    assert gateway.get(path, params={"theme": "pink"}).status_code == 422


def test_a_chart_that_cannot_be_drawn_is_no_trace(gateway):
    gateway.rasa.reply = answers(TREND | {"chart": {"mark": {"type": "nonsense"}, "data": 5}})
    gateway.chat("a", conversation_id="c", message_id="m")
    response = gateway.get(TABLE.replace("table.csv", "chart.png"))
    assert response.status_code == 500
    assert response.json()["error"]["message"] == "This chart could not be drawn."


async def test_a_chart_that_takes_too_long_is_stopped():
    with pytest.raises(ApiError) as caught:
        await Pictures(seconds=0.01).draw(TREND["chart"], "light", "r")
    assert caught.value.status_code == 504


async def test_too_many_pictures_at_once_are_refused(monkeypatch):
    go_on = asyncio.Event()

    async def slow(*_):
        await go_on.wait()
        return b""

    pictures = Pictures()
    monkeypatch.setattr(pictures, "_drawn", slow)
    drawing = [asyncio.create_task(pictures.draw({}, "light", "r")) for _ in range(10)]
    await asyncio.sleep(0)
    with pytest.raises(ApiError) as caught:
        await pictures.draw({}, "light", "r")
    assert caught.value.status_code == 503
    go_on.set()
    assert await asyncio.gather(*drawing) == [b""] * 10
    assert await pictures.draw({}, "light", "r") == b""


@pytest.mark.parametrize("index", ["-1", "101", "x", "0x0", "9" * 400])
def test_an_answer_has_a_number(gateway, index):
    gateway.chat("a", conversation_id="c", message_id="m")
    path = f"/api/v1/conversations/c/turns/m/answers/{index}/table.csv"
    assert gateway.get(path).status_code == 422


def test_an_answer_in_words_has_neither_table_nor_chart(gateway):
    gateway.rasa.reply = lambda body: [{"text": "Hello"}]
    gateway.chat("a", conversation_id="c", message_id="m")
    for path, missing in (
        (TABLE, "no table"),
        (TABLE.replace("table.csv", "chart.png"), "no chart"),
    ):
        response = gateway.get(path)
        assert response.status_code == 404
        assert missing in response.json()["error"]["message"]


def test_visitors_get_no_exports(gateway):
    gateway.chat("a", role="guest", conversation_id="c", message_id="m")
    for path in (TABLE, TABLE.replace("table.csv", "chart.png")):
        assert gateway.get(path, role="guest").status_code == 403


def test_the_name_of_a_file_is_plain(gateway):
    gateway.chat(
        '../"x"\r\nSet-Cookie: a=b; متجر ' + "z" * 200, conversation_id="c", message_id="m"
    )
    name = gateway.get(TABLE).headers["content-disposition"].partition("filename=")[2]
    assert name.startswith('"x-set-cookie-a-b-zzz')
    assert len(name) < 90


def test_a_question_in_another_script_has_a_name_too():
    from datetime import UTC, datetime

    from bot.state.conversations import StoredTurn

    turn = StoredTurn("m", "r", datetime(2026, 10, 20, tzinfo=UTC), "كم", [], 1.0)
    assert file_name(turn) == "answer-2026-10-20"
