"""From parameters to the architecture of a fully connected network."""

from dataclasses import dataclass

from skdeep.activations import Activation, Identity
from skdeep.estimators.blueprints import layers
from skdeep.estimators.inputs import Inputs
from skdeep.estimators.refusals import check_no_hidden, check_shortcuts
from skdeep.initializers import Initializer
from skdeep.network import Architecture, Chain, Dense, Dropout, GaussianNoise, Shortcut, Stage


@dataclass(frozen=True, kw_only=True)
class DenseBlueprint:
    """Checked parameters that describe a fully connected network, for data of any shape.

    ``architecture`` turns them into a network's architecture once the shape of the data is known.
    Blueprints of other families override the methods that return stages.

    Parameters
    ----------
    sizes : tuple of int
        The units of the dense hidden layers.
    activations : list of Activation
        One for each hidden layer.
    initializers : list of Initializer
        One for each layer, the output layer included.
    bias_init : float
        Where the biases of hidden layers start.
    dropout : list of float
        The probability of dropout behind each hidden layer.
    input_dropout, input_noise : float
        The probability of dropout, and the standard deviation of the noise, at the inputs.
    shortcuts : bool
        Whether hidden layers get identity shortcuts where shapes allow them.
    damps : bool
        Whether the weights within n shortcuts start smaller by a factor of sqrt(n). Every shortcut
        adds to its inputs, so that the variance would otherwise grow exponentially with n. It is
        False if users chose the initializers.
    """

    sizes: tuple[int, ...]
    activations: list[Activation]
    initializers: list[Initializer]
    bias_init: float
    dropout: list[float]
    input_dropout: float
    input_noise: float
    shortcuts: bool
    damps: bool

    @classmethod
    def drawn(cls, owner, params, optimizer):
        """Return the blueprint that an estimator's parameters describe.

        Parameters
        ----------
        owner : str
            The name of the estimator's class, for messages.
        params : dict
            Its parameters; single numbers among them are checked already.
        optimizer : Optimizer
            The optimizer, on which the default initializer of the output layer depends.

        Raises
        ------
        TypeError, ValueError
            If a parameter is wrong.
        """
        own = cls._read(owner, params)
        n_hidden = cls._n_hidden(own)
        activations = layers.activations(params["activation"], n_hidden)
        if not activations:
            check_no_hidden(params)
        init = layers.per_layer(
            "init", params["init"], n_hidden + 1, "layer, the output layer included"
        )
        return cls(
            activations=activations,
            initializers=layers.initializers(init, activations, optimizer),
            dropout=layers.dropout_rates(owner, params["dropout"], n_hidden),
            **own,
        )

    @classmethod
    def _read(cls, owner, params):
        """Return the fields that follow from one parameter each, as plain values."""
        return {
            "sizes": layers.sizes(owner, params["hidden_layer_sizes"]),
            "bias_init": float(params["bias_init"]),
            "input_dropout": float(params["input_dropout"]),
            "input_noise": float(params["input_noise"]),
            "shortcuts": bool(params.get("skip_connections", False)),
            "damps": isinstance(params["init"], str) and params["init"] == "auto",
        }

    @staticmethod
    def _n_hidden(own):
        """Return the number of hidden layers."""
        return len(own["sizes"])

    inputs_kind = Inputs

    def inputs(self, owner, dtype):
        """Return how an estimator's inputs are checked."""
        return self.inputs_kind(owner, dtype)

    def row_shape(self, shape, n_features):
        """Return the shape of a row, given the one that X tells, which is () if X is flat."""
        return (n_features,)

    def architecture(self, row_shape, n_outputs, loss, dtype):
        """Return the architecture for rows of the given shape."""
        hidden = self._with_shortcuts(row_shape, self._hidden(row_shape))
        stages = (*self._at_inputs(), *hidden, self._output(n_outputs))
        architecture = Architecture(row_shape, stages, loss, dtype)
        if self.shortcuts:
            check_shortcuts(architecture)
        return architecture

    # -- stages ------------------------------------------------------------------------------

    def _at_inputs(self):
        """Return the stages that act on the inputs in training."""
        noise, dropout = self.input_noise, self.input_dropout
        stages = [Stage(GaussianNoise, {"scale": noise})] if noise else []
        return stages + ([Stage(Dropout, {"rate": dropout})] if dropout else [])

    def _hidden(self, shape):
        """Return the stages of each hidden layer: the layer itself, and what follows it."""
        n_before = len(self.activations) - len(self.sizes)
        return [
            [self._dense(n_units, i), *self._behind(i)]
            for i, n_units in enumerate(self.sizes, n_before)
        ]

    def _dense(self, n_units, i, name=""):
        return Stage(Dense, {"n_units": n_units, **self._options(i)}, name)

    def _options(self, i):
        """Return the options that hidden layers of all kinds have, for hidden layer i."""
        return {
            "activation": self.activations[i],
            "init": self.initializers[i],
            "bias_init": self.bias_init,
        }

    def _behind(self, i):
        """Return the stages that follow hidden layer i: its dropout, if any."""
        rate = self.dropout[i]
        return [Stage(Dropout, {"rate": rate})] if rate else []

    def _output(self, n_outputs):
        options = {"activation": Identity(), "init": self.initializers[-1]}
        return Stage(Dense, {"n_units": n_outputs, **options}, "output")

    def _with_shortcuts(self, shape, hidden):
        """Return all stages in one list, those of a hidden layer in a shortcut if one fits."""
        shapes = [shape]
        for stages in hidden:
            shapes.append(Chain(shapes[-1], stages).out_shape)
        is_alike = [i > 0 and shapes[i] == shapes[i + 1] for i in range(len(hidden))]
        fits = [self.shortcuts and alike for alike in is_alike]
        damping = sum(fits) ** -0.5 if any(fits) and self.damps else 1.0
        row = []
        for stages, is_bridged in zip(hidden, fits, strict=True):
            options = {"stages": tuple(stages), "damping": damping}
            row += [Stage(Shortcut, options)] if is_bridged else stages
        return row
