"""What the stand-in for Rasa answers, by the words of the question."""

from tests.gateway.fake_rasa import TREND, answers

EXACT = "2026-10-20"
ALL = {"kind": "trend", "metrics": ["net_sentiment"], "filters": []}
OFFERED = {
    "text": "I answer questions about customers.",
    "columns": [
        {"name": "data", "type": "string", "unit": "text", "role": "info"},
        {"name": "from", "type": "date", "unit": "day", "role": "info"},
        {"name": "to", "type": "date", "unit": "day", "role": "info"},
        {"name": "figures", "type": "string", "unit": "text", "role": "info"},
        {"name": "questions", "type": "string", "unit": "text", "role": "info"},
    ],
    "rows": [
        ["Reviews", "2024-09-01", EXACT, "net sentiment", "Net sentiment by region?\nWorst?"],
        ["Footfall", None, None, None, None],
    ],
    "suggestions": ["How did sentiment develop?"],
}
CHOICE = {
    "text": "Two match. Which one?",
    "issues": [
        {
            "code": "ambiguous_value",
            "message": "Two match. Which one?",
            "suggestions": ["Sentiment of Aria Speaker", "Sentiment of Aria Buds"],
        }
    ],
}
VALUE = {
    "text": "1,402 reviews.",
    "columns": [{"name": "n", "type": "integer", "unit": "count", "role": "metric", "metric": "n"}],
    "rows": [[1402]],
}
FILTERED = {
    **TREND,
    "filters": [
        {"text": "category: Audio", "without": ALL},
        {"text": "compared with July", "without": None},
    ],
}
HOSTILE = {
    "text": "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "columns": [
        {"name": "<b>x</b>", "type": "string", "unit": "text", "role": "dimension"},
        {"name": "n", "type": "integer", "unit": "count", "role": "metric"},
    ],
    "rows": [["<svg onload=alert(3)>", 1], ["javascript:alert(4)", 2]],
    "filters": [{"text": "<s>f</s>", "without": ALL}],
    "suggestions": ["<i onclick=alert(5)>"],
    "issues": [{"code": "x", "message": "<u>m</u>", "suggestions": []}],
    "recommendations": [{"text": "<h1>t</h1>", "because": "<h2>b</h2>"}],
    "evidence": [
        {
            "source": "reviews",
            "id": "<1>",
            "quote": "</blockquote><script>alert(6)</script>",
            "sentiment": 'negative" onmouseover="alert(7)',
            "product": "<p>",
            "created_at": None,
        }
    ],
    "provenance": {
        **TREND["provenance"],
        "sql": "<script>alert(9)</script>",
        "metrics": [{"name": "n", "label": "<q>n</q>", "description": "<a>d</a>"}],
    },
}
KNOWN = {
    "what can you do?": OFFERED,
    "aria": CHOICE,
    "how many reviews?": VALUE,
    "filtered": FILTERED,
    "hostile": HOSTILE,
}


def reply(body):
    """The answer to one message, as Rasa sends it."""
    return answers(KNOWN.get(body["message"].lower(), TREND))(body)


def asked(served):
    """Messages that reached Rasa from people (the page itself asks what can be asked)."""
    return [body for body in served.rasa.asked if body["message"] != "What can you do?"]
