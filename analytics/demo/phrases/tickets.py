"""What people write to support, by ticket category."""

from __future__ import annotations

from typing import Final

GREETINGS: Final[tuple[str, ...]] = (
    "hello", "hi there", "good morning", "dear support team", "hi", "good evening", "",
    "", "", "hello again",
)  # fmt: skip

PROBLEMS: Final[dict[str, tuple[str, ...]]] = {
    "delivery": (
        "my parcel with the {product} has not arrived",
        "the tracking page has not changed for {time}",
        "the courier says delivered but I have nothing",
        "the box with my {product} was damaged when it came",
        "one item of my order is missing",
        "can you change the delivery address of my order",
        "when will my {product} be delivered",
        "the parcel went back to you although I was at home",
    ),
    "refund": (
        "I sent the {product} back {time} ago and still have no refund",
        "please cancel my order and refund the money",
        "the refund for the {product} is lower than what I paid",
        "how do I return the {product}",
        "the return label does not print",
        "I was promised a refund within five days",
    ),
    "product fault": (
        "my {product} stopped working after {time}",
        "the {product} does not switch on any more",
        "the {product} makes a strange noise and gets hot",
        "the {product} keeps disconnecting",
        "a part of my {product} broke off",
        "the {product} shows an error and restarts",
        "the {product} works only now and then",
    ),
    "payment": (
        "I was charged twice for one order",
        "the checkout on my phone does not accept my card",
        "the payment fails although my card is fine",
        "my voucher code is refused",
        "I need an invoice with our company address",
        "the app hangs when I press pay",
    ),
    "account": (
        "I cannot log in to my account",
        "the password mail never arrives",
        "please delete my account",
        "I want to change the e-mail address of my account",
        "my loyalty points are gone",
    ),
    "how to": (
        "how do I connect the {product} to my phone",
        "how can I reset the {product}",
        "where do I find the manual of the {product}",
        "is there a way to clean the {product} inside",
        "does the {product} work with other brands",
        "which spare parts fit the {product}",
    ),
    "warranty": (
        "is my {product} still under warranty after {time}",
        "how long is the warranty of the {product}",
        "you refused my warranty claim for the {product}",
        "I lost the receipt of my {product}, is the warranty void",
    ),
}

DETAILS: Final[tuple[str, ...]] = (
    "I already tried to restart it", "my order is from {time} ago", "it worked fine before",
    "I have photos if you need them", "I am at home every day after five",
    "this is a present for {who}", "I bought it in your shop", "I ordered it online",
    "I have read the help pages", "the light blinks three times", "I attach the receipt",
    "I ordered together with other things",
)  # fmt: skip

ANGRY: Final[tuple[str, ...]] = (
    "this is unacceptable", "I am really annoyed", "this is the third time I write to you",
    "nobody answers the phone", "I am losing my patience", "very disappointing service",
    "I will never order here again", "what a mess", "I expect an answer today",
)  # fmt: skip
CALM: Final[tuple[str, ...]] = (
    "could you please help me", "what should I do", "please let me know", "any idea",
    "looking forward to your answer", "can you check this", "please advise",
)  # fmt: skip
GRATEFUL: Final[tuple[str, ...]] = (
    "thank you for the quick help last time", "thanks a lot in advance", "great service so far",
    "otherwise I am very happy with it", "your colleague was very friendly",
)  # fmt: skip
