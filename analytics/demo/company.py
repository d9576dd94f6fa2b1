"""The demo retailer: what it sells, where, and how it advertises. Plain facts, no randomness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

DEMO_START: Final = date(2024, 9, 1)
DEMO_AS_OF: Final = date(2026, 10, 28)
"""The last day with data: late in a month, so that "this month" holds enough to ask about."""


@dataclass(frozen=True)
class Kind:
    """A kind of product: its everyday word, whether that is plural, what people write about."""

    noun: str
    plural: bool
    aspects: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """One product. `popularity` is a relative weight; `quality` shifts ratings (logit units)."""

    name: str
    category: str
    brand: str
    price: float
    kind: str
    popularity: float
    quality: float = 0.0
    launched_on: date = date(2023, 3, 1)


@dataclass(frozen=True)
class Place:
    """A city, the region it belongs to, and its relative number of customers."""

    country: str
    region: str
    city: str
    weight: float


@dataclass(frozen=True)
class Store:
    """A shop. `busyness` is relative footfall."""

    name: str
    region: str
    city: str
    country: str
    busyness: float


@dataclass(frozen=True)
class Campaign:
    """An advertising campaign.

    `reach` is the share of web and app orders that it is credited with while it runs;
    `roas` is the return on ad spend that its budget is set to give.
    """

    name: str
    channel: str
    started_on: date
    ended_on: date
    reach: float
    roas: float


KINDS: Final[dict[str, Kind]] = {
    "headphones": Kind("headphones", True, ("sound", "comfort", "battery", "connection", "mic")),
    "earbuds": Kind("earbuds", True, ("sound", "comfort", "battery", "connection", "mic")),
    "soundbar": Kind("soundbar", False, ("sound", "connection", "remote", "setup")),
    "speaker": Kind("speaker", False, ("sound", "battery", "connection", "portability")),
    "laptop": Kind("laptop", False, ("screen", "speed", "battery", "keys", "fan_noise")),
    "tablet": Kind("tablet", False, ("screen", "speed", "battery", "portability")),
    "monitor": Kind("monitor", False, ("screen", "setup", "stand")),
    "keyboard": Kind("keyboard", False, ("keys", "connection", "stand")),
    "mouse": Kind("mouse", False, ("comfort", "connection", "battery")),
    "router": Kind("router", False, ("connection", "setup", "app")),
    "doorbell": Kind("doorbell", False, ("picture", "alerts", "app", "battery", "setup")),
    "camera": Kind("camera", False, ("picture", "alerts", "app", "setup")),
    "thermostat": Kind("thermostat", False, ("app", "setup", "controls", "saving")),
    "lights": Kind("lights", True, ("app", "setup", "brightness")),
    "plug": Kind("plug", False, ("app", "setup", "saving")),
    "watch": Kind("watch", False, ("tracking", "battery", "strap", "screen", "app")),
    "band": Kind("band", False, ("tracking", "battery", "strap", "app")),
    "scale": Kind("scale", False, ("tracking", "app", "cleaning")),
    "kettle": Kind("kettle", False, ("heating", "noise", "cleaning", "controls")),
    "airfryer": Kind("air fryer", False, ("heating", "cleaning", "size", "controls", "noise")),
    "coffee": Kind("coffee machine", False, ("taste", "cleaning", "noise", "controls", "size")),
    "grinder": Kind("grinder", False, ("noise", "cleaning", "size")),
    "blender": Kind("blender", False, ("noise", "cleaning", "size", "controls")),
    "icecream": Kind("ice cream maker", False, ("taste", "cleaning", "noise", "size")),
    "toaster": Kind("toaster", False, ("heating", "controls", "cleaning", "size")),
    "robotvac": Kind("robot vacuum", False, ("suction", "mapping", "noise", "battery", "app")),
    "vacuum": Kind("vacuum", False, ("suction", "battery", "noise", "weight", "cleaning")),
    "mop": Kind("mop", False, ("suction", "cleaning", "weight")),
    "iron": Kind("iron", False, ("heating", "weight", "controls")),
    "fan": Kind("fan", False, ("airflow", "noise", "controls", "size")),
    "aircon": Kind("air conditioner", False, ("airflow", "noise", "setup", "size")),
    "heater": Kind("heater", False, ("warmth", "noise", "saving", "controls")),
    "purifier": Kind("air purifier", False, ("airflow", "noise", "app", "filter")),
    "tv": Kind("television", False, ("picture", "sound", "remote", "setup")),
    "projector": Kind("projector", False, ("picture", "noise", "setup", "brightness")),
    "controller": Kind("controller", False, ("comfort", "battery", "connection")),
    "headset": Kind("headset", False, ("sound", "mic", "comfort")),
    "stick": Kind("streaming stick", False, ("picture", "remote", "setup", "speed")),
}

PRODUCTS: Final[tuple[Product, ...]] = (
    Product("Aurora Headphones", "Audio", "Aurora", 129.0, "headphones", 7.0, 0.3),
    Product("Aurora Headphones Pro", "Audio", "Aurora", 249.0, "headphones", 25.0, 0.45),
    Product("Aurora Earbuds", "Audio", "Aurora", 89.0, "earbuds", 6.0, 0.1),
    Product("Aurora Earbuds Mini", "Audio", "Aurora", 59.0, "earbuds", 4.0, -0.3),
    Product("Tempo Soundbar", "Audio", "Tempo", 199.0, "soundbar", 3.0, 0.1),
    Product("Tempo Soundbar Max", "Audio", "Tempo", 399.0, "soundbar", 1.5, 0.4),
    Product("Tempo Portable Speaker", "Audio", "Tempo", 79.0, "speaker", 4.0, 0.2),
    Product("Tempo Party Speaker", "Audio", "Tempo", 179.0, "speaker", 1.5, 0.0),
    Product("Nordlys Laptop 14", "Computing", "Nordlys", 899.0, "laptop", 3.0, 0.2),
    Product("Nordlys Laptop 16", "Computing", "Nordlys", 1299.0, "laptop", 1.5, 0.3),
    Product("Nordlys Tablet", "Computing", "Nordlys", 349.0, "tablet", 2.5, 0.0),
    Product("Nordlys Monitor 27", "Computing", "Nordlys", 279.0, "monitor", 2.5, 0.3),
    Product("Clavio Keyboard", "Computing", "Clavio", 69.0, "keyboard", 3.0, 0.3),
    Product("Clavio Keyboard Wireless", "Computing", "Clavio", 99.0, "keyboard", 2.0, 0.0),
    Product("Clavio Mouse", "Computing", "Clavio", 39.0, "mouse", 3.5, 0.2),
    Product("Relay Router", "Computing", "Relay", 119.0, "router", 2.0, -0.5),
    Product("Relay Mesh Router", "Computing", "Relay", 229.0, "router", 1.5, 0.1, date(2025, 4, 8)),
    Product("Hearth Doorbell", "Smart Home", "Hearth", 149.0, "doorbell", 3.0, -0.2),
    Product("Hearth Camera", "Smart Home", "Hearth", 99.0, "camera", 3.0, 0.0),
    Product("Hearth Camera Outdoor", "Smart Home", "Hearth", 159.0, "camera", 2.0, 0.1),
    Product("Hearth Thermostat", "Smart Home", "Hearth", 189.0, "thermostat", 2.0, 0.3),
    Product("Lumen Smart Lights", "Smart Home", "Lumen", 49.0, "lights", 4.5, 0.2),
    Product("Lumen Light Strip", "Smart Home", "Lumen", 35.0, "lights", 2.5, -0.2),
    Product("Lumen Smart Plug", "Smart Home", "Lumen", 19.0, "plug", 3.5, 0.3),
    Product("Pulse Watch", "Wearables", "Pulse", 199.0, "watch", 4.0, 0.1),
    Product("Pulse Watch 2", "Wearables", "Pulse", 279.0, "watch", 16.0, 0.3, date(2025, 3, 18)),
    Product("Pulse Band", "Wearables", "Pulse", 59.0, "band", 4.0, 0.0),
    Product("Pulse Band Kids", "Wearables", "Pulse", 49.0, "band", 1.5, -0.1),
    Product("Pulse Smart Scale", "Wearables", "Pulse", 69.0, "scale", 2.0, 0.2),
    Product("Ember Kettle", "Kitchen", "Ember", 59.0, "kettle", 4.0, 0.2),
    Product("Ember Kettle Glass", "Kitchen", "Ember", 79.0, "kettle", 2.0, -0.1),
    Product("Ember Toaster", "Kitchen", "Ember", 49.0, "toaster", 2.5, 0.1),
    Product("Brisa Air Fryer", "Kitchen", "Brisa", 99.0, "airfryer", 5.0, 0.4),
    Product("Brisa Air Fryer XL", "Kitchen", "Brisa", 149.0, "airfryer", 10.0, 0.3),
    Product("Brisa Blender", "Kitchen", "Brisa", 69.0, "blender", 2.5, 0.0),
    Product(
        "Brisa Ice Cream Maker", "Kitchen", "Brisa", 119.0, "icecream", 2.0, 0.4, date(2025, 5, 12)
    ),
    Product("Crema Coffee Machine", "Kitchen", "Crema", 299.0, "coffee", 4.0, 0.3),
    Product("Crema Coffee Machine Duo", "Kitchen", "Crema", 449.0, "coffee", 2.0, 0.2),
    Product("Crema Grinder", "Kitchen", "Crema", 89.0, "grinder", 2.5, 0.3),
    Product("Nimbus Vacuum", "Home Care", "Nimbus", 229.0, "vacuum", 3.5, 0.2),
    Product("Nimbus Vacuum Light", "Home Care", "Nimbus", 169.0, "vacuum", 2.0, -0.1),
    Product(
        "Nimbus Robot Vacuum", "Home Care", "Nimbus", 329.0, "robotvac", 11.0, 0.4, date(2025, 2, 4)
    ),
    Product(
        "Nimbus Robot Vacuum Max",
        "Home Care",
        "Nimbus",
        549.0,
        "robotvac",
        2.0,
        0.4,
        date(2025, 9, 2),
    ),
    Product("Nimbus Mop", "Home Care", "Nimbus", 119.0, "mop", 1.5, -0.2),
    Product("Ember Steam Iron", "Home Care", "Ember", 65.0, "iron", 2.0, 0.1),
    Product("Zephyr Fan", "Climate", "Zephyr", 59.0, "fan", 4.0, 0.1),
    Product("Zephyr Tower Fan", "Climate", "Zephyr", 109.0, "fan", 3.0, 0.2),
    Product("Zephyr Air Conditioner", "Climate", "Zephyr", 449.0, "aircon", 2.0, -0.2),
    Product("Zephyr Air Purifier", "Climate", "Zephyr", 199.0, "purifier", 2.0, 0.3),
    Product("Ember Heater", "Climate", "Ember", 89.0, "heater", 3.0, 0.1),
    Product("Ember Heater Mini", "Climate", "Ember", 45.0, "heater", 2.5, -0.2),
    Product("Vista TV 43", "TV and Gaming", "Vista", 429.0, "tv", 2.0, 0.1),
    Product("Vista TV 55", "TV and Gaming", "Vista", 649.0, "tv", 2.5, 0.3),
    Product("Vista TV 65 OLED", "TV and Gaming", "Vista", 1399.0, "tv", 1.0, 0.5, date(2025, 6, 3)),
    Product("Vista Projector", "TV and Gaming", "Vista", 499.0, "projector", 1.0, -0.3),
    Product("Vista Streaming Stick", "TV and Gaming", "Vista", 45.0, "stick", 3.5, 0.0),
    Product("Arcade Controller", "TV and Gaming", "Arcade", 59.0, "controller", 3.5, 0.2),
    Product("Arcade Controller Elite", "TV and Gaming", "Arcade", 139.0, "controller", 1.5, 0.1),
    Product("Arcade Headset", "TV and Gaming", "Arcade", 99.0, "headset", 2.5, 0.1),
    Product("Arcade Headset Wireless", "TV and Gaming", "Arcade", 149.0, "headset", 2.0, 0.0),
)

CATEGORIES: Final[tuple[str, ...]] = tuple(dict.fromkeys(p.category for p in PRODUCTS))

COMPANIONS: Final[dict[str, tuple[str, ...]]] = {
    "Aurora Headphones Pro": ("Tempo Portable Speaker", "Vista Streaming Stick"),
    "Crema Coffee Machine": ("Crema Grinder", "Ember Kettle"),
    "Crema Coffee Machine Duo": ("Crema Grinder",),
    "Nordlys Laptop 14": ("Clavio Mouse", "Clavio Keyboard"),
    "Nordlys Laptop 16": ("Nordlys Monitor 27", "Clavio Mouse"),
    "Hearth Doorbell": ("Hearth Camera Outdoor", "Lumen Smart Plug"),
    "Hearth Thermostat": ("Lumen Smart Plug",),
    "Lumen Smart Lights": ("Lumen Light Strip", "Lumen Smart Plug"),
    "Vista TV 55": ("Tempo Soundbar", "Vista Streaming Stick"),
    "Vista TV 65 OLED": ("Tempo Soundbar Max",),
    "Arcade Controller": ("Arcade Headset",),
    "Pulse Watch 2": ("Pulse Smart Scale", "Aurora Earbuds"),
    "Brisa Air Fryer XL": ("Brisa Blender",),
    "Ember Kettle": ("Ember Toaster",),
}
"""Products that are often put in the same basket."""

PLACES: Final[tuple[Place, ...]] = (
    Place("Sweden", "North", "Stockholm", 1.5),
    Place("Sweden", "North", "Gothenburg", 0.8),
    Place("Denmark", "North", "Copenhagen", 1.4),
    Place("Denmark", "North", "Aarhus", 0.6),
    Place("Norway", "North", "Oslo", 1.1),
    Place("United Kingdom", "West", "London", 3.0),
    Place("United Kingdom", "West", "Manchester", 1.4),
    Place("Ireland", "West", "Dublin", 1.2),
    Place("Netherlands", "West", "Amsterdam", 1.5),
    Place("Germany", "Central", "Berlin", 2.2),
    Place("Germany", "Central", "Munich", 1.4),
    Place("Germany", "Central", "Hamburg", 1.0),
    Place("Austria", "Central", "Vienna", 1.1),
    Place("Spain", "South", "Madrid", 1.5),
    Place("Spain", "South", "Valencia", 0.7),
    Place("Italy", "South", "Milan", 1.4),
    Place("Italy", "South", "Rome", 1.0),
    Place("Poland", "East", "Warsaw", 1.3),
    Place("Poland", "East", "Krakow", 0.7),
    Place("Czechia", "East", "Prague", 1.0),
)

REGIONS: Final[tuple[str, ...]] = tuple(dict.fromkeys(p.region for p in PLACES))

STORES: Final[tuple[Store, ...]] = (
    Store("Stockholm Central", "North", "Stockholm", "Sweden", 1.1),
    Store("Copenhagen Harbour", "North", "Copenhagen", "Denmark", 0.9),
    Store("London Riverside", "West", "London", "United Kingdom", 1.7),
    Store("Dublin Docks", "West", "Dublin", "Ireland", 0.8),
    Store("Berlin Mitte", "Central", "Berlin", "Germany", 1.5),
    Store("Vienna Ring", "Central", "Vienna", "Austria", 0.8),
    Store("Madrid Centro", "South", "Madrid", "Spain", 1.0),
    Store("Milan Navigli", "South", "Milan", "Italy", 1.1),
    Store("Warsaw Plaza", "East", "Warsaw", "Poland", 1.0),
    Store("Prague Old Town", "East", "Prague", "Czechia", 0.7),
)

ZONES: Final[tuple[str, ...]] = (
    "Entrance", "Audio", "Kitchen", "TV and Gaming", "Smart Home", "Computing", "Checkout",
)  # fmt: skip

CAMPAIGNS: Final[tuple[Campaign, ...]] = (
    Campaign("Brand Search", "search", DEMO_START, DEMO_AS_OF, 0.06, 3.6),
    Campaign("Newsletter", "email", DEMO_START, DEMO_AS_OF, 0.05, 6.0),
    Campaign("Partner Deals", "affiliate", DEMO_START, DEMO_AS_OF, 0.03, 2.9),
    Campaign("Black Friday 2024", "social", date(2024, 11, 18), date(2024, 12, 2), 0.14, 3.3),
    Campaign("Christmas Gifts 2024", "display", date(2024, 12, 3), date(2024, 12, 24), 0.08, 2.1),
    Campaign("Summer Breeze 2025", "social", date(2025, 6, 2), date(2025, 7, 31), 0.07, 2.6),
    Campaign("Black Friday 2025", "social", date(2025, 11, 17), date(2025, 12, 1), 0.15, 3.4),
    Campaign("Christmas Gifts 2025", "display", date(2025, 12, 2), date(2025, 12, 24), 0.08, 2.2),
    Campaign("New Year Fitness", "search", date(2026, 1, 2), date(2026, 2, 1), 0.06, 2.4),
    Campaign("Spring Kitchen", "email", date(2026, 3, 16), date(2026, 4, 26), 0.18, 9.5),
    Campaign("Everywhere Display", "display", date(2026, 7, 1), date(2026, 9, 30), 0.015, 0.4),
    Campaign("Back to School", "affiliate", date(2026, 8, 17), date(2026, 9, 13), 0.07, 3.0),
)
