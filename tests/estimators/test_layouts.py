"""What rows hold: a layout that has to be guessed is named, and so is what looks like a slip."""

import re
import warnings

import numpy as np
import pytest

from skdeep import CNNClassifier, CNNRegressor

rng = np.random.default_rng(0)
Y = np.arange(12.0)
FIRST = "channels first"

# row shape, what it is taken as, what it may as well be, what to do then
GUESSES = [
    ((1, 8, 8), "signals of length 8 with 8", "images of 8 x 8 with 1", "X.transpose(0, 2, 3, 1)"),
    ((3, 9, 9), "images of 3 x 9 with 9", "images of 9 x 9 with 3", "X.transpose(0, 2, 3, 1)"),
    ((4, 6, 9), "images of 4 x 6 with 9", "images of 6 x 9 with 4", "X.transpose(0, 2, 3, 1)"),
    ((16, 5, 5), "images of 16 x 5 with 5", "images of 5 x 5 with 16", "X.transpose(0, 2, 3, 1)"),
    ((2, 40), "images of 2 x 40 with 1", "signals of length 40 with 2", "X.transpose(0, 2, 1)"),
    ((12, 99), "images of 12 x 99 with 1", "signals of length 99 with 12", "X.transpose(0, 2, 1)"),
    ((25, 6), "signals of length 25 with 6", "images of 25 x 6 with 1", "input_shape=(25, 6, 1)"),
    ((25, 7), "images of 25 x 7 with 1", "signals of length 25 with 7", "input_shape=(1, 25, 7)"),
    ((4, 4), "signals of length 4 with 4", "images of 4 x 4 with 1", "input_shape=(4, 4, 1)"),
]


def network(**params):
    params = {"conv_layers": ((2, 3),), "pool_size": 1, "max_iter": 1, **params}
    return CNNRegressor((), n_iter_no_change=np.inf, random_state=0, **params)


def rows(shape):
    return rng.random((12, *shape))


def weights_of(model):
    return model.coefs_[0].tolist()


@pytest.mark.parametrize(("shape", "taken", "other", "remedy"), GUESSES)
def test_a_guess_is_said_with_both_readings(shape, taken, other, remedy):
    x = rows(shape)
    with pytest.warns(UserWarning, match="input_shape=None takes rows of X of shape") as caught:
        model = network().fit(x, Y)
    (warning,) = caught
    message = str(warning.message)
    assert warning.filename == __file__
    first, second = message.split(", but they may as well be ")
    assert first.endswith(f"{shape} as {taken} channel(s)")
    assert second.startswith(f"{other} channel(s)")
    assert (FIRST in second) == ("transpose" in remedy)
    assert f"and {remedy} if the latter is" in second

    # both remedies make the network that they promise, and end the warning
    same = eval(re.search(r"Give input_shape=(\(.*?\))", message)[1])
    moved = eval(remedy, {"X": x}) if "transpose" in remedy else x
    asked = eval(remedy.removeprefix("input_shape=")) if moved is x else None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert weights_of(network(input_shape=same).fit(x, Y)) == weights_of(model)
        meant = network(input_shape=asked).fit(moved, Y).input_shape_
        model.predict(x)
    assert model.input_shape_ == (same[1:] if same[0] == 1 else same)
    numbers = tuple(int(number) for number in re.findall(r"\d+", other))
    assert meant == numbers


SURE = [
    (24,),
    (24, 1),
    (24, 2),
    (50, 6),
    (8, 8),
    (28, 28),
    (12, 20),
    (7, 5),
    (1, 24),
    (8, 8, 1),
    (9, 9, 3),
    (2, 4, 3),
    (1, 48, 6),
    (1, 8, 3),
    (9, 5, 6),
    (6, 6, 6),
]


@pytest.mark.parametrize("shape", SURE)
def test_what_has_one_likely_reading_is_taken_without_a_word(shape):
    x = rows(shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network(padding="same").fit(x, Y)


@pytest.mark.parametrize("shape", [shape for shape, *_ in GUESSES])
def test_what_is_asked_for_is_no_guess(shape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network(input_shape=shape).fit(rows(shape), Y)
        network(input_shape=shape).fit(rows(shape).reshape(12, -1), Y)


def test_the_guess_is_said_once_and_not_when_training_goes_on():
    x = rows((1, 8, 8))
    with pytest.warns(UserWarning, match=FIRST):
        model = network().partial_fit(x, Y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.partial_fit(x, Y).predict(x)


def test_classifiers_too():
    with pytest.warns(UserWarning, match=FIRST):
        CNNClassifier((), max_iter=1, n_iter_no_change=np.inf).fit(rows((1, 8, 8)), Y > 5)


# -- hints -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "first"), [((9, 8, 3), (3, 9, 8)), ((9, 8), (1, 9, 8)), ((1, 20, 4), (4, 20))]
)
def test_channels_first_where_they_are_expected_last(known, first, refused):
    model = network(input_shape=known)
    hint = "channels last. Channels seem to come first here: say np.moveaxis(X, 1, -1)."
    refused(model, lambda: model.fit(rows(first), Y), ValueError, hint)
    model.fit(rows(known), Y)
    refused(model, lambda: model.predict(rows(first)), ValueError, hint)
    assert model.predict(np.moveaxis(rows(first), 1, -1)).shape == (12,)


def test_other_shapes_get_no_such_hint():
    with pytest.raises(ValueError, match=r"channels last\.$"):
        network(input_shape=(9, 8, 3)).fit(rows((8, 9, 3)), Y)


@pytest.mark.parametrize("shape", [(9, 8), (9, 8, 3), (9, 8, 1), (1, 20, 4), (9, 9)])
def test_a_single_row(shape, refused):
    model = network(input_shape=shape).fit(rows(shape), Y)
    row = rows(shape)[0]
    one = row[0] if shape == (1, 20, 4) else row
    words = f"X has the shape {one.shape} of a single row, but rows are expected along its first"
    refused(model, lambda: model.predict(one), ValueError, words)
    assert model.predict(row[None]).shape == (1,)
    refused(model, lambda: model.fit(one, Y[:1]), ValueError, "say X[None]")


def test_five_dimensions(refused):
    x = np.zeros((12, 2, 4, 4, 3))
    words = "X has 5 dimensions, and the shape (12, 2, 4, 4, 3); it may be of shape (n_samples, n_"
    model = network()
    refused(model, lambda: model.fit(x, Y), ValueError, words)
    refused(model, lambda: model.fit(x.tolist(), Y), ValueError, words)
    model.fit(rows((4, 4, 3)), Y)
    refused(model, lambda: model.predict(x), ValueError, words)
