"""Every activation, initializer, loss, augmentation, optimizer and schedule.

The tables give each an object with constants other than the usual ones, where it has any.
"""

from functools import partial

from bit_cases.tools import (
    BINARY,
    COUNTS,
    DIGITS,
    NUMBERS,
    OUTPUTS,
    PERIODS,
    WEIGHTS,
    autoencoder,
    case,
    classifier,
    fits,
    image_classifier,
    one_fit,
    regressor,
    signal_regressor,
    stages,
)
from skdeep.activations import ELU, LeakyReLU, Maxout, PReLU
from skdeep.augmentation import (
    Compose,
    GaussianNoise,
    Mixup,
    RandomFlip,
    RandomRotation,
    RandomShift,
    RandomZoom,
)
from skdeep.initializers import Constant, GlorotNormal, HeUniform, Normal, Orthogonal, Uniform
from skdeep.losses import Huber, Quantile
from skdeep.optimizers import (
    LBFGS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    LineSearch,
    Lion,
    Momentum,
    Nadam,
    Nesterov,
    RMSprop,
)
from skdeep.schedules import (
    Adaptive,
    Cosine,
    ExponentialDecay,
    InverseScaling,
    InverseTimeDecay,
    OneCycle,
    StepDecay,
    ValidationDecay,
    Warmup,
)

ACTIVATIONS = {
    "identity": "identity",
    "sigmoid": "logistic",
    "tanh": "tanh",
    "relu": "relu",
    "leaky_relu": LeakyReLU(0.1),
    "prelu": PReLU(0.1),
    "prelu, steep": PReLU(1.0),
    "elu": ELU(0.5),
    "maxout": Maxout(pieces=3),
    "softplus": "softplus",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "mish": "mish",
}


def with_activation(name, other):
    """Fit networks with an activation."""
    name = name.partition(",")[0]
    double = {"dtype": "float64", "alpha": 0.01, "l1_ratio": 0.5}
    return fits(
        {
            "by name": (classifier(activation=name), DIGITS),
            "dropout": (classifier(activation=other, dropout=0.2), DIGITS),
            "double": (regressor(activation=other, **double), NUMBERS),
            "lbfgs": (regressor(activation=name, optimizer="lbfgs"), NUMBERS),
            "maps": (image_classifier(activation=other), DIGITS),
        }
    )


INITIALIZERS = {
    "zeros": "zeros",
    "constant": Constant(0.05),
    "normal": Normal(0.1),
    "uniform": Uniform(0.1),
    "lecun_normal": "lecun_normal",
    "lecun_uniform": "lecun_uniform",
    "glorot_normal": GlorotNormal(gain=0.5),
    "glorot_uniform": "glorot_uniform",
    "he_normal": "he_normal",
    "he_uniform": HeUniform(gain=0.5),
    "orthogonal": Orthogonal(gain=0.5),
}


def with_init(name, other):
    """Fit networks that start from an initializer."""
    return fits(
        {
            "by name": (classifier(init=name, max_iter=2), DIGITS),
            "other": (classifier(init=other, bias_init=0.1, max_iter=2), DIGITS),
            "maps": (image_classifier(init=other, max_iter=2), DIGITS),
            "tied": (autoencoder(init=name, max_iter=2), DIGITS),
        }
    )


LOSSES = {
    "squared_error": "squared_error",
    "absolute_error": "absolute_error",
    "huber": Huber(0.3),
    "poisson": "poisson",
    "quantile": Quantile(0.9),
}


def with_loss(name, other):
    """Fit numbers with a loss."""
    one, several = (COUNTS, COUNTS) if name == "poisson" else (NUMBERS, OUTPUTS)
    parts = fits(
        {
            "by name": (regressor(loss=name), one),
            "several outputs": (regressor(loss=other), several),
            "lbfgs": (regressor(loss=other, optimizer="lbfgs"), one),
            "signals": (signal_regressor(loss=other), PERIODS),
            "rebuilt": (autoencoder(loss=other), DIGITS),
        }
    )
    return {**parts, **one_fit(regressor(loss=other), one, sample_weight=WEIGHTS)}


_SHIFT = RandomShift(max_shift=1, image_shape=(8, 8))
_MOVES = [RandomShift(1), RandomRotation(10), RandomZoom(0.1), RandomFlip(), GaussianNoise(0.05)]
AUGMENTATIONS = {
    "shifted vectors": (classifier(augmentation=_SHIFT), DIGITS),
    "shifted images": (image_classifier(augmentation=RandomShift(1)), DIGITS),
    "rotated": (image_classifier(augmentation="random_rotation"), DIGITS),
    "zoomed": (image_classifier(augmentation="random_zoom"), DIGITS),
    "flipped": (image_classifier(augmentation=RandomFlip(vertical=True)), DIGITS),
    "composed": (image_classifier(augmentation=Compose([*_MOVES, Mixup()])), DIGITS),
    "noise": (classifier(augmentation=GaussianNoise(0.2)), BINARY),
    "mixup": (classifier(augmentation="mixup"), BINARY),
    "mixup with weights": (classifier(augmentation=Mixup(1.0), class_weight="balanced"), BINARY),
    "mixup of numbers": (regressor(augmentation=Mixup(1.0)), OUTPUTS),
    "rebuilt": (autoencoder(augmentation=_SHIFT), DIGITS),
    "signals as vectors": (
        classifier(augmentation=RandomShift(1, image_shape=(64,))),
        DIGITS,
    ),
    "composed of composed": (
        image_classifier(augmentation=Compose([Compose(_MOVES[:2]), _MOVES[2]])),
        DIGITS,
    ),
    "signals": (signal_regressor(augmentation=RandomShift(2)), PERIODS),
}


def with_augmentation(name, row):
    """Fit a network on augmented data."""
    model, data = row
    parts = one_fit(model, data)
    if not isinstance(model.augmentation, str):
        shape = (1, 24, 1) if data is PERIODS else (8, 8, 1)
        is_known = getattr(model.augmentation, "image_shape", None) is not None
        how = {} if is_known else {"shape": shape}
        parts["sample"] = model.augmentation.sample(data.X, **how, random_state=0)
    return parts


OPTIMIZERS = {
    "sgd": SGD(),
    "momentum": Momentum(0.8, initial_momentum=0.5, settled=0.5),
    "nesterov": Nesterov(0.8, initial_momentum=0.5),
    "line_search": LineSearch((0.1, 1.0, 10.0)),
    "adagrad": Adagrad(1e-6),
    "rmsprop": RMSprop(0.8, 1e-6),
    "adam": Adam(0.8, 0.99, 1e-6),
    "adadelta": Adadelta(0.9, 1e-5),
    "adamw": AdamW(0.8, weight_decay=0.1),
    "nadam": Nadam(0.8, 0.99),
    "amsgrad": AMSGrad(0.8, 0.99),
    "adamax": Adamax(0.8, 0.99),
    "lion": Lion(0.8, 0.95, 0.1),
    "lbfgs": LBFGS(5, max_fun=50),
}


def with_optimizer(name, other):
    """Train by an optimizer, in single and double precision, and go on by its own state."""
    bounds = {"alpha": 0.01, "l1_ratio": 0.5, "learning_rate_init": 0.003}
    clipped = {**bounds, "clip_norm": 0.5, "max_norm": 1.0, "dropout": 0.2}
    if name == "lbfgs":
        clipped = bounds
    parts = fits(
        {
            "by name": (classifier(optimizer=name), DIGITS),
            "penalties": (classifier(optimizer=other, **bounds), BINARY),
            "clipped": (classifier(optimizer=other, **clipped), DIGITS),
            "double": (regressor(optimizer=other, dtype="float64", **clipped), NUMBERS),
            "images": (image_classifier(optimizer=name, max_iter=2), DIGITS),
            "tied": (autoencoder(optimizer=name, max_iter=2), DIGITS),
        }
    )
    return {**parts, **stages(classifier(optimizer=other, max_iter=3), DIGITS, {})}


SCHEDULES = {
    "constant": "constant",
    "step": StepDecay(0.5, every=2),
    "validation": "validation",
    "validation, own factor": ValidationDecay(0.3),
    "exponential": ExponentialDecay(0.1),
    "exponential by epoch": ExponentialDecay(0.5, per="epoch"),
    "inverse_time": InverseTimeDecay(0.1),
    "invscaling": "invscaling",
    "invscaling by epoch": InverseScaling(1.0, per="epoch"),
    "adaptive": Adaptive(patience=1, tol=0.3),
    "cosine": "cosine",
    "cosine to a tenth": Cosine(0.1),
    "one_cycle": "one_cycle",
    "one_cycle, short": OneCycle(0.1, 0.2, 0.01),
    "warmup": Warmup(epochs=2),
    "warmup before cosine": Warmup(Cosine(0.1), epochs=2),
    "warmup before adaptive": Warmup(Adaptive(patience=1, tol=0.3), epochs=2),
    "warmup before validation": Warmup("validation", epochs=2),
}


def with_schedule(name, schedule):
    """Train by a schedule, and go on by it, also in steps of one epoch."""
    settings = {"learning_rate": schedule, "learning_rate_init": 0.2, "max_iter": 6}
    if "validation" in name:
        settings["scoring"] = "neg_log_loss"  # it changes from epoch to epoch, unlike accuracies
    model = classifier(optimizer="nesterov", **settings)
    one_by_one = [{"max_iter": 1}] * 6
    return stages(model, BINARY, {}, {"max_iter": 3, "learning_rate_init": 0.1}, *one_by_one)


KINDS = {
    "activation": (with_activation, ACTIVATIONS),
    "init": (with_init, INITIALIZERS),
    "loss": (with_loss, LOSSES),
    "augmentation": (with_augmentation, AUGMENTATIONS),
    "optimizer": (with_optimizer, OPTIMIZERS),
    "schedule": (with_schedule, SCHEDULES),
}

for _kind, (_function, _table) in KINDS.items():
    for _name, _other in _table.items():
        case(f"{_kind} {_name}")(partial(_function, _name, _other))
