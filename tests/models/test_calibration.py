import numpy as np
import pytest

from models.calibration import expected_calibration_error, fit_temperature


def test_error_is_the_gap_between_confidence_and_accuracy() -> None:
    probabilities = np.array([[0.9, 0.1]] * 10)
    labels = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.3)


def test_error_weighs_bins_by_their_texts() -> None:
    probabilities = np.array([[0.9, 0.1]] * 2 + [[0.4, 0.6]] * 8)
    labels = np.array([0, 0] + [1] * 8)
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.2 * 0.1 + 0.8 * 0.4)


def test_a_certain_and_right_prediction_has_no_error() -> None:
    assert expected_calibration_error(np.array([[0.0, 1.0]]), np.array([1])) == 0


def test_temperature_undoes_overconfidence() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(20_000, 3))
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([generator.choice(3, p=row) for row in probabilities])
    assert fit_temperature(3 * logits, labels) == pytest.approx(3, rel=0.05)
