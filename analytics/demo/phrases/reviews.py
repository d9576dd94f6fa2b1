"""Openers, contexts and closers of product reviews, titles, and reviews in other languages."""

from __future__ import annotations

from typing import Final

# Openers by star rating.
OPENERS: Final[dict[int, tuple[str, ...]]] = {
    5: (
        "absolutely love {this}", "best purchase of the year", "could not be happier",
        "{this} {is} fantastic", "wow, just wow", "exactly what I was looking for",
        "I am thrilled with {this}", "perfect from day one", "ten out of ten",
        "{this} exceeded all my expectations", "I rarely write reviews but {this} deserve{s} one",
        "brilliant", "really impressed", "simply superb", "my second one already, that says it all",
        "what a great product", "so glad I bought {this}",
        "we use {them} every single day and love {them}",
    ),
    4: (
        "very happy with {this}", "good product overall", "really nice", "solid choice",
        "{this} {is} pretty good", "I like {them} a lot", "works well", "does the job nicely",
        "pleasantly surprised", "would buy again", "almost perfect", "great, with one small niggle",
        "good quality and easy to live with", "happy so far",
    ),
    3: (
        "it is okay", "mixed feelings about {this}", "average, nothing special",
        "not bad, not great", "does what it should, no more", "some good points and some bad ones",
        "{this} {is} alright for the money", "I expected a bit more", "decent but not outstanding",
        "still not sure about {this}", "middle of the road",
    ),
    2: (
        "rather disappointed", "not what I expected", "I wanted to like {this} but no",
        "{this} {is} not very good", "I regret buying {this}", "below average",
        "had higher hopes", "not happy at all", "quite a let-down", "would not buy again",
        "too many problems", "poor for this price",
    ),
    1: (
        "terrible", "avoid {this}", "complete waste of money", "worst purchase ever",
        "{this} {is} rubbish", "I am furious", "absolutely awful", "do not buy",
        "sent {them} straight back", "I want my money back", "never again",
        "useless", "what a disappointment", "shocking quality", "broken out of the box",
    ),
}  # fmt: skip

# Neutral clauses that say when, for what and by whom a product is used.
CONTEXTS: Final[tuple[str, ...]] = (
    "I bought {them} for {who}", "I use {them} mostly {where}", "had {them} for {time} now",
    "ordered {them} after reading a lot of tests", "this replaces a ten year old one",
    "got {them} as a birthday present", "we have a small flat with two kids",
    "I work from home and need {them} daily", "picked {them} up in the shop in town",
    "my first one of this brand", "I compared three models before deciding",
    "{who} uses {them} more than I do", "we took {them} on holiday",
    "we bought two, one for each floor",
    "I am not a technical person", "used {them} about twenty times since",
    "this was a spontaneous buy",
    "I have owned other {brand} products before", "chose the {product} because of the size",
    "I had the older model for years", "we moved house and needed a new one",
    "{who} recommended the {product} to me", "bought {them} in the spring sale",
    "I mostly need {them} {where}",
)  # fmt: skip

CLOSERS_GOOD: Final[tuple[str, ...]] = (
    "highly recommended", "would buy again any time", "thank you {brand}", "five stars from me",
    "already ordered one for {who}", "can only recommend it", "keep it up",
    "no complaints at all", "{who} wants one too", "you will not regret it", "love it",
    "the {product} is worth it",
)  # fmt: skip

CLOSERS_MIXED: Final[tuple[str, ...]] = (
    "we will see how it holds up", "fine for the price", "okay for occasional use",
    "could be better, could be worse", "maybe the next model is better", "it will do for now",
    "three stars seem fair",
)  # fmt: skip

CLOSERS_BAD: Final[tuple[str, ...]] = (
    "I am returning it", "stay away", "I expected more from {brand}", "very frustrating",
    "I will not buy {brand} again", "save your money", "going back to my old one",
    "still waiting for my refund", "so annoyed", "not recommended", "sadly a bad buy",
    "the {product} is not worth it",
)  # fmt: skip

TITLES: Final[dict[int, tuple[str, ...]]] = {
    5: (
        "Love it", "Perfect", "Excellent", "Five stars", "Best one yet", "Highly recommended",
        "Great {noun}", "So happy", "Wonderful", "A joy to use", "Worth every cent", "Superb",
    ),
    4: (
        "Very good", "Happy with it", "Good {noun}", "Nice product", "Solid", "Good value",
        "Would buy again", "Almost perfect", "Works well",
    ),
    3: (
        "Okay", "Average", "It is fine", "Mixed feelings", "Could be better", "So-so",
        "Not bad", "Fair",
    ),
    2: (
        "Disappointing", "Not great", "Expected more", "Below average", "Regret it",
        "Too many problems", "Poor",
    ),
    1: (
        "Terrible", "Avoid", "Waste of money", "Broken", "Do not buy", "Awful", "Never again",
        "Very disappointed", "Useless", "Rubbish",
    ),
}  # fmt: skip

DEGREES: Final[tuple[str, ...]] = (
    "very", "really", "so", "incredibly", "surprisingly", "extremely", "remarkably", "super",
)  # fmt: skip
TIMES: Final[tuple[str, ...]] = (
    "two days", "a week", "three weeks", "a month", "two months", "half a year",
    "ten days", "almost a year", "four weeks",
)  # fmt: skip
WHO: Final[tuple[str, ...]] = (
    "my wife", "my husband", "my mother", "my dad", "my daughter", "my son", "my sister",
    "my flatmate", "a colleague", "my grandmother", "my partner", "a neighbour",
)  # fmt: skip
WHERE: Final[tuple[str, ...]] = (
    "in the kitchen", "on the train", "in the office", "at home", "in the living room",
    "in the evening", "at weekends", "when friends visit", "in the bedroom", "in my studio",
)  # fmt: skip

FOREIGN_GOOD: Final[tuple[str, ...]] = (
    "Sehr zufrieden, funktioniert einwandfrei und sieht gut aus.",
    "Tolle Qualität, schnelle Lieferung, gerne wieder!",
    "Das beste Gerät, das ich je hatte. Klare Empfehlung für {product}.",
    "Excellent produit, je suis ravie de mon achat.",
    "Très bon rapport qualité-prix, livraison rapide.",
    "Muy contento con la compra, funciona de maravilla.",
    "Excelente calidad, lo recomiendo sin duda.",
    "Ottimo prodotto, lo consiglio a tutti.",
    "Jag är jättenöjd, fungerar perfekt.",
    "Bardzo dobry produkt, polecam każdemu.",
)
FOREIGN_BAD: Final[tuple[str, ...]] = (
    "Leider nach zwei Wochen kaputt, sehr ärgerlich.",
    "Schlechte Qualität, der Kundendienst antwortet nicht. Nie wieder {brand}!",
    "Très déçu, ne fonctionne plus après quelques jours.",
    "Mauvaise qualité, je demande un remboursement.",
    "Muy mala calidad, dejó de funcionar enseguida.",
    "Una decepción total, no lo compren.",
    "Pessimo acquisto, si è rotto subito.",
    "Riktigt dålig kvalitet, jag vill ha pengarna tillbaka.",
    "Nie polecam, zepsuł się po tygodniu.",
)
EMOJI_GOOD: Final[tuple[str, ...]] = ("😍", "👍", "🔥", "❤️", "😊", "🙌", "⭐⭐⭐⭐⭐")
EMOJI_BAD: Final[tuple[str, ...]] = ("😡", "👎", "😞", "🤬", "🙄", "💔")

CONTACTS: Final[tuple[str, ...]] = (
    "you can reach me at {mail}",
    "please call me on {phone}",
    "my mail is {mail} if you need the order number",
    "write to {mail}",
    "my number is {phone}",
    "message me, I am {handle} there",
)
