"""Directions in the space of parameters, and where points lie along two of them."""

import numpy as np


def filter_normalised(layout, parameters, rng):
    r"""Return a random Gaussian direction that is as large, unit by unit, as the weights.

    The incoming weights d of every unit (of every filter) become :math:`d\,\|w\| / \|d\|` with w
    the unit's own; biases, and what activations train, do not move.

    Li, Xu, Taylor, Studer and Goldstein (2018), arXiv:1712.09913.
    """
    direction = np.zeros(layout.size)
    weights = (layout.of_kind(flat, "weight") for flat in (direction, parameters))
    for d, w in zip(*weights, strict=True):
        d[...] = rng.standard_normal(w.shape)
        d *= _unit_norms(w) / _unit_norms(d)
    return direction


def _unit_norms(weights):
    return np.linalg.norm(np.atleast_2d(weights), axis=-2, keepdims=weights.ndim > 1)


def principal_components(path, centre):
    """Return the two directions in which a path extends most, each of length 1."""
    _, sizes, components = np.linalg.svd(path - centre, full_matrices=False)
    if len(sizes) < 2 or sizes[1] <= 1e-12 * sizes[0]:
        raise ValueError(
            "directions='path' needs a path that spans a plane: at least two points beside the "
            f"present one that are not on a line with it; got {len(path)} points."
        )
    return components[:2]


def projection(points, centre, directions):
    """Return the coordinates, by least squares, of points on the plane of two directions."""
    return np.linalg.lstsq(directions.T, (points - centre).T, rcond=None)[0].T


def flat_points(path, centre, layout):
    """Return a path as an array of flat vectors.

    Every point is a flat vector, or a list of arrays: weights in the order of ``coefs_``, perhaps
    followed by biases in the order of ``intercepts_``. What is not given is as in ``centre``.
    """
    n_biases = sum(bias.size for bias in layout.of_kind(centre, "bias"))
    sizes = (layout.n_weights, layout.n_weights + n_biases, layout.size)
    points = np.tile(centre, (len(path), 1))
    for row, point in zip(points, path, strict=True):
        values = np.concatenate([np.ravel(part) for part in point])
        if values.size not in sizes:
            raise ValueError(
                f"Every point of path must hold {sizes[0]} weights, {sizes[1]} weights and biases, "
                f"or all {sizes[2]} parameters; got {values.size} numbers."
            )
        row[: values.size] = values
    return points
