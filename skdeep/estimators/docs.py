"""The parts of docstrings that several estimators share, said once."""

from textwrap import fill, indent

from skdeep.activations import ACTIVATIONS
from skdeep.augmentation import AUGMENTATIONS
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES


def _names(registry):
    """Return the names in a registry, quoted, a component's other names in parentheses."""
    names = {}
    for name, cls in registry.items():
        names.setdefault(cls, []).append(f'"{name}"')
    return ", ".join(
        first + (f" ({', '.join(others)})" if others else "") for first, *others in names.values()
    )


def _described(text):
    """Return a parameter's description in lines that are short enough once they are indented."""
    margin = " " * 4
    return fill(text, 95, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


_ARCHITECTURE = f"""\
hidden_layer_sizes : int or sequence of int, default=(100,)
    Units of each hidden layer; ``()`` gives a linear (or logistic) model.
activation : str, Activation or list of these, default="relu"
{
    _described(
        f"One for all hidden layers, or one for each: {_names(ACTIVATIONS)}, or an object of "
        ":mod:`skdeep.activations`."
    )
}"""

_CONVOLUTION = """\
input_shape : tuple of int, default=None
    What a row of X holds, channels last: (length,), (length, channels), (height, width) or
    (height, width, channels). A pair is (length, channels) if the second number is at most 4
    or less than a quarter of the first, else (height, width); (height, width, 1) and
    (1, length, channels) leave no doubt. None: the shape of a row of X, if X has three or four
    dimensions, else a signal of n_features.
conv_layers : sequence of tuple, default=((32, 3),)
    (filters, kernel size) or (filters, kernel size, stride) of each convolution layer. The
    kernel size is one number, or (height, width) for images.
pool_size : int or list of int, default=2
    The height and width of the pooling windows behind every convolution layer, at most the
    map's; one for all or one for each; 1 for no pooling. What is left at the border is dropped.
padding : "same" or "valid", default="same"
    "same" puts zeros around the maps, so that a stride of 1 keeps their size.
pooling : "max" or "average", default="max"
    What a pooling window gives."""

_INIT = f"""\
init : str, Initializer or list of these, default="auto"
{
    _described(
        "How weights start; one for all layers, or one for each (the output layer included): "
        '"auto" (what suits the activation: He, LeCun or Glorot; the output layer after rectifiers '
        f'has half of the Glorot spread, but not under "lbfgs"), {_names(INITIALIZERS)}, '
        "or an object of :mod:`skdeep.initializers`."
    )
}
bias_init : float, default=0.0
    Where the hidden biases start; 0.01 keeps rectifiers alive at first."""

_DESCENT = f"""\
optimizer : str or Optimizer, default="adam"
{
    _described(
        f"{_names(OPTIMIZERS)}, or an object of :mod:`skdeep.optimizers`. "
        'Under "lbfgs" the rate, ``batch_size`` and ``shuffle`` do not apply; options that it '
        "cannot deliver are errors."
    )
}
learning_rate : str or Schedule, default="constant"
{_described(f"The schedule: {_names(SCHEDULES)}, or an object of :mod:`skdeep.schedules`.")}
learning_rate_init : float > 0, default=0.001
    The schedule's initial rate; for "one_cycle" the peak, for "warmup" what the rate rises to.
batch_size : int, "auto" or "full", default="auto"
    Rows of a mini-batch, at most n_samples: a larger number means all rows, as "full" does;
    "auto" is min(200, n_samples). The short last batch of an epoch is used.
max_iter : int >= 1, default=200
    Epochs (iterations, for full-batch optimizers). A ConvergenceWarning says if they
    ended training that could have ended by itself: not where ``n_iter_no_change`` >=
    ``max_iter`` (unless with "lbfgs"), nor under a schedule planned over ``max_iter``, such as
    "cosine".
shuffle : bool, default=True
    Whether the rows' order is drawn anew every epoch."""

_REGULARISATION = """\
alpha : float >= 0, default=1e-4
    The strength of the penalty. The objective is, for every optimizer and batch size,
    (weighted mean loss) + alpha ((1 - l1_ratio)/2 ||W||^2 + l1_ratio ||W||_1), on weights and
    not biases.
l1_ratio : float in [0, 1], default=0.0
    The share of the L1 norm in the penalty. Weights become exactly zero with "lbfgs" only; the
    stochastic optimizers use a subgradient.
max_norm : float > 0 or None, default=None
    A bound on the Euclidean norm of each unit's incoming weights, kept after every update.
clip_norm : float > 0 or None, default=None
    A bound on the norm of the whole gradient, penalty included.
dropout : float in [0, 1) or list of these, default=0.0
    The share of hidden units that are dropped in training; one for all hidden layers or one
    for each.
input_dropout : float in [0, 1), default=0.0
    The share of inputs that are dropped in training.
input_noise : float >= 0, default=0.0
    The standard deviation of Gaussian noise on the inputs, drawn afresh for every batch."""

_LABEL_SMOOTHING = """\
label_smoothing : float in [0, (k - 1)/k), default=0.0
    eps: in training the true one of k classes has the target 1 - eps, each of the k - 1 others
    eps / (k - 1). A label of several counts as two classes, k = 2."""

_TARGET_NOISE = """\
target_noise : float >= 0, default=0.0
    The standard deviation of Gaussian noise on the targets, in units of y, drawn afresh for
    every batch."""

_AUGMENTATION = f"""\
augmentation : str, Augmentation or None, default=None
{
    _described(
        "Draws new samples from the old ones, afresh for every batch: "
        f"{_names(AUGMENTATIONS)}, or an object of :mod:`skdeep.augmentation`, which composes "
        "several. Those for images need to know the shape of a row: see their ``image_shape``."
    )
}"""

_SKIP_CONNECTIONS = """\
skip_connections : bool, default=False
    Whether hidden layers whose outputs are shaped like those of the hidden layer before add
    their inputs to their outputs, x + f(x) (He et al. 2016, arXiv:1512.03385). With
    ``init="auto"`` the weights of n such layers start smaller by sqrt(n)."""

_CLASS_WEIGHT = """\
class_weight : dict, "balanced" or None, default=None
    Weights of the classes, multiplied with ``sample_weight``; "balanced" makes them inversely
    proportional to the classes' frequencies."""

_LOSS = f"""\
loss : str or Loss, default="squared_error"
{
    _described(
        f"{_names(LOSSES)}, or an object of :mod:`skdeep.losses`. "
        '"squared_error" is half the mean squared error.'
    )
}"""

_STOPPING = """\
tol : float >= 0, default=1e-4
    The least progress that resets the count of ``n_iter_no_change``; for "lbfgs" the bound on
    the gradient's components at which training ends.
n_iter_no_change : int >= 1 or inf, default=10
    Training stops when so many epochs in a row bring no progress of the training loss, or with
    ``early_stopping`` of the validation score. ``numpy.inf``: never before ``max_iter``. Does
    not apply to "lbfgs" without ``early_stopping``.
early_stopping : bool, default=False
    Watch the validation score, and end with the model of the best epoch.
validation_fraction : float in (0, 1), default=0.1
    The share of the rows held out where validation is needed and ``X_val`` is not given;
    classes keep their proportions.
scoring : str, callable or None, default=None
    How validation is scored, as in scikit-learn; None is {score}.
warm_start : bool, default=False
    Whether ``fit`` goes on from where training stands: parameters, optimizer state, schedule
    and random streams. After early stopping the model is that of the best epoch, but training
    goes on from the last one. A changed architecture is an error.
dtype : "auto", "float32" or "float64", default="auto"
    What is computed in; "auto" is single precision, but double for "lbfgs" and "line_search".
verbose : bool or int, default=False
    Print a line every epoch, or every so many epochs.
random_state : int, RandomState or None, default=None
    Decides the start, the order of rows, masks, noise, augmentation and the validation split:
    the same seed gives the same bits on one machine."""

_ATTRIBUTES = """\
coefs_, intercepts_ : list of ndarray
    Weights (n_inputs, n_units) and biases of each layer; live views, so that assigning into
    them changes the model.
history_ : dict of str to list
    An entry for every epoch since the start: "loss" (the objective's mean over the epoch),
    "learning_rate" (of the epoch's last update; for "line_search" the scheduled one, for
    "lbfgs" the step's length over the gradient's norm), "gradient_norm" (mean over the epoch,
    before clipping), "seconds", and with validation "validation_loss" (without penalty) and
    "validation_score".
n_iter_ : int
    Epochs since the start, those of earlier warm starts and ``partial_fit`` included.
t_ : int
    Training rows seen since the start, repeats included.
loss_, best_loss_ : float
    The last and the lowest entry of ``loss_curve_``.
loss_curve_ : list of float
    The same as ``history_["loss"]``.
validation_scores_ : list of float or None
    The same as ``history_["validation_score"]``; None without validation.
best_validation_score_ : float or None
    Its highest entry.
n_layers_, n_outputs_ : int
    Layers, input and output included; output units.
out_activation_ : str
    The link from scores to predictions.
n_features_in_ : int
    Inputs.
feature_names_in_ : ndarray of str
    Their names, if X had names that are strings."""

_NOTES = """\
After a plain ``fit`` a pickle holds the parameters but not the optimizer's state, so that it
stays small; ``partial_fit`` on the loaded copy begins with a new optimizer state. After
``partial_fit``, or with ``warm_start=True``, the state is in the pickle and training goes on
exactly. "lbfgs" goes on from the parameters; its approximation of the curvature begins anew."""


def _common(score):
    return {
        "architecture": _ARCHITECTURE,
        "convolution": _CONVOLUTION,
        "init": _INIT,
        "descent": _DESCENT,
        "regularisation": _REGULARISATION,
        "label_smoothing": _LABEL_SMOOTHING,
        "target_noise": _TARGET_NOISE,
        "augmentation": _AUGMENTATION,
        "skip_connections": _SKIP_CONNECTIONS,
        "class_weight": _CLASS_WEIGHT,
        "loss": _LOSS,
        "stopping": _STOPPING.format(score=score),
        "attributes": _ATTRIBUTES,
        "notes": _NOTES,
    }


def documented(score):
    """Return a decorator that fills the shared parts into a class's docstring.

    Parameters
    ----------
    score : str
        What the default of ``scoring`` is.
    """

    def fill(cls):
        lines = []
        parts = _common(score)
        for line in (cls.__doc__ or "").splitlines():
            name = line.strip()
            if name.startswith("%(") and name.endswith(")s"):
                lines.append(indent(parts[name[2:-2]], line[: len(line) - len(line.lstrip())]))
            else:
                lines.append(line)
        cls.__doc__ = "\n".join(lines) if cls.__doc__ else None  # python -OO strips docstrings
        return cls

    return fill
