"""How colours look, also to people who lack a kind of cone.

Simulation: Machado, Oliveira, Fernandes, "A physiologically-based model for simulation of color vision
deficiency", IEEE TVCG 15(6), 2009, table 1, severity 1.0. Distance: CIEDE2000 (Sharma, Wu, Dalal 2005).
Contrast: WCAG 2.2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}  # fmt: skip
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Array:
    """Linear RGB of "#rrggbb"."""
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: Array) -> Array:
    """CIELAB of linear RGB."""
    x = _TO_XYZ @ np.clip(rgb, 0, 1) / _WHITE
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def from_lab(value: Array) -> Array:
    """Linear RGB of CIELAB."""
    fy = (value[0] + 16) / 116
    f = np.array([fy + value[1] / 500, fy, fy - value[2] / 200])
    x = np.where(f**3 > 0.008856, f**3, (f - 16 / 116) / 7.787) * _WHITE
    return np.clip(np.linalg.inv(_TO_XYZ) @ x, 0, 1)


def contrast(one: Array, other: Array) -> float:
    """Contrast of two linear colours, 1 to 21."""
    dark, light = sorted(float(_TO_XYZ[1] @ c) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def apart(one: str, other: str, sight: str) -> float:
    """How far apart two colours look (CIEDE2000) to somebody with that sight."""
    return _ciede2000(*(lab(SIGHT[sight] @ linear(c)) for c in (one, other)))


def along(stops: list[str], where: float) -> Array:
    """Linear RGB at a place from 0 to 1 on a scale that Vega interpolates in Lab."""
    place = where * (len(stops) - 1)
    i = min(int(place), len(stops) - 2)
    first, second = (lab(linear(c)) for c in stops[i : i + 2])
    return from_lab(first + (second - first) * (place - i))


def _ciede2000(one: Array, other: Array) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    c, lightness = (c1 + c2) / 2, (l1 + l2) / 2
    t = (
        1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6)) - 0.2 * np.cos(np.radians(4 * h - 63))
    )  # fmt: skip
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    r = (
        -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
        * 2
        * np.sqrt(c**7 / (c**7 + 25**7))
    )
    x, y, z = (l2 - l1) / s_l, (c2 - c1) / s_c, d_h / s_h
    return float(np.sqrt(x**2 + y**2 + z**2 + r * y * z))
