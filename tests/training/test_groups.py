"""Groups: parameters that an optimizer's rates and decays, and declared rates, update alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import skdeep
from skdeep import MLPClassifier
from skdeep._component import State
from skdeep.activations import PReLU
from skdeep.network import Layout, Parameter
from skdeep.optimizers import OPTIMIZERS, Adam, Optimizer
from skdeep.training.groups import groups

STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)
KINDS = [
    (
        Parameter("w", (2, 3), "weight"),
        Parameter("b", (3,), "bias"),
        Parameter("m", (9,), "buffer"),
    ),
    (Parameter("table", (4, 2), "embedding"), Parameter("gain", (5,), "scale")),
    (Parameter("w", (3, 1), "weight"),),
]
SIZES = {"weight": 9, "bias": 3, "scale": 5, "embedding": 8}
X = np.random.default_rng(0).standard_normal((60, 4))
LABELS = (X[:, 0] * X[:, 1] > 0).astype(int)


def found(declared=KINDS, rates=None, decays=None):
    """Return (size, how many decay, is penalised, rate, decay) of each group, and the groups."""
    optimizer = Optimizer()
    optimizer.rates, optimizer.decays = rates or {}, decays or {}
    layout = Layout(declared)
    made = groups(layout, optimizer, *np.zeros((2, layout.n_trained)))
    assert [group.start for group in made[1:]] == [group.stop for group in made[:-1]]
    assert (made[0].start, made[-1].stop) == (0, layout.n_trained)
    return [
        (group.stop - group.start, group.n_decaying, group.is_penalised, group.rate, group.decay)
        for group in made
    ], made


WHOLE = [(25, 9, True, 1, 1)]


@pytest.mark.parametrize(
    ("rates", "decays", "expected"),
    [
        ({}, {}, WHOLE),
        (dict.fromkeys(SIZES, 1), {"weight": 1.0, "bias": 0.0}, WHOLE),
        ({"bias": 0.1}, {}, [(9, 9, True, 1, 1), (3, 0, False, 0.1, 0), (13, 0, False, 1, 0)]),
        ({"weight": 2}, {}, [(9, 9, True, 2, 1), (16, 0, False, 1, 0)]),
        (
            {"bias": 3, "scale": 3},
            {},
            [(9, 9, True, 1, 1), (8, 0, False, 3, 0), (8, 0, False, 1, 0)],
        ),
        ({"embedding": 0.0}, {}, [(17, 9, True, 1, 1), (8, 0, False, 0, 0)]),
        (dict.fromkeys(SIZES, 0.5), {}, [(25, 9, True, 0.5, 1)]),
        ({}, {"bias": 1}, [(9, 9, True, 1, 1), (16, 3, False, 1, 1)]),
        ({}, {"bias": 1, "scale": 1}, [(9, 9, True, 1, 1), (16, 8, False, 1, 1)]),
        (
            {},
            {"bias": 1, "scale": 2},
            [(9, 9, True, 1, 1), (3, 3, False, 1, 1), (13, 5, False, 1, 2)],
        ),
        ({}, {"embedding": 1}, [(17, 9, True, 1, 1), (8, 8, False, 1, 1)]),
        ({}, {"weight": 0}, [(25, 9, True, 1, 0)]),
        ({}, {"weight": 0.5, "bias": 0.5}, [(9, 9, True, 1, 0.5), (16, 3, False, 1, 0.5)]),
    ],
)
def test_groups(rates, decays, expected):
    assert found(rates=rates, decays=decays)[0] == expected


def test_a_declared_rate_is_a_factor_beside_the_optimizers():
    declared = [
        (Parameter("w", (2,), "weight"), Parameter("b", (1,), "bias", rate=0.5)),
        (Parameter("w", (3,), "weight", rate=4.0), Parameter("b", (2,), "bias")),
    ]
    rates = [group[3] for group in found(declared)[0]]
    assert rates == [1.0, 4.0, 0.5, 1.0]
    rates = [group[3] for group in found(declared, rates={"weight": 0.25, "bias": 2.0})[0]]
    assert rates == [0.25, 1.0, 2.0]
    assert [group[0] for group in found(declared, rates={"weight": 0.25, "bias": 2.0})[0]] == [
        2,
        4,
        2,
    ]


def test_all_one_is_the_whole_vector():
    (whole,) = found()[1]
    assert whole.is_whole
    state = State(t=3, m=np.zeros(25))
    assert whole.of(state) is state


def test_a_group_takes_views_of_its_own():
    layout, optimizer = Layout(KINDS), Optimizer()
    optimizer.rates, optimizer.decays = {"bias": 0.1}, {"bias": 1}
    parameters, gradient, m = np.zeros((3, layout.n_trained))
    _, bias, _ = groups(layout, optimizer, parameters, gradient)
    state = bias.of(State(t=3, m=m))
    assert state.t == 3
    for number, view in enumerate([bias.parameters, bias.gradient, state.m], 1):
        view[...] = number
    for number, vector in enumerate([parameters, gradient, m], 1):
        assert_array_equal(vector, [0] * 9 + [number] * 3 + [0] * 13)
    bias.decaying[...] = 7
    assert_array_equal(parameters[9:12], 7)


# -- within fits -----------------------------------------------------------------------------------


def fitted(optimizer, **params):
    fixed = {"max_iter": 5, "n_iter_no_change": np.inf, "batch_size": 16, "random_state": 0}
    fixed |= {"dtype": "float64", "learning_rate_init": 0.01}
    model = MLPClassifier((6, 5), [PReLU(), "tanh"], optimizer=optimizer, **{**fixed, **params})
    return model.fit(X, LABELS)


def own(name, **options):
    """Return an optimizer of a subclass with rates and decays of its own, and the same kernel."""
    cls = OPTIMIZERS[name]
    return type("Own", (cls,), {"kernel": vars(cls).get("kernel"), **options})()


@pytest.mark.parametrize("l1_ratio", [0.0, 0.5])
@pytest.mark.parametrize("name", STOCHASTIC)
def test_plain_and_compiled_kernels_agree(name, l1_ratio):
    pytest.importorskip("numba")
    models = []
    try:
        for kernels in ("numpy", "numba"):
            skdeep.set_kernels(kernels)
            rates = {"bias": 0.2, "scale": 3.0, "weight": 0.7}
            optimizer = own(name, rates=rates, decays={"bias": 2.0}, weight_decay=0.05)
            models.append(fitted(optimizer, alpha=0.1, l1_ratio=l1_ratio))
    finally:
        skdeep.set_kernels("auto")
    plain, fast = models
    assert_allclose(fast._network.parameters, plain._network.parameters, rtol=1e-9, atol=1e-12)
    for name in ("loss", "gradient_norm"):
        assert_allclose(fast.history_[name], plain.history_[name], rtol=1e-10)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("kind", ["weight", "bias", "scale"])
@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_rate_of_zero_leaves_a_kind_at_its_start(name, kind):
    start = fitted("sgd", learning_rate_init=1e-300)._network
    network = fitted(own(name, rates={kind: 0.0}))._network
    for other in ("weight", "bias", "scale"):
        pairs = zip(network.of_kind(other), start.of_kind(other), strict=True)
        moved = [np.abs(one - two).max() > 1e-200 for one, two in pairs]
        assert not any(moved) if other == kind else all(moved)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("name", STOCHASTIC)
def test_equal_rates_of_all_kinds_are_another_learning_rate(name):
    halves = own(name, rates={"weight": 0.5, "bias": 0.5, "scale": 0.5})
    model, plain = fitted(halves), fitted(name, learning_rate_init=0.005)
    assert_allclose(model._network.parameters, plain._network.parameters, rtol=1e-10)


@pytest.mark.usefixtures("kernels")
def test_each_kind_decays_by_its_share():
    once = {"max_iter": 1, "batch_size": "full", "learning_rate_init": 0.1, "bias_init": 0.4}
    start = fitted("sgd", **{**once, "learning_rate_init": 1e-300})
    decays = {"weight": 1.0, "bias": 2.0, "scale": 0.5}
    plain, model = (
        fitted("sgd", **once),
        fitted(own("sgd", decays=decays, weight_decay=0.3), **once),
    )
    for kind, share in decays.items():
        networks = [estimator._network.of_kind(kind) for estimator in (start, plain, model)]
        for before, without, decayed in zip(*networks, strict=True):
            assert_allclose(without - decayed, 0.1 * share * 0.3 * before, atol=1e-14)


@pytest.mark.usefixtures("kernels")
def test_rates_reach_partial_fit_and_warm_starts():
    class Slow(Adam):
        kernel = "adam"
        rates = {"bias": 0.1}

    whole = fitted(Slow(), max_iter=4)
    warm = fitted(Slow(), max_iter=2, warm_start=True).fit(X, LABELS)
    assert_array_equal(warm._network.parameters, whole._network.parameters)
    assert (whole._network.parameters != fitted(Adam(), max_iter=4)._network.parameters).any()
