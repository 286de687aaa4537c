"""Findings on layers: units that are equal, saturated or dead, gradients, large weights."""

from skdeep.inspection.diagnosis.finding import finding

EQUAL = 0.5
SATURATED = 0.5
DEAD = 0.4
GRADIENT_RATIO = 1e-3
UNIT_NORM = 8.0


def layer_findings(evidence):
    """Return what is conspicuous about the layers."""
    found = []
    for layer in evidence.layers:
        if not layer.is_output:
            found += _on_units(evidence, layer)
    return found + _on_gradients(evidence)


def _on_units(evidence, layer):
    """Return findings on the units of one hidden layer."""
    n = layer.layer
    checks = (
        (
            "equal_units",
            layer.equal,
            EQUAL,
            f"{layer.equal:.0%} of the units of layer {n} equal another unit of it",
        ),
        (
            "saturated_units",
            layer.saturated,
            SATURATED,
            f"{layer.saturated:.0%} of the outputs of layer {n} are saturated",
        ),
        (
            "dead_units",
            layer.dead,
            DEAD,
            f"{layer.dead:.0%} of the units of layer {n} are dead, that is zero on all rows",
        ),
        (
            "large_weights",
            layer.unit_norm,
            UNIT_NORM,
            f"the weights of layer {n} are large: half "
            f"of its units have incoming weights of a norm above {layer.unit_norm:.3g}",
        ),
    )
    return [
        finding(evidence, kind, figure, threshold, message, n)
        for kind, figure, threshold, message in checks
        if figure > threshold
    ]


def _on_gradients(evidence):
    """Compare the gradients of the first and of the last layer; nan compares as false."""
    layers = evidence.layers
    last = [layer for layer in layers if layer.gradient_norm == layer.gradient_norm][-1:]
    if len(layers) < 2 or not last or not last[0].gradient_norm:
        return []
    first, last = layers[0], last[0]
    ratio = first.gradient_norm / last.gradient_norm
    message = f"the gradient of layer {first.layer} is {ratio:.1e} times that of layer {last.layer}"
    if ratio < GRADIENT_RATIO:
        kind, threshold = "vanishing_gradients", GRADIENT_RATIO
    elif ratio > 1 / GRADIENT_RATIO:
        kind, threshold = "exploding_gradients", 1 / GRADIENT_RATIO
    else:
        return []
    return [finding(evidence, kind, ratio, threshold, message, first.layer)]
