"""The base class of activations, and the table of the built-in ones."""

from __future__ import annotations

from numpy import ndarray

from skdeep._component import Component, Registry


class Activation(Component):
    """Base class of activations; subclass it to add your own.

    An activation works in place on arrays of shape (n_rows, n_units). ``forward`` and ``backward``
    of one batch are called in turn, so what ``forward`` leaves in its arrays ``backward`` finds.

    Attributes
    ----------
    in_place : bool
        True if ``backward`` can do with the outputs alone: then ``z`` and ``out`` are one array.
    init : str
        The initializer that ``init="auto"`` chooses for a layer with this activation.
    pieces : int
        Affine maps a unit; above 1 only for maxout-like units.
    kernel : str or None
        The name of a compiled kernel that fuses ``forward`` or ``backward`` with the bias; it
        counts only for the class that names it, not for subclasses.
    constants : tuple of float
        What such a kernel takes beside the arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPRegressor
    >>> from skdeep.activations import Activation
    >>> class Sine(Activation):
    ...     def forward(self, z, out, theta):
    ...         np.sin(z, out=out)
    ...     def backward(self, z, out, delta, theta, theta_gradient):
    ...         delta *= np.cos(z)
    ...         return delta
    >>> x = np.linspace(-3, 3, 200).reshape(-1, 1)
    >>> model = MLPRegressor((20,), Sine(), optimizer="lbfgs", random_state=0)
    >>> bool(model.fit(x, np.sin(2 * x).ravel()).score(x, np.sin(2 * x).ravel()) > 0.99)
    True
    """

    in_place: bool = False
    init: str = "glorot_uniform"
    pieces: int = 1
    kernel: str | None = None
    constants: tuple[float, ...] = ()

    def n_parameters(self, n_units: int) -> int:
        """Return how many trained parameters a layer of ``n_units`` units has."""
        return 0

    def start_parameters(self, theta: ndarray) -> None:
        """Write the starting values of the trained parameters into ``theta``."""

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write f(z) into ``out``.

        Parameters
        ----------
        z : ndarray of shape (n_rows, n_units * pieces)
            The affine map's outputs; may be overwritten if ``backward`` agrees.
        out : ndarray of shape (n_rows, n_units)
            Where the outputs go; the same array as ``z`` if ``in_place``.
        theta : ndarray of shape (n_parameters,)
            The trained parameters.
        """
        raise NotImplementedError(f"{type(self).__name__} must define forward(z, out, theta).")

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Turn the gradient at the outputs into the gradient at ``z``.

        Parameters
        ----------
        z, out : ndarray
            As ``forward`` left them; both may be used as scratch space.
        delta : ndarray of shape (n_rows, n_units)
            The gradient at the outputs; may be overwritten.
        theta, theta_gradient : ndarray of shape (n_parameters,)
            The trained parameters, and where their gradient goes.

        Returns
        -------
        ndarray of shape (n_rows, n_units * pieces)
            The gradient at ``z``: ``delta`` changed in place, or ``z`` overwritten.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define backward(z, out, delta, theta, theta_gradient)."
        )


ACTIVATIONS = Registry("activation", Activation)
