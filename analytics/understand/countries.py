"""Other words for countries: their codes, and the adjectives of them ("NL", "Swedish", "Austrian").

Names, codes and languages come from the Unicode CLDR, which Babel carries. Of what people and things of a
country are called there is no such list: a language spoken there often is ("Swedish"), and elsewhere the name
has a regular ending ("Austrian"); only forms that are common English words are taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

from analytics.text import fold
from analytics.understand.values import Value

_ENDINGS = {0: ("n", "i", "ish", "ese"), 1: ("an", "ian", "ish", "ese"), 2: ("an", "ian", "ese")}
"""Endings of adjectives, by how many letters a name loses before them: Austria-n, Mexic-an, Belgi-an."""
_LONG_CODE = 3
_MOST = 300
"""There are not more countries, so a dimension with more values holds something else."""
_ALIKE = 4
"""Letters that a language and its country begin with, where the language is at home in several."""


def country_words(
    stored: Iterable[Value], english: Collection[str], taken: Collection[str]
) -> list[Value]:
    """Codes and adjectives for the values of each dimension that holds countries.

    A code that is a word as well (``taken``: "it", "no") is none unless typed in capitals.
    """
    codes = _codes()
    names = {fold(str(Locale("en").territories[code])): code for code in codes}
    names |= {fold(code): name for name, found in codes.items() for code in found}
    found = []
    for values in _of_countries(stored, names):
        for value in values:
            territory = names.get(fold(value.value))
            if territory is None:
                continue
            for code in codes[territory]:
                capitals = fold(code) in taken or fold(code) in english
                found.append(Value(value.dimension, value.value, fold(code), capitals))
            for word in _adjectives(territory, english):
                found.append(Value(value.dimension, value.value, word))
    return found


def _of_countries(stored: Iterable[Value], names: Collection[str]) -> Iterator[list[Value]]:
    """The values of each dimension of which at least half are countries."""
    by_dimension: dict[str, list[Value]] = defaultdict(list)
    for value in stored:
        by_dimension[value.dimension].append(value)
    for values in by_dimension.values():
        if len(values) > _MOST:
            continue
        if 2 * sum(1 for v in values if fold(v.value) in names) >= len(values):
            yield values


def _codes() -> dict[str, tuple[str, ...]]:
    """ISO 3166 codes of two and three letters, and those in use beside them ("UK"), by territory."""
    found = {str(code): [str(code)] for code in Locale("en").territories if str(code).isalpha()}
    for alias, meant in get_global("territory_aliases").items():
        in_use = len(alias) == _LONG_CODE or alias == "UK"  # others of two letters were withdrawn
        if alias.isalpha() and in_use and len(meant) == 1 and meant[0] in found:
            found[meant[0]].append(alias)
    return {code: tuple(aliases) for code, aliases in found.items()}


def _adjectives(territory: str, english: Collection[str]) -> set[str]:
    english_names = Locale("en")
    name = fold(english_names.territories[territory])
    formed = {
        name[: len(name) - cut] + ending for cut, endings in _ENDINGS.items() for ending in endings
    }
    languages = {
        fold(english_names.languages.get(language, ""))
        for language in get_official_languages(territory)
        if _at_home(language, territory, fold(english_names.languages.get(language, "")), name)
    }
    return ({word for word in formed if word in english} | languages) - {name}


def _at_home(language: str, territory: str, said: str, name: str) -> bool:
    """ "Swedish" is of Sweden, "Portuguese" of Portugal (also where more speak it elsewhere)."""
    home = get_global("likely_subtags").get(language, "").endswith(f"_{territory}")
    return bool(said) and (said[:_ALIKE] == name[:_ALIKE] or (home and said[0] == name[0]))
