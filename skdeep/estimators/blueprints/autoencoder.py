"""From parameters to the architecture of an autoencoder: an encoder and its mirror image."""

from dataclasses import dataclass

from skdeep.activations import Identity
from skdeep.estimators.blueprints import layers
from skdeep.estimators.blueprints.dense import DenseBlueprint
from skdeep.estimators.refusals import check_encoder
from skdeep.network import Dense, Stage, TiedDense


@dataclass(frozen=True, kw_only=True)
class AutoencoderBlueprint(DenseBlueprint):
    """Checked parameters that describe an encoder, which ends in the stage "code", and a decoder.

    The decoder mirrors the encoder: lists hold the encoder's values, then the same backwards.

    Parameters
    ----------
    tied : bool
        Whether the decoder's weights are the transpose of the encoder's.
    """

    tied: bool

    @classmethod
    def drawn(cls, owner, params, optimizer):
        """Return the blueprint that an estimator's parameters describe."""
        own = cls._read(owner, params)
        n = len(own["sizes"])
        encoding = layers.activations(params["activation"], n)
        check_encoder(params, encoding)
        activations = _mirrored(encoding)
        init = layers.per_layer("init", params["init"], n, "layer of the encoder")
        return cls(
            activations=activations,
            initializers=layers.initializers(init + init[::-1], activations, optimizer),
            dropout=_mirrored(layers.dropout_rates(owner, params["dropout"], n)),
            tied=bool(params["tied_weights"]),
            **own,
        )

    def _hidden(self, shape):
        n = len(self.sizes)
        encoder = [
            [self._dense(n_units, i, "code" if i == n - 1 else ""), *self._behind(i)]
            for i, n_units in enumerate(self.sizes)
        ]
        decoder = [
            [self._decoding(n_units, i), *self._behind(i)]
            for i, n_units in enumerate(self.sizes[-2::-1], n)
        ]
        return encoder + decoder

    def _decoding(self, n_units, i, name=""):
        """Return the layer that mirrors one of the encoder."""
        options = {"n_units": n_units, **self._options(i)}
        if not self.tied:
            return Stage(Dense, options, name)
        del options["init"]  # its weights are the encoder's
        return Stage(TiedDense, {**options, "partner": 2 * len(self.sizes) - 1 - i}, name)

    def _options(self, i):
        if i < len(self.activations):
            return super()._options(i)
        return {"activation": Identity(), "init": self.initializers[-1], "bias_init": 0.0}

    def _output(self, n_outputs):
        return self._decoding(n_outputs, len(self.activations), "output")


def _mirrored(values):
    """Return an encoder's hidden values, and the decoder's behind them."""
    return [*values, *values[-2::-1]]
