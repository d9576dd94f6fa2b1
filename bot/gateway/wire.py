"""Requests and replies of the API, as the OpenAPI page shows them."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.state.passwords import MAX_CHARS as MAX_PASSWORD_CHARS
from bot.state.tables import NAME_CHARS

Cell = str | int | float | bool | None

MAX_DEPTH = 20
MAX_NUMBER = 2**53
LOCALE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$"


def storable(text: str) -> str:
    """The text itself. Raises ValueError where it could not be written as UTF-8 or in a database."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds characters that are no text")
    return text


def plain(value: Any, depth: int = 0) -> Any:
    """JSON itself. Raises ValueError where another process could not read it as we do."""
    if depth > MAX_DEPTH:
        raise ValueError("is nested too deeply")
    match value:
        case str():
            storable(value)
        case bool() | None:
            pass
        case int() | float():
            if not abs(value) <= MAX_NUMBER:  # not a number is not, either
                raise ValueError("holds a number that is too large or none")
        case dict():
            for key, item in value.items():
                plain(key, depth)
                plain(item, depth + 1)
        case list():
            for item in value:
                plain(item, depth + 1)
    return value


Text = Annotated[str, AfterValidator(storable)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]


class Strict(BaseModel):
    """A request: unknown fields are mistakes and are named."""

    model_config = ConfigDict(extra="forbid", strict=False)


class Open(BaseModel):
    """A reply: further fields may come."""

    model_config = ConfigDict(extra="allow")


class ChatRequest(Strict):
    """A message of a conversation."""

    message: str = Field(examples=["Which products turned negative this month?"])
    conversation_id: Identifier | None = Field(
        None, description="As given by an earlier reply; absent: a new conversation."
    )
    today: date | None = Field(
        None,
        ge=date(1970, 1, 1),
        le=date(2199, 12, 31),
        description="The day that counts as today; absent: the data's.",
    )
    message_id: Identifier | None = Field(
        None, description="Your own id of the message: sent again, it is not answered twice."
    )
    query: Annotated[dict[str, Any], AfterValidator(plain)] | None = Field(
        None,
        description="Run this instead of reading the message: `query` of an answer, or `without` of "
        "one of its filters, as it is or changed. The message is then only shown.",
    )
    locale: str | None = Field(
        None,
        pattern=LOCALE,
        max_length=35,
        description="How numbers and dates are written (`de-DE`); absent: `Accept-Language`.",
    )
    corrects: Identifier | None = Field(
        None,
        description="Id of a request of this conversation that this message says in other words: what "
        "that could teach goes to a supervisor.",
    )


class ColumnWire(Open):
    """How to read and format a column."""

    name: str
    type: str
    unit: str
    role: str


class EvidenceWire(Open):
    """A customer's own words."""

    source: str
    id: str
    quote: str
    sentiment: str | None
    product: str | None
    created_at: str | None


class RecommendationWire(Open):
    """What to do, and the figures that say so."""

    text: str
    because: str


class IssueWire(Open):
    """A problem in words, with messages that lead on."""

    code: str
    message: str
    suggestions: list[str]


class FilterWire(Open):
    """A filter in force, and the query that is left without it."""

    text: str
    without: dict[str, Any] | None


class ProvenanceWire(Open):
    """Where the figures come from."""

    sql: str
    metrics: list[dict[str, Any]]
    snapshot: str
    data_as_of: date
    row_count: int
    truncated: bool
    elapsed_ms: float


class AnswerWire(Open):
    """One answer. Values in ``rows`` are raw: shares are fractions, dates ISO strings."""

    text: str
    query: dict[str, Any] | None
    columns: list[ColumnWire]
    rows: list[list[Cell]]
    chart: dict[str, Any] | None = Field(description="A Vega-Lite specification.")
    evidence: list[EvidenceWire]
    recommendations: list[RecommendationWire]
    suggestions: list[str]
    issues: list[IssueWire]
    provenance: ProvenanceWire | None
    filters: list[FilterWire] = Field([], description="The time range is one of them.")
    choices: list[dict[str, Any] | None] = Field(
        [],
        description="For each suggestion its query, where it is one: send it as `query` with the words.",
    )
    download: str | None = Field(
        None, description="Where the table is as CSV, where that was asked."
    )


class ChatReply(Open):
    """The answers to a message."""

    conversation_id: str
    message_id: str
    answers: list[AnswerWire]
    elapsed_ms: float


class SentimentRequest(Strict):
    """Texts to score."""

    texts: list[Text] = Field(examples=[["Love it", "Broke after a week"]])


class Scored(BaseModel):
    """One text's score in [-1, 1], the probability of each sentiment, and its emotion."""

    sentiment: str
    score: float
    probabilities: dict[str, float]
    emotion: str


class SentimentReply(BaseModel):
    """One result for each text, in order."""

    results: list[Scored]


class ErrorDetail(BaseModel):
    """What went wrong, and what to do."""

    code: str
    message: str
    request_id: str


class ErrorReply(BaseModel):
    """Every error looks like this."""

    error: ErrorDetail


class ThumbRequest(Strict):
    """Whether an answer helped."""

    conversation_id: Identifier
    request_id: Identifier
    helped: bool
    comment: Text = Field("", max_length=2000)


class SignIn(Strict):
    """Sign in to the page: with login and password, or with an access token."""

    login: Text | None = Field(None, max_length=200)
    password: Text | None = Field(None, max_length=MAX_PASSWORD_CHARS)
    token: Text | None = Field(None, max_length=200)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = (self.login is not None, self.password is not None, self.token is not None)
        if given not in ((True, True, False), (False, False, True)):
            raise ValueError("send login and password, or token")
        return self


class Me(BaseModel):
    """Who is signed in; ``csrf`` goes into the header X-CSRF-Token of each change."""

    name: str
    role: str
    csrf: str | None


class ConversationWire(BaseModel):
    """A conversation in the list; ``turns`` counts its messages."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: int


class ConversationsReply(BaseModel):
    """The newest conversations; for more, send ``before`` = ``updated_at`` of the last one."""

    conversations: list[ConversationWire]


class TurnWire(BaseModel):
    """A message, its answers as they went out, and whether they helped."""

    message_id: str
    request_id: str
    at: datetime
    message: str
    answers: list[AnswerWire]
    elapsed_ms: float
    helped: bool | None


class ConversationReply(BaseModel):
    """A conversation with the newest of its turns, in order."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: list[TurnWire]


class Rename(Strict):
    """Another title of a conversation."""

    title: Text = Field(max_length=NAME_CHARS)


class SavedWire(BaseModel):
    """A query that was saved under a name."""

    name: str
    query: dict[str, Any]
    saved_at: datetime


class SavedReply(BaseModel):
    """Saved questions by name."""

    saved: list[SavedWire]


class NewName(Strict):
    """Another name of a saved question."""

    name: Text = Field(max_length=NAME_CHARS)


class WidgetSessionReply(BaseModel):
    """A visitor's bearer token."""

    token: str
    expires_at: datetime


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorReply} for status in (401, 403, 413, 422, 429, 502, 503, 504)
}
