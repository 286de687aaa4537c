"""Random calls end in finite results, or in an error that says what is wrong and changes nothing.

``SKDEEP_FUZZ_CASES=50000 python -m pytest tests/fuzz`` tries more of them.
"""

import os
import re
import warnings
from threading import Thread

import numpy as np
import pytest
from cases import SPACES, draw
from sklearn.exceptions import ConvergenceWarning, DataConversionWarning

N_CASES = int(os.environ.get("SKDEEP_FUZZ_CASES", "2000"))
CHUNK = 100
ALLOWED = ConvergenceWarning, DataConversionWarning, UserWarning
# what an error may speak of when it names no parameter
DATA = re.compile(
    r"\b(X|y|X_val|y_val|[Ii]nput|[Ss]amples?|rows?|columns?|features?|class(es)?|labels?|targets?|weights?"
    r"|sample_weight|[Ss]parse|[Cc]omplex|NaN|infinity|loss|gradient|parameters?|dim|strings?)\b"
)
NAMES = re.compile(
    rf"\b({'|'.join(sorted({name for space in SPACES.values() for name in space}))})\b"
    r"|^\w+: \w+ must"  # a constant of an object, such as StepDecay: factor must ...
)


def fitted(case):
    """Make the call; return the model."""
    model, X, y, weights = case.model, case.X, case.y, case.weights
    with_weights = {} if weights is None else {"sample_weight": weights}
    if case.call == "partial_fit" and hasattr(model, "partial_fit"):
        return model.partial_fit(X, y, **with_weights).partial_fit(X, y, **with_weights)
    if case.call == "validation":
        if hasattr(model, "early_stopping"):
            model.set_params(early_stopping=True)
        own = {"X_val": X} if y is None else {"X_val": X, "y_val": y}
        return model.fit(X, y, **with_weights, **own)
    model.fit(X, y, **with_weights)
    if case.call == "refit":
        read_by_others(case)
    if case.call == "warm start" and hasattr(model, "warm_start"):
        model.set_params(warm_start=True).fit(X, y, **with_weights)
    return model


def read_by_others(case):
    """Predict in other threads while the model is fitted again."""
    model, failures = case.model, []

    def read():
        try:
            for _ in range(3):
                assert_finite(case)
        except Exception as error:
            failures.append(error)

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        model.fit(case.X, case.y)
    finally:
        for reader in readers:
            reader.join()
    assert not failures


def outputs(model, X):
    """Return what a model makes of X, numbers if it can give any."""
    for name in ("predict_proba", "transform", "predict"):
        if hasattr(model, name):
            return getattr(model, name)(X)
    raise AssertionError


def assert_finite(case):
    """Check that all predictions are finite, and probabilities are some."""
    found = np.asarray(outputs(case.model, case.X), np.float64)
    assert np.isfinite(found).all()
    if hasattr(case.model, "predict_proba"):
        assert found.min() >= 0
        assert found.max() <= 1


def play(case, frozen):
    """Make a call; return whether it succeeds. An error names what is wrong, changing nothing."""
    before = frozen(vars(case.model))
    try:
        fitted(case)
    except (ValueError, TypeError) as error:
        refusal = error
    else:
        assert_finite(case)
        return True
    words = str(refusal)
    assert DATA.search(words) or NAMES.search(words), f"names nothing: {words}"
    if case.call == "fit":
        assert frozen(vars(case.model)) == before
    return False


@pytest.mark.parametrize("start", range(0, N_CASES, CHUNK))
def test_random_calls(start, frozen):
    succeeded = 0
    for seed in range(start, min(start + CHUNK, N_CASES)):
        case = draw(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for category in ALLOWED:
                warnings.simplefilter("ignore", category)
            try:
                succeeded += play(case, frozen)
            except Exception as error:
                raise AssertionError(f"{case}") from error
    assert 0.2 * CHUNK < succeeded < 0.9 * CHUNK
