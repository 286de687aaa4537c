"""Tabular estimators on streams: fit where all rows fit in the buffer, and as good beyond."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import TabularMLPClassifier, TabularMLPRegressor
from skdeep.streaming import fit_stream

N = 600
SMALL = {"n_networks": 2, "effort": 0.05, "hidden_layer_sizes": (32, 32), "random_state": 0}
rng = np.random.default_rng(0)
SIZE, COLOR = rng.normal(10, 3, N), rng.choice(["red", "green", "blue"], N).astype(object)
X = pd.DataFrame(
    {
        "size": np.where(rng.random(N) < 0.1, np.nan, SIZE),
        "color": np.where(rng.random(N) < 0.1, None, COLOR),
        "rooms": rng.integers(1, 6, N),
        "owned": rng.random(N) < 0.5,
        "shop": [f"shop {i}" for i in rng.integers(0, 150, N)],
    }
)
VALUES = (SIZE - 10) / 3 + (COLOR == "red") + 0.5 * X["owned"] * X["rooms"]
VALUES = VALUES.to_numpy() + 0.1 * rng.standard_normal(N)
LABELS = np.array(["cheap", "dear", "mid"])[np.digitize(VALUES, [0, 1.5])]
SEVERAL = np.column_stack([VALUES > 0, VALUES > 1]).astype(int)
WEIGHTS = rng.integers(0, 3, N).astype(float)


def classifier(**params):
    return TabularMLPClassifier(**{**SMALL, **params})


def regressor(**params):
    return TabularMLPRegressor(**{**SMALL, **params})


def cut(*parts, size=90):
    """Cut frames and arrays into pieces."""
    n = len(parts[0])
    return [tuple(part[i : i + size] for part in parts) for i in range(0, n, size)]


def outputs(model):
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


def assert_same_bits(one, other):
    for net, twin in zip(one.networks_, other.networks_, strict=True):
        assert_array_equal(net._network.parameters, twin._network.parameters)
    assert_array_equal(one.network_weights_, other.network_weights_)
    assert one.validation_score_ == other.validation_score_
    assert_array_equal(outputs(one), outputs(other))


CASES = {
    "classes": (classifier(), LABELS),
    "balanced": (classifier(class_weight="balanced"), LABELS),
    "class weights": (classifier(class_weight={"cheap": 0, "dear": 2}), LABELS),
    "labels": (classifier(), SEVERAL),
    "weights of labels": (classifier(class_weight=[{1: 3}, {0: 2, 1: 0.5}]), SEVERAL),
    "balanced labels": (classifier(class_weight="balanced"), SEVERAL),
    "numbers": (regressor(), VALUES),
    "several numbers": (regressor(), np.column_stack([VALUES, VALUES**2])),
    "named": (regressor(categorical_features=["rooms", "color", "owned", "shop"]), VALUES),
}


# -- the whole stream in the buffer --------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_buffer_for_all_rows_gives_the_bits_of_fit(name):
    model, y = CASES[name]
    whole = clone(model).fit(X, y)
    model = clone(model)
    assert fit_stream(model, cut(X, y)) is model
    assert model.feature_names_in_.tolist() == list(X)
    assert_same_bits(whole, model)


@pytest.mark.parametrize("name", ["balanced", "numbers"])
def test_weights_and_validation_data_as_in_fit(name):
    model, y = CASES[name]
    validation = {"X_val": X[:80], "y_val": y[:80], "sample_weight_val": WEIGHTS[:80]}
    whole = clone(model).fit(X, y, WEIGHTS, **validation)
    assert_same_bits(whole, fit_stream(clone(model), cut(X, y, WEIGHTS), **validation))


def test_a_table_in_pieces_of_one_row_each_and_of_none():
    few = X[:40]
    pieces = [*cut(few, LABELS[:40], size=1), (X[:0], LABELS[:0])]
    model = fit_stream(classifier(effort=0.01), [pieces[-1], *pieces])
    assert_same_bits(classifier(effort=0.01).fit(few, LABELS[:40]), model)


# -- more rows than the buffer has room for ------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_small_buffer_is_nearly_as_good(name):
    model, y = CASES[name]
    whole = clone(model).fit(X, y)
    streamed = fit_stream(clone(model), cut(X, y), shuffle_buffer=200)
    assert streamed.score(X, y) > whole.score(X, y) - 0.1
    assert_allclose(streamed.validation_score_, whole.validation_score_, atol=0.15)
    assert len(streamed.history_["loss"]) == len(whole.history_["loss"])


def test_a_last_piece_of_a_few_rows_beside_levels_of_many_rows():
    pieces = [*cut(X[:596], VALUES[:596], size=298), *cut(X[596:], VALUES[596:], size=3)]
    model = fit_stream(regressor(), pieces, shuffle_buffer=100)
    assert model.score(X, VALUES) > 0.5


@pytest.mark.parametrize("buffer", [100, 1000])
def test_streams_may_use_their_arrays_again(buffer):
    numbers = X[["size", "rooms"]].to_numpy()
    pieces = cut(numbers, VALUES, size=100)

    def reusing():
        x, y = np.empty((100, 2)), np.empty(100)
        for piece in pieces:
            x[:], y[:] = piece
            yield x, y

    again, fresh = (fit_stream(regressor(), s, shuffle_buffer=buffer) for s in (reusing, pieces))
    assert_array_equal(again.predict(numbers), fresh.predict(numbers))


@pytest.mark.parametrize("buffer", [100, 1000])
def test_a_class_may_occur_in_rows_of_weight_zero_only(buffer):
    weights = (LABELS != "mid").astype(float)
    model = fit_stream(classifier(), cut(X, LABELS, weights), shuffle_buffer=buffer)
    assert_array_equal(model.classes_, ["cheap", "dear", "mid"])
    assert_array_equal(model.predict_proba(X)[:, 2] < 0.2, True)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_the_same_inputs_as_in_fit(weights):
    columns = [name for name in X if name != "shop"]
    parts = [X[columns], VALUES] if weights is None else [X[columns], VALUES, weights]
    whole = regressor().fit(*parts)
    streamed = fit_stream(regressor(), cut(*parts), shuffle_buffer=100)
    one, other = whole._encoded(X[columns]), streamed._encoded(X[columns])
    assert_array_equal(one, other)
    n_rows = N if weights is None else np.count_nonzero(weights)
    n_held_out = int(np.ceil(0.2 * n_rows))
    assert {net.t_ for net in streamed.networks_} == {15 * (n_rows - n_held_out)}


@pytest.mark.parametrize("buffer", [100, 10_000])
def test_numbers_that_repeat_and_have_a_meaning(buffer):
    local = np.random.default_rng(1)
    shops = local.integers(0, 60, 1800)
    frame = pd.DataFrame({"size": local.normal(size=1800), "shop": 1000 + shops})
    frame.loc[::50, "shop"] = np.nan
    values = np.sin(37.0 * shops**2) + frame["size"].to_numpy() / 2
    train, test = slice(0, 1200), slice(1200, None)
    model = regressor(effort=0.3)
    fit_stream(model, cut(frame[train], values[train]), shuffle_buffer=buffer)
    assert [*model._statistics._levels] == [1]
    assert model.score(frame[test], values[test]) > 0.85
    nothing = fit_stream(clone(model), cut(frame, frame["size"]), shuffle_buffer=buffer)
    assert nothing._statistics.n_columns == 0


@pytest.mark.parametrize("kind", ["numbers", "categories"])
def test_pieces_without_rows_that_count_have_no_statistics(kind):
    local = np.random.default_rng(1)
    shops = local.integers(0, 150, 1800)
    shops = shops % 60 if kind == "numbers" else shops.astype(str)
    frame, shops = pd.DataFrame({"shop": shops}), shops.astype(float)
    values = np.sin(37.0 * shops**2)
    weights = np.repeat(local.integers(0, 2, 18), 100).astype(float)
    model = fit_stream(regressor(), cut(frame, values, weights), shuffle_buffer=100)
    assert model._statistics.n_columns == 1


def test_validation_data_take_the_place_of_rows_held_out():
    validation = {"X_val": X[:80], "y_val": LABELS[:80]}
    model = fit_stream(classifier(), cut(X, LABELS), shuffle_buffer=100, **validation)
    assert {net.t_ for net in model.networks_} == {15 * N}
    assert model.validation_score_ > 0.4


def test_rows_held_out_are_not_trained_on():
    y = VALUES.copy()
    y[::7] = 1e6  # a network that sees any of these is far off
    weights = np.ones(N)
    weights[::7] = 0
    streamed = fit_stream(regressor(), cut(X, y, weights), shuffle_buffer=100)
    assert streamed.predict(X).max() < 100


def test_the_same_seed_gives_the_same_bits_with_any_n_jobs():
    one, two = (
        fit_stream(regressor(n_jobs=n), cut(X, VALUES), shuffle_buffer=100) for n in (None, 2)
    )
    assert_same_bits(one, two)


def test_epochs():
    for buffer in (100, 1000):
        model = fit_stream(regressor(), cut(X, VALUES), epochs=30, shuffle_buffer=buffer)
        assert len(model.history_["loss"]) == 30


def test_passes():
    begun = []

    def batches():
        begun.append(1)
        return iter(cut(X[["size", "rooms"]], VALUES))

    fit_stream(regressor(), batches, shuffle_buffer=100)
    # one that finds no room for all, the first, one for a sample; a first and 15 for each network
    assert len(begun) == 3 + 2 * 16
    fit_stream(regressor(), batches)
    assert len(begun) == 3 + 2 * 16 + 1


# -- kinds of columns, and of frames ---------------------------------------------------------------


@pytest.mark.parametrize("buffer", [100, 1000])
@pytest.mark.parametrize("kind", ["polars", "pyarrow", "objects"])
def test_frames_of_all_libraries(kind, buffer):
    frame = X.astype({"rooms": float})
    make = {
        "polars": pl.from_pandas,
        "pyarrow": lambda part: pa.Table.from_pandas(part, preserve_index=False),
        "objects": lambda part: part.astype(object).to_numpy(),
    }[kind]
    pieces = [(make(part), y) for part, y in cut(frame, VALUES)]
    model = fit_stream(regressor(), pieces, shuffle_buffer=buffer)
    same = fit_stream(regressor(), cut(frame, VALUES), shuffle_buffer=buffer)
    for net, twin in zip(model.networks_, same.networks_, strict=True):
        assert_array_equal(net._network.parameters, twin._network.parameters)


def test_parquet(tmp_path):
    X.assign(price=VALUES).to_parquet(tmp_path / "rows", row_group_size=70)
    model = fit_stream(regressor(), tmp_path / "rows", target="price", shuffle_buffer=100)
    same = fit_stream(regressor(), cut(X, VALUES, size=70), shuffle_buffer=100)
    assert_same_bits(same, model)


@pytest.mark.parametrize("buffer", [100, 1000])
def test_what_appears_late(buffer):
    late = X.astype({"size": object})
    late.loc[:400, "size"] = None  # empty at first
    late["words"] = np.where(np.arange(N) < 400, None, COLOR)
    late.loc[570, "color"] = "gold"
    model = fit_stream(regressor(), cut(late, VALUES), shuffle_buffer=buffer)
    assert model._is_category == [False, True, False, True, True, True]
    assert_array_equal(model._encoder._levels[0].levels, ["blue", "gold", "green", "red"])
    assert model._encoder._levels[3].n_inputs == 4
    assert model._encoder._gaps == [0]


@pytest.mark.parametrize("buffer", [100, 1000])
def test_whole_numbers_and_others(buffer):
    pieces = [(part.astype({"rooms": float}), y) for part, y in cut(X, VALUES)]
    pieces[0] = (X[:90], VALUES[:90])
    mixed = fit_stream(regressor(), pieces, shuffle_buffer=buffer)
    assert_same_bits(fit_stream(regressor(), cut(X, VALUES), shuffle_buffer=buffer), mixed)


@pytest.mark.parametrize("buffer", [100, 1000])
def test_numbers_among_levels_that_are_strings(buffer):
    frame = X.assign(rooms=X["rooms"].astype(object))
    frame.loc[:89, "rooms"] = "many"
    pieces = cut(frame, VALUES)
    pieces[3] = (pieces[3][0].astype({"rooms": int}), pieces[3][1])
    model = fit_stream(regressor(), pieces, shuffle_buffer=buffer)
    assert_array_equal(
        model._encoder._levels[1].levels, ["1.0", "2.0", "3.0", "4.0", "5.0", "many"]
    )


@pytest.mark.parametrize("buffer", [0, 1000])
def test_nothing_to_learn(buffer):
    y = np.full(N, 7.0)
    model = fit_stream(regressor(), cut(X, y), shuffle_buffer=buffer)
    assert_array_equal(model.predict(X), y)
    with pytest.warns(UserWarning, match="only one class"):
        model = fit_stream(classifier(), cut(X, y), shuffle_buffer=buffer)
    assert_array_equal(model.predict_proba(X), np.ones((N, 1)))
    nothing = pd.DataFrame({"a": np.ones(N), "b": [None] * N, "c": np.nan})
    model = fit_stream(regressor(), cut(nothing, VALUES), shuffle_buffer=buffer)
    assert_allclose(model.predict(nothing), model.predict(nothing)[0], rtol=1e-6)


@pytest.mark.parametrize("buffer", [100, 1000])
def test_classes_that_the_stream_lacks(buffer):
    classes = ["cheap", "dear", "free", "mid"]
    model = fit_stream(classifier(), cut(X, LABELS), classes=classes, shuffle_buffer=buffer)
    assert model.classes_.tolist() == classes
    assert model.predict_proba(X).shape == (N, 4)
    assert model.score(X, LABELS) > 0.5


def test_sorted_pieces_have_all_classes():
    order = np.argsort(LABELS, kind="stable")
    model = fit_stream(classifier(), cut(X.iloc[order], LABELS[order]), shuffle_buffer=300)
    assert model.classes_.tolist() == ["cheap", "dear", "mid"]
    assert all(len(net.classes_) == 3 for net in model.networks_)


# -- pipelines, and errors -----------------------------------------------------------------------


def test_pipelines():
    numbers = X[["size", "rooms"]].fillna(0)
    scaler = StandardScaler().fit(numbers)
    pipeline = make_pipeline(FrozenEstimator(scaler), regressor())
    fit_stream(pipeline, cut(numbers, VALUES), shuffle_buffer=100)
    scaled = fit_stream(
        regressor(), cut(scaler.transform(numbers), VALUES), shuffle_buffer=100
    ).predict(scaler.transform(numbers))
    assert_array_equal(pipeline.predict(numbers), scaled)
    learnt = make_pipeline(StandardScaler(), regressor())
    validation = {"X_val": numbers[:50], "y_val": VALUES[:50]}
    fit_stream(learnt, cut(numbers, VALUES), shuffle_buffer=100, **validation)
    assert_allclose(learnt[0].mean_, scaler.mean_)
    assert learnt.score(numbers, VALUES) > 0.3


def changed(number, *piece):
    found = cut(X, VALUES)
    found[number] = piece
    return found


OTHER = {
    "missing": (changed(2, X[:5].drop(columns="size"), VALUES[:5]), "(?s)piece 2: .*size"),
    "order": (changed(1, X[:5][[*reversed(list(X))]], VALUES[:5]), "(?s)piece 1: .*same order"),
    "strings": (
        changed(4, X[:5].assign(rooms="two"), VALUES[:5]),
        "piece 4: column 'rooms' holds strings, but numbers",
    ),
    "infinity": (changed(3, X[:5].assign(size=np.inf), VALUES[:5]), "piece 3: .*infinity.*'size'"),
    "rows": (changed(1, X[:5], VALUES[:4]), "piece 1: .*inconsistent"),
    "outputs": (changed(1, X[:5], np.ones((5, 2))), "piece 1: y has the shape"),
    "no target": (changed(1, X[:5]), "piece 1: y is missing"),
    "weights": (changed(1, X[:5], VALUES[:5], np.ones(5)), "piece 1: sample_weight.*every piece"),
    "zero": ([(X, VALUES, np.zeros(N))], "all zero|above 0"),
    "nan": (changed(1, X[:5], np.full(5, np.nan)), "piece 1: .*NaN"),
    "nothing": ([], "gave no rows"),
}


@pytest.mark.parametrize("buffer", [20, 1000])
@pytest.mark.parametrize("name", OTHER)
def test_bad_pieces_leave_the_model_as_it_was(name, buffer):
    batches, words = OTHER[name]
    model = regressor(effort=0.01).fit(X[:50], VALUES[:50])
    before = dict(vars(model))
    with pytest.raises(ValueError, match=words):
        fit_stream(model, batches, shuffle_buffer=buffer)
    assert vars(model) == before


@pytest.mark.parametrize("buffer", [20, 1000])
def test_labels_of_several_types(buffer):
    pieces = [(X[:90], [1, 2, 1] * 30), (X[:3], ["a", "b", "a"])]
    with pytest.raises(ValueError, match=r"piece 1: y holds labels of type.*one type"):
        fit_stream(classifier(), pieces, shuffle_buffer=buffer)


@pytest.mark.parametrize(
    ("model", "options", "words"),
    [
        (regressor(), {"epochs": 20}, "epochs must be a multiple of 15.*got 20"),
        (regressor(), {"resume_from": "file"}, "resume_from='file'.*no checkpoints"),
        (regressor(), {"classes": [1, 2]}, "classes.*has no meaning"),
        (regressor(effort=-1), {}, "effort"),
        (regressor(), {"X_val": X}, "X_val and y_val go together"),
        (classifier(class_weight={"cheap": 0, "mid": 0, "dear": 0}), {"y": LABELS}, "all zero"),
        (
            classifier(),
            {"y": LABELS, "classes": ["dear", "mid"]},
            r"unseen class\(es\) \['cheap'\]",
        ),
    ],
)
def test_what_cannot_be_asked(model, options, words):
    y = options.get("y", VALUES)
    options = {name: value for name, value in options.items() if name != "y"}
    with pytest.raises(ValueError, match=words):
        fit_stream(model, cut(X, y), shuffle_buffer=100, **options)
    assert not hasattr(model, "networks_")


@pytest.mark.parametrize("last", [3, 4, 8])
def test_a_pass_that_differs_from_the_first(last):
    calls = []

    def batches():
        calls.append(1)
        return iter(cut(X, VALUES) if len(calls) < last else cut(X, VALUES)[:-1])

    with pytest.raises(ValueError, match="gave 540 rows in this pass, but 600"):
        fit_stream(regressor(), batches, shuffle_buffer=100)


@pytest.mark.parametrize("call", [2, 4, 9])
def test_ctrl_c_leaves_the_model_as_it_was(call):
    calls = []

    def batches():
        calls.append(1)
        yield from cut(X, VALUES)
        if len(calls) == call:
            raise KeyboardInterrupt

    model = regressor(effort=0.01).fit(X[:50], VALUES[:50])
    before = dict(vars(model))
    with pytest.raises(KeyboardInterrupt):
        fit_stream(model, batches, shuffle_buffer=100)
    assert vars(model) == before


def test_what_can_be_iterated_once_only():
    with pytest.raises(TypeError, match="once only"):
        fit_stream(regressor(), iter(cut(X, VALUES)))


def test_callbacks_are_told():
    callbacks = pytest.importorskip("sklearn.callback")
    told = []

    class Note(callbacks.FitCallback if hasattr(callbacks, "FitCallback") else object):
        def setup(self, estimator, context):
            pass

        def teardown(self, estimator, context):
            pass

        def on_fit_task_begin(self, estimator, context, **data):
            pass

        def on_fit_task_end(self, estimator, context, **data):
            told.append(context.task_name)

    regressor().set_callbacks(Note()).fit(X, VALUES)
    of_fit = told.copy()
    told.clear()
    fit_stream(regressor().set_callbacks(Note()), cut(X, VALUES), shuffle_buffer=100)
    assert told == of_fit
