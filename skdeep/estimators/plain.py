"""The classes that make up a fitted network, by the names that files hold."""

from __future__ import annotations

from skdeep import activations, augmentation, initializers, losses, network, optimizers, schedules
from skdeep._component import Component, State
from skdeep._plain import Vocabulary
from skdeep.checkpoint import Checkpoint
from skdeep.estimators import tasks
from skdeep.estimators.tasks.classes import ExclusiveClasses, Labels
from skdeep.network import Architecture, Filters, Layer, Network, Stage
from skdeep.training import Stopping, Streams, TrainingState
from skdeep.training.state import InUse

_PARTS = activations, augmentation, initializers, losses, network, optimizers, schedules, tasks
_BASES = Component, Layer, tasks.Task
_OTHERS = Architecture, Checkpoint, ExclusiveClasses, InUse, Labels, Network, Stage, State, Stopping
_OTHERS += Filters, Streams, TrainingState


def _named(module):
    """Return the classes that a package lists, by their names in it."""
    short = module.__name__.rpartition(".")[2]
    found = {name: getattr(module, name) for name in module.__all__}
    return {
        f"{short}.{name}": value
        for name, value in found.items()
        if isinstance(value, type) and issubclass(value, _BASES)
    }


NETWORKS = Vocabulary(
    {
        **{name: cls for module in _PARTS for name, cls in _named(module).items()},
        **{cls.__name__: cls for cls in _OTHERS},
    }
)
