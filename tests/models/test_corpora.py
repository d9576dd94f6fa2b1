"""The splits of the real labelled data: disjoint, in time, and the same each time."""

import pandas as pd
import pytest

from models.corpora import REVIEWS, MissingDataError, load_corpora, load_reviews
from models.near_duplicates import normalise


@pytest.fixture(scope="module")
def reviews(data_folder):
    return load_reviews(data_folder)


def test_no_text_is_on_two_sides(reviews) -> None:
    train, validation, test = (
        {normalise(text) for text in split.texts} - {""}
        for split in (reviews.train, reviews.validation, reviews.test)
    )
    assert not train & validation
    assert not train & test
    assert not validation & test


def test_the_test_part_is_later_and_by_other_people(reviews, data_folder) -> None:
    frame = pd.read_csv(data_folder / REVIEWS).dropna(subset="reviewText")
    frame = frame.assign(text=frame["reviewText"].str.strip())
    test = frame[frame["text"].isin(reviews.test.texts)]
    learnt = frame[frame["text"].isin(reviews.train.texts)]
    assert learnt["unixReviewTime"].max() < test["unixReviewTime"].min()
    assert not set(learnt["reviewerID"]) & set(test["reviewerID"])


def test_splits_are_the_same_each_time(reviews, data_folder) -> None:
    assert load_reviews(data_folder) == reviews


def test_missing_data_says_where_it_was_looked_for(tmp_path) -> None:
    with pytest.raises(MissingDataError, match=r"airline_tweets\.csv is missing"):
        load_corpora(tmp_path)
