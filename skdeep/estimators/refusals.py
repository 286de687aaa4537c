"""Options that would have no effect are errors: here it says which, and when."""

import numpy as np
from scipy.sparse import issparse
from sklearn.metrics import get_scorer_names

from skdeep.losses import Loss
from skdeep.schedules import Constant

_NOT_FULL_BATCH = {
    "dropout": "draws no masks",
    "input_dropout": "draws no masks",
    "input_noise": "draws no noise",
    "target_noise": "draws no noise",
    "augmentation": "draws no new samples",
    "clip_norm": "clips no gradient",
    "max_norm": "projects no weights",
}

_NEEDS_HIDDEN = {
    "dropout": "set it to 0, or input_dropout",
    "bias_init": "set it to 0",
}


def _is_set(value):
    return value is not None and bool(np.any(np.asarray(value, dtype=object) != 0))


def check_no_hidden(params):
    """Refuse what has no effect without hidden layers."""
    for name, remedy in _NEEDS_HIDDEN.items():
        if _is_set(params.get(name)):
            raise ValueError(
                f"{name}={params[name]!r} has no effect without hidden layers; {remedy}."
            )


def check_full_batch(params, schedule):
    """Refuse what an optimizer that drives the loop itself cannot deliver."""
    optimizer = params["optimizer"]
    if not isinstance(schedule, Constant):
        raise ValueError(
            f"learning_rate={params['learning_rate']!r} has no effect with optimizer={optimizer!r}"
            ', which has no rate; use learning_rate="constant" or a stochastic optimizer.'
        )
    for name, what in _NOT_FULL_BATCH.items():
        value = params.get(name)
        if _is_set(value):
            raise ValueError(
                f"{name}={value!r} has no effect with optimizer={optimizer!r}, which {what}; "
                f"leave {name} at its default or use a stochastic optimizer."
            )


def check_shortcuts(architecture):
    """Refuse shortcuts that connect nothing."""
    if not architecture.n_shortcuts:
        raise ValueError(
            "skip_connections=True has no effect: no hidden layer has outputs shaped like those of "
            "the hidden layer before it. Give consecutive hidden layers the same width (maps: the "
            'same size and filters, that is stride 1, pool_size 1 and padding="same").'
        )


def check_augmentation(augmentation, X, shape):
    """Refuse an augmentation that does not suit the inputs, or the shape of their rows."""
    if augmentation is None:
        return
    if issparse(X):
        raise ValueError(
            f"augmentation={augmentation} needs a dense X, but X is sparse; pass X.toarray(), or "
            "augmentation=None."
        )
    augmentation.check(X.shape[1], shape)


def check_encoder(params, activations):
    """Refuse autoencoders without a code, or whose weights cannot be tied."""
    if not activations:
        raise ValueError(
            "hidden_layer_sizes must name at least one layer, whose units are the code; got "
            f"{params['hidden_layer_sizes']!r}."
        )
    if params["tied_weights"] and any(activation.pieces > 1 for activation in activations):
        raise ValueError(
            f"tied_weights=True does not work with activation={params['activation']!r}, whose "
            "units have several weights for each input; set tied_weights=False."
        )


def check_target_noise(params, loss):
    """Refuse noise on targets that a loss allows in a range only."""
    if params.get("target_noise") and type(loss).check_targets is not Loss.check_targets:
        raise ValueError(
            f"target_noise={params['target_noise']!r} does not work with loss={params['loss']!r}: "
            "noise would take targets out of the range that it is defined for."
        )


def check_several_quantiles(params, loss, task):
    """Refuse what needs one prediction for each target where a loss has several."""
    if loss is None or loss.n_scores(1) == 1:
        return
    if task.targets_are_inputs:
        raise ValueError(
            f"loss={loss!r} gives several numbers in the place of one, and so cannot rebuild "
            "inputs; give one quantile."
        )
    scoring = params["scoring"]
    several = isinstance(scoring, (list, tuple, dict))
    named = [one for one in (_values(scoring) if several else [scoring]) if isinstance(one, str)]
    if named:
        raise ValueError(
            f"scoring={named[0]!r} needs one prediction a row, but loss={loss!r} gives several; "
            "use None, which is the share of the pinball loss explained, or a callable of "
            "(estimator, X, y)."
        )


def _values(scoring):
    return scoring.values() if isinstance(scoring, dict) else scoring


def check_scoring(scoring, task):
    """Refuse what is no scoring, or none that can score a kind of task."""
    if isinstance(scoring, (list, tuple, dict)):
        _check_several(scoring)
        for one in named_scorings(scoring).values():
            check_scoring(one, task)
        return
    if not (scoring is None or isinstance(scoring, str) or callable(scoring)):
        raise TypeError(
            "scoring must be None, a name, a callable, a list of names or a dict of names and "
            f"callables, got {scoring!r}."
        )
    if isinstance(scoring, str) and scoring not in get_scorer_names():
        known = ", ".join(get_scorer_names())
        raise ValueError(f"Unknown scoring {scoring!r}; known are {known}.")
    if isinstance(scoring, str):
        task.check_scoring(scoring)


def named_scorings(scoring):
    """Return a dict of several scorings, given as a list of their names or as a dict."""
    return scoring if isinstance(scoring, dict) else {name: name for name in scoring}


def _check_several(scoring):
    """Refuse a list or dict of scorings that does not give each a name of its own."""
    if not scoring:
        raise ValueError(f"scoring={scoring!r} is empty; give None, or at least one scoring.")
    wrong = [name for name in scoring if not isinstance(name, str)]
    if wrong and isinstance(scoring, dict):
        raise TypeError(f"scoring must have names that are strings, got {wrong[0]!r}.")
    if wrong:
        raise TypeError(
            f"scoring as a list must hold names, got {wrong[0]!r}; give a callable a name by a "
            "dict, as scoring={'name': ...}."
        )
    if len(set(scoring)) < len(scoring):
        raise ValueError(f"scoring={scoring!r} holds a name twice.")
    if taken := {"loss", "score"} & set(scoring):
        raise ValueError(
            f"scoring has the name {min(taken)!r}, but 'validation_{min(taken)}' of history_ is "
            "taken; choose another name."
        )
    if isinstance(scoring, dict) and None in scoring.values():
        raise TypeError(f"scoring must hold names and callables, got {scoring!r}.")


def check_scoring_is_used(scoring, validates):
    """Refuse a scoring where nothing is validated."""
    if scoring is not None and not validates:
        raise ValueError(
            f"scoring={scoring!r} has no effect without validation; set "
            "early_stopping=True, or give X_val and y_val."
        )


def check_partial_fit(params, plan):
    """Refuse what needs all data, or validation data, under ``partial_fit``."""
    hindrances = {
        "early_stopping": plan.training.early_stopping
        and "no validation data lasts from call to call; set it to False",
        "learning_rate": plan.training.schedule.needs_validation
        and "it needs validation data; use another schedule",
        "scoring": plan.scoring is not None and "nothing is validated; set it to None",
    }
    for name, why in hindrances.items():
        if why:
            raise ValueError(f"partial_fit does not work with {name}={params[name]!r}: {why}.")


def check_stream(params, plan, has_validation):
    """Refuse what needs all data at once, or rows held out, on a stream."""
    training, needs = plan.training, "no rows of a stream are held out; give X_val and y_val"
    hindrances = {
        "optimizer": training.optimizer.full_batch
        and "it needs all data at once; use a stochastic optimizer",
        "batch_size": training.batch_size == "full"
        and "a stream is more than one batch; give a number",
        "early_stopping": training.early_stopping and not has_validation and needs,
        "learning_rate": training.schedule.needs_validation and not has_validation and needs,
    }
    for name, why in hindrances.items():
        if why:
            raise ValueError(f"fit_stream does not work with {name}={params[name]!r}: {why}.")
