"""Support tickets of the demo company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.demo import demand, dice, season
from analytics.demo.company import REGIONS
from analytics.demo.dice import Bools, Floats, Ints, Part, Times
from analytics.demo.incidents import CHECKOUT_BUG, COURIER, SOURINGS
from analytics.demo.population import Population
from analytics.demo.writer import pens, ticket_text

TICKETS: Final = 2_500
"""Tickets at scale 1."""
PART_ROWS: Final = 20_000

CATEGORIES: Final = (
    "delivery", "refund", "product fault", "payment", "account", "how to", "warranty",
)  # fmt: skip
SHARES: Final = np.array([0.22, 0.16, 0.2, 0.1, 0.11, 0.14, 0.07])
DELIVERY, FAULT, PAYMENT, ACCOUNT = 0, 2, 3, 4
PRIORITIES: Final = ("low", "normal", "high", "urgent")
CONTACTS: Final = ("e-mail", "chat", "phone", "form")
AGENTS: Final = tuple(f"Agent {number:02d}" for number in range(1, 15))

# Median hours to the first response and to the solution, by priority.
RESPONSE_HOURS: Final = np.array([11.0, 6.0, 2.2, 0.7])
SOLUTION_HOURS: Final = np.array([60.0, 40.0, 22.0, 9.0])
ANGRY_BY_PRIORITY: Final = np.array([0.12, 0.22, 0.45, 0.6])
PAYMENT_LIFT: Final = 4.0
NORMAL, COURIER_CAUSE, FAULT_CAUSE, PAYMENT_CAUSE = range(4)


@dataclass(frozen=True)
class Causes:
    """Weights by (day, cause), and by (day, product) for tickets that a souring causes."""

    by_day: Floats
    faults: Floats


def causes(people: Population, seed: int) -> Causes:
    """What makes customers write: everyday matters, and what incidents add."""
    interest = demand.interest()
    faults = demand.fault_weights() - interest
    weights = np.zeros((season.DAYS, 4))
    weights[:, NORMAL] = 1.0
    trouble = season.day_span(COURIER.first_day, COURIER.last_day)
    north = float((people.region() == REGIONS.index(COURIER.region)).mean())
    weights[trouble, COURIER_CAUSE] = SHARES[DELIVERY] * north * (COURIER.ticket_lift - 1)
    weights[:, FAULT_CAUSE] = SHARES[FAULT] * faults.sum(axis=1) / interest.sum(axis=1)
    bug = season.day_span(CHECKOUT_BUG.first_day, CHECKOUT_BUG.last_day)
    weights[bug, PAYMENT_CAUSE] = SHARES[PAYMENT] * (PAYMENT_LIFT - 1)
    busy = season.busyness(seed, "tickets", season.WEEK_OFFICE)
    return Causes(weights * busy[:, None], faults)


def tickets(people: Population, scale: float, seed: int) -> Iterator[pa.Table]:
    """The `tickets` table in parts, in time order."""
    why = causes(people, seed)
    for part in dice.parts(dice.clip_count(TICKETS * scale), PART_ROWS):
        yield _part(part, why, people, seed)


def _customers(rng: np.random.Generator, people: Population, days: Ints, cause: Ints) -> Ints:
    """Any customer, but one of the region in trouble where the courier is the cause."""
    picked = people.pick(rng, days)
    late = cause == COURIER_CAUSE
    members = np.flatnonzero(people.region() == REGIONS.index(COURIER.region))
    if len(members):
        picked[late] = members[people.only(members).pick(rng, days[late])]
    return picked


def _categories(rng: np.random.Generator, cause: Ints) -> Ints:
    usual = dice.choose(rng, SHARES, len(cause))
    return np.select(
        [cause == COURIER_CAUSE, cause == FAULT_CAUSE, cause == PAYMENT_CAUSE],
        [DELIVERY, FAULT, PAYMENT],
        usual,
    )


def _priorities(rng: np.random.Generator, cause: Ints) -> Ints:
    weights = np.tile([0.28, 0.47, 0.18, 0.07], (len(cause), 1))
    weights[cause != NORMAL] = [0.1, 0.35, 0.35, 0.2]
    return dice.choose_by_row(rng, weights)


@dataclass(frozen=True)
class Handling:
    """How a ticket went: hours to answer and to solve, whether they lie before the demo's end."""

    answered_at: Times
    solved_at: Times
    answered: Bools
    solved: Bools
    hours_to_answer: Floats
    reopened: Ints


def _handling(
    rng: np.random.Generator, opened: Times, priority: Ints, slow: Floats, weekend: Bools
) -> Handling:
    count = len(opened)
    wait = RESPONSE_HOURS[priority] * slow * np.exp(rng.normal(0, 0.7, count))
    wait *= np.where(weekend, 1.6, 1.0)
    work = SOLUTION_HOURS[priority] * np.sqrt(slow) * np.exp(rng.normal(0, 0.8, count))
    reopened = rng.poisson(0.1 + 0.12 * (slow > 1), count)
    work *= 1 + 0.6 * reopened
    answered_at = opened + (wait * 3_600_000_000).astype("timedelta64[us]")
    solved_at = answered_at + (work * 3_600_000_000).astype("timedelta64[us]")
    end = season.end_of_demo()
    answered = answered_at < end
    solved = (solved_at < end) & (rng.random(count) > 0.015)
    return Handling(answered_at, solved_at, answered, solved, wait, reopened * answered)


def _moods(rng: np.random.Generator, priority: Ints, cause: Ints) -> list[str]:
    angry = ANGRY_BY_PRIORITY[priority] + 0.3 * (cause != NORMAL)
    draw = rng.random(len(priority))
    grateful = (draw > 0.88) & (cause == NORMAL)
    picked: list[str] = np.where(
        draw < angry, "angry", np.where(grateful, "grateful", "calm")
    ).tolist()
    return picked


def _satisfaction(
    rng: np.random.Generator, handled: Handling, moods: list[str], late: Bools
) -> pa.Array:
    """Answers (1 to 5) to the question after a solved ticket; two in five customers answer."""
    mood = np.array([{"angry": -0.7, "calm": 0.0, "grateful": 0.5}[m] for m in moods])
    level = 4.3 + mood - 0.25 * np.log1p(handled.hours_to_answer / 6) - 0.6 * handled.reopened
    level += late * COURIER.csat_shift + rng.normal(0, 0.8, len(moods))
    stars = np.clip(np.rint(level), 1, 5).astype(np.int64)
    silent = ~handled.solved | (rng.random(len(moods)) > 0.42)
    return dice.with_nulls(pa.array(stars), silent)


def _statuses(rng: np.random.Generator, handled: Handling) -> pa.Array:
    closed = rng.random(len(handled.solved)) < 0.7
    picked = np.where(handled.solved, np.where(closed, 3, 2), np.where(handled.answered, 1, 0))
    return dice.named(("open", "pending", "solved", "closed"), picked)


def _troubles(category: Ints, late: Bools, souring: Ints) -> list[str | None]:
    rows = zip(category.tolist(), late.tolist(), souring.tolist(), strict=True)
    return [
        "courier"
        if is_late and kind == DELIVERY
        else SOURINGS[number].aspect
        if number >= 0 and kind == FAULT
        else None
        for kind, is_late, number in rows
    ]


def _bodies(
    rng: np.random.Generator,
    category: Ints,
    products: Ints,
    troubles: list[str | None],
    moods: list[str],
) -> list[str]:
    rows = zip(
        pens(rng, len(moods)), category.tolist(), products.tolist(), troubles, moods, strict=True
    )
    return [
        ticket_text(pen, CATEGORIES[kind], product, trouble, mood)
        for pen, kind, product, trouble, mood in rows
    ]


def _part(part: Part, why: Causes, people: Population, seed: int) -> pa.Table:
    rng = dice.generator(seed, "tickets", part.number)
    days = dice.days_of_part(part, why.by_day.sum(axis=1), rng)
    cause = dice.choose_by_row(rng, why.by_day[days])
    customers = _customers(rng, people, days, cause)
    category = _categories(rng, cause)
    products = demand.pick_products(rng, demand.interest(), days, people, customers)
    faulty = cause == FAULT_CAUSE
    products[faulty] = dice.choose_by_row(rng, why.faults[days[faulty]])
    late = demand.in_courier_trouble(days, people.region()[customers], REGIONS)
    late &= category == DELIVERY

    opened = season.moments(days, season.HOURS_ONLINE, rng)
    priority = _priorities(rng, cause)
    slow = np.where(late, COURIER.slower_replies, 1.0)
    handled = _handling(rng, opened, priority, slow, season.weekdays()[days] >= 5)
    moods = _moods(rng, priority, cause)
    souring = demand.souring_of(days, products)
    bodies = _bodies(rng, category, products, _troubles(category, late, souring), moods)
    no_product = (category == PAYMENT) | (category == ACCOUNT)
    return pa.table(
        {
            "ticket_id": dice.ids("T", np.arange(part.first + 1, part.last + 1)),
            "account_id": dice.ids("A", people.account[customers], 6),
            "customer_id": dice.ids("C", customers + 1),
            "product_id": dice.with_nulls(dice.ids("P", products + 1, 3), no_product),
            "category": dice.named(CATEGORIES, category),
            "priority": dice.named(PRIORITIES, priority),
            "status": _statuses(rng, handled),
            "contact_channel": dice.named(
                CONTACTS, dice.choose(rng, np.array([5, 3, 2, 2.0]), part.rows)
            ),
            "agent": dice.named(
                AGENTS, np.where(handled.answered, rng.integers(0, len(AGENTS), part.rows), -1)
            ),
            "opened_at": pa.array(opened),
            "first_response_at": dice.with_nulls(
                _whole_seconds(handled.answered_at), ~handled.answered
            ),
            "resolved_at": dice.with_nulls(_whole_seconds(handled.solved_at), ~handled.solved),
            "reopened_count": pa.array(handled.reopened),
            "satisfaction": _satisfaction(rng, handled, moods, late),
            "body": pa.array(bodies),
        }
    )


def _whole_seconds(at: Times) -> pa.Array:
    return pc.cast(pa.array(at.astype("datetime64[s]")), pa.timestamp("us"))
