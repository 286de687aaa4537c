"""Facts about single layers: the limits of an activation, and units that are alike."""

import numpy as np

ALIKE = 1e-4  # relative difference of incoming weights


def limits(activation):
    """Return the two limits of an activation far from zero, or None unless it has both.

    Activations with several pieces or with trained parameters are taken as unlimited, and so is a
    layer without an activation, None.
    """
    if activation is None or activation.pieces > 1 or activation.n_parameters(1):
        return None
    far = np.array([[-1000.0], [-100.0], [100.0], [1000.0]])
    out = far.copy() if activation.in_place else np.empty_like(far)
    activation.forward(out if activation.in_place else far, out, np.empty(0))
    low, lower, higher, high = out.ravel().tolist()
    flat = abs(low - lower) < 1e-6 and abs(high - higher) < 1e-6
    return (min(low, high), max(low, high)) if flat and low != high else None


def equal_units(weights, bias):
    """Return the share of units whose incoming weights and bias equal those of another unit.

    Units are compared with their neighbours in the order of a random projection, where equal ones
    lie side by side.
    """
    units = np.vstack([weights, bias]).T
    if len(units) < 2:
        return 0.0
    direction = np.random.default_rng(0).standard_normal(units.shape[1])
    units = units[np.argsort(units @ direction, kind="stable")]
    size = np.linalg.norm(units, axis=1)
    apart = np.linalg.norm(np.diff(units, axis=0), axis=1)
    same = apart <= ALIKE * np.maximum(size[1:], size[:-1])
    return float(np.mean(np.append(same, False) | np.append(False, same)))
