"""Social posts about products and brands."""

from __future__ import annotations

from typing import Final

GOOD: Final[tuple[str, ...]] = (
    "just got my {product} and I am in love", "{product} is a game changer",
    "okay the {product} lives up to the hype", "shout-out to {brand} for a great {noun}",
    "my new {product} makes me so happy", "never going back, {product} for life",
    "obsessed with my {product}", "{brand} nailed it with the {product}",
    "who else loves their {product}", "best thing I bought all year, the {product}",
)  # fmt: skip
NEUTRAL: Final[tuple[str, ...]] = (
    "anyone here using the {product}", "thinking about getting the {product}",
    "unboxing the {product} tonight", "{product} or something else, what do you think",
    "is the {product} worth waiting for the sale", "{brand} opens a new shop next week",
    "looking for tips on the {product}", "saw the {product} at a friend's place",
    "does the {product} come in other colours", "new video about the {product} tomorrow",
)  # fmt: skip
BAD: Final[tuple[str, ...]] = (
    "so disappointed by my {product}", "{brand} what happened to your quality",
    "do not buy the {product}", "my {product} died after {time}, thanks for nothing",
    "another day, another problem with my {product}", "the {product} is such a let-down",
    "{brand} support is a joke", "still waiting for {brand} to answer me",
    "want to throw my {product} out of the window", "worst {noun} ever, looking at you {brand}",
)  # fmt: skip
BRAND_GOOD: Final[tuple[str, ...]] = (
    "really impressed by {brand} lately", "{brand} service was amazing today",
    "{brand} just gets design", "love what {brand} is doing",
)  # fmt: skip
BRAND_NEUTRAL: Final[tuple[str, ...]] = (
    "what is everyone's opinion on {brand}", "{brand} has a sale this weekend",
    "which {brand} product should I try first", "{brand} announced something new",
)  # fmt: skip
BRAND_BAD: Final[tuple[str, ...]] = (
    "{brand} used to be good, not any more", "never ordering from {brand} again",
    "{brand} ignores my messages for {time}", "terrible experience with {brand} today",
)  # fmt: skip
TAGS: Final[tuple[str, ...]] = (
    "#tech", "#home", "#unboxing", "#newtoy", "#gadgets", "#review", "#smarthome", "#weekend",
    "#fail", "#ad", "#kitchen", "#music",
)  # fmt: skip
