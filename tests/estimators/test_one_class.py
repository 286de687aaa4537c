"""One class in y is fitted with a warning; weights may be given for classes that are not in y."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.tree import DecisionTreeClassifier

from skdeep import CNNClassifier, MLPClassifier, TabularMLPClassifier

X = np.random.default_rng(0).standard_normal((40, 4))
Y = (X[:, 0] > 0).astype(int)
QUICK = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}
ESTIMATORS = {
    "mlp": MLPClassifier((4,), **QUICK),
    "cnn": CNNClassifier((4,), **QUICK),
    "tabular": TabularMLPClassifier(n_networks=2, effort=0.02, random_state=0),
}
ALL = pytest.mark.parametrize("model", ESTIMATORS.values(), ids=ESTIMATORS)
NETWORKS = pytest.mark.parametrize("model", [ESTIMATORS["mlp"], ESTIMATORS["cnn"]])
ONE = "There is only one class, 'b': it is predicted with probability one"


def caught(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return found


def check_is_certain(model, label="b"):
    assert model.classes_.tolist() == [label]
    for fitted in (model, pickle.loads(pickle.dumps(model))):
        assert fitted.predict(X).tolist() == [label] * len(X)
        np.testing.assert_array_equal(fitted.predict_proba(X), np.ones((len(X), 1)))
        np.testing.assert_array_equal(fitted.predict_log_proba(X), np.zeros((len(X), 1)))
        assert fitted.score(X, [label] * len(X)) == 1.0


@ALL
@pytest.mark.parametrize("label", ["b", 7, True, 1.0])
def test_it_is_predicted_with_probability_one(model, label):
    model = clone(model)
    (found,) = caught(lambda: model.fit(X, [label] * len(X)))
    assert found.category is UserWarning
    assert found.filename == __file__
    assert f"only one class, {label!r}" in str(found.message)
    check_is_certain(model, label)


@NETWORKS
def test_partial_fit_warns_in_the_first_call(model):
    model = clone(model)
    (found,) = caught(lambda: model.partial_fit(X, ["b"] * len(X), classes=["b"]))
    assert found.filename == __file__
    assert ONE in str(found.message)
    assert not caught(lambda: model.partial_fit(X, ["b"] * len(X)))
    check_is_certain(model)


@NETWORKS
@pytest.mark.filterwarnings("ignore:There is only one class")
def test_other_labels_than_the_only_class_are_refused(model, frozen):
    model = clone(model)
    before = frozen(vars(model))
    with pytest.raises(ValueError, match=r"unseen class\(es\) \[1\]; the known classes are \[0\]"):
        model.partial_fit(X, Y, classes=[0])
    assert frozen(vars(model)) == before


OPTIONS = {
    "early stopping": {"early_stopping": True},
    "a scoring that one class does not have": {"early_stopping": True, "scoring": "roc_auc"},
    "numpy's double": {"dtype": "float64", "alpha": 0.0},
    "no penalty": {"alpha": 0.0, "optimizer": "sgd"},
    "label smoothing": {"label_smoothing": 0.1},
    "full batch": {"optimizer": "lbfgs"},
    "line search": {"optimizer": "line_search"},
    "balanced": {"class_weight": "balanced"},
    "a name more": {"class_weight": {"a": 3.0, "b": 2.0}},
    "linear": {"hidden_layer_sizes": ()},
    "warm start": {"warm_start": True},
}


@pytest.mark.parametrize("params", OPTIONS.values(), ids=OPTIONS)
def test_options(params, kernels):
    model = MLPClassifier(**{"hidden_layer_sizes": (4,), "random_state": 0, **params})
    for _ in range(1 + model.warm_start):
        (found,) = caught(lambda: model.fit(X, ["b"] * len(X)))
        assert ONE in str(found.message)
    check_is_certain(model)
    assert 0 <= model.loss_ < 0.1


@ALL
def test_validation_data_and_weights(model):
    model = clone(model)
    y = np.array(["b"] * len(X))
    (found,) = caught(lambda: model.fit(X, y, np.arange(40.0), X_val=X[:9], y_val=y[:9]))
    assert ONE in str(found.message)
    check_is_certain(model)


@ALL
@pytest.mark.filterwarnings("ignore:There is only one class")
def test_rare_labels_of_ensembles_over_outputs(model):
    rare = np.c_[Y, np.zeros(40, int), 1 - Y]
    for ensemble in (MultiOutputClassifier(clone(model)), ClassifierChain(clone(model))):
        predicted = ensemble.fit(X, rare).predict(X)
        assert predicted.shape == rare.shape
        assert not predicted[:, 1].any()
        assert predicted[:, 0].any()
    probabilities = MultiOutputClassifier(clone(model)).fit(X, rare).predict_proba(X)
    assert [p.shape for p in probabilities] == [(40, 2), (40, 1), (40, 2)]
    np.testing.assert_array_equal(probabilities[1], 1)


@ALL
@pytest.mark.filterwarnings("ignore:There is only one class")
@pytest.mark.parametrize("method", ["predict_proba", "predict_log_proba"])
def test_probabilities_of_a_chain_are_those_of_two_classes_as_for_trees(model, method):
    rare = np.c_[Y, np.zeros(40, int), 1 - Y]
    chain = ClassifierChain(clone(model)).fit(X, rare[:, [0, 2]])
    assert getattr(chain, method)(X).shape == (40, 2)
    errors = []
    for estimator in (clone(model), DecisionTreeClassifier()):
        chain = ClassifierChain(estimator).fit(X, rare)
        with pytest.raises(ValueError, match="need classifier with two classes") as caught:
            getattr(chain, method)(X)
        errors.append(str(caught.value))
    assert errors[0] == errors[1]


# -- class_weight ----------------------------------------------------------------------------------


def class_weight_warnings(model, class_weight):
    model = clone(model).set_params(class_weight=class_weight)
    return model, caught(lambda: model.fit(X, Y))


@ALL
def test_weights_for_classes_that_the_fold_lacks(model):
    plain, _ = class_weight_warnings(model, {0: 3.0, 1: 1.0})
    more, found = class_weight_warnings(model, {0: 3.0, 1: 1.0, 2: 9.0, "c": 5.0})
    assert not found
    np.testing.assert_array_equal(more.predict_proba(X), plain.predict_proba(X))


@ALL
@pytest.mark.parametrize("class_weight", [{2: 9.0}, {0: 1.0, 2: 9.0}])
def test_a_name_that_may_be_misspelt(model, class_weight):
    named, found = class_weight_warnings(model, class_weight)
    (found,) = found
    assert found.filename == __file__
    unnamed = [label for label in (0, 1) if label not in class_weight]
    assert "class_weight names [2], which are no classes of y" in str(found.message)
    assert f"the classes {unnamed} are not named and have weight 1" in str(found.message)
    plain, _ = class_weight_warnings(model, {0: 1.0})
    np.testing.assert_array_equal(named.predict_proba(X), plain.predict_proba(X))
