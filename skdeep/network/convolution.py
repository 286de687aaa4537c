"""Convolution: the same weights at every position, by matrix products over patches.

A row holds a map of shape (height, width, channels), channels last; a signal is a map of height 1.
The patches of a few images at a time are copied into a matrix that stays in the cache (im2col), and
multiplied with the weights; in the backward pass the copy is made again, which costs less than
keeping it would.
"""

from __future__ import annotations

from math import ceil
from typing import Any, Literal, NamedTuple

import numpy as np

from skdeep import kernels
from skdeep.activations import Activation
from skdeep.initializers import Initializer
from skdeep.network.dense import Affine
from skdeep.network.layout import Parameter
from skdeep.network.pooling import as_pair, in_words

_PATCH_NUMBERS = 2**18  # in a block of patches: a megabyte in single precision


class Filters(NamedTuple):
    """How a convolution layer looks at its input.

    Parameters
    ----------
    n : int
        The number of filters.
    kernel : tuple of int
        Height and width of a filter.
    stride : int or tuple of int
        The step between positions, along both axes, or down and to the right.
    padding : {"same", "valid"}
        Whether zeros are put around the map, so that a stride of 1 keeps its size.
    """

    n: int
    kernel: tuple[int, int]
    stride: int | tuple[int, int]
    padding: Literal["same", "valid"]

    @property
    def strides(self) -> tuple[int, int]:
        """The steps down and to the right."""
        return as_pair(self.stride)

    def sizes(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return height and width of the outputs for a map of shape (height, width, ...)."""
        if self.padding == "same":
            return tuple(ceil(size / s) for size, s in zip(shape, self.strides, strict=False))
        axes = zip(shape, self.kernel, self.strides, strict=False)
        return tuple((size - k) // s + 1 for size, k, s in axes)

    def check(self, shape: tuple[int, ...]) -> None:
        """Raise ValueError unless the kernel fits into a map of the given shape."""
        if min(self.sizes(shape)) < 1:
            raise ValueError(
                f"A kernel of {self.kernel[0]} x {self.kernel[1]} does not fit into a map of "
                f'{shape[0]} x {shape[1]}; use padding="same", smaller kernels, or less pooling.'
            )

    def __str__(self):
        n, kernel, stride, padding = self
        return f"{n} filters {kernel[0]}x{kernel[1]} stride {in_words(stride)} {padding}"

    def margins(self, shape: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        """Return how many zeros go around a map: (top, bottom) and (left, right)."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        axes = zip(self.sizes(shape), self.kernel, self.strides, shape, strict=False)
        totals = (max((n - 1) * s + k - size, 0) for n, k, s, size in axes)
        return tuple((total // 2, total - total // 2) for total in totals)


class _Patches:
    """A block of images, padded, and the matrix of their patches.

    Parameters
    ----------
    layer : Convolution
        The layer whose inputs the images are.
    dtype : numpy.dtype
        The type to compute in.
    """

    def __init__(self, layer, dtype):
        height, width, channels = layer.in_shape
        (top, bottom), (left, right) = layer.filters.margins(layer.in_shape)
        numbers = layer.n_positions * layer.fan_in
        self.images = max(1, _PATCH_NUMBERS // numbers)
        self.inner = slice(top, top + height), slice(left, left + width)
        self.is_padded = any((top, bottom, left, right))
        self.map_shape = (height + top + bottom, width + left + right, channels)
        self.layer = layer
        self.matrix = np.empty((self.images * layer.n_positions, layer.fan_in), dtype)
        self.padded = np.zeros((self.images, *self.map_shape), dtype)
        self.gather = kernels.best("gather_patches")
        self.scatter = kernels.best("scatter_patches")

    def blocks(self, n_rows):
        """Yield the rows of images, and the rows of their positions, block by block."""
        positions = self.layer.n_positions
        for start in range(0, n_rows, self.images):
            stop = min(start + self.images, n_rows)
            yield slice(start, stop), slice(start * positions, stop * positions)

    def of(self, x):
        """Return the matrix of the patches of images, shape (n_images * n_positions, fan_in)."""
        layer, n = self.layer, len(x)
        images = np.ascontiguousarray(x).reshape(n, *layer.in_shape)
        if self.is_padded:
            padded = self.padded[:n]
            padded[:, self.inner[0], self.inner[1]] = images
            images = padded
        matrix = self.matrix[: n * layer.n_positions]
        self.gather(images, layer.filters.kernel, layer.filters.strides, layer.out_shape, matrix)
        return matrix

    def add_up(self, matrix, out):
        """Write into ``out``, for each number of the images, the sum over the patches it is in."""
        layer, n = self.layer, len(out)
        images = out.reshape(n, *layer.in_shape)
        sums = self.padded[:n] if self.is_padded else images
        sums[...] = 0
        self.scatter(matrix, layer.filters.kernel, layer.filters.strides, layer.out_shape, sums)
        if self.is_padded:
            images[...] = sums[:, self.inner[0], self.inner[1]]
            sums[...] = 0  # the margins must be zero when images come back


class Convolution(Affine):
    r"""Filters that slide over a map, followed by an activation.

    .. math:: z_{y x f} = b_f + \sum_{i j c} W_{i j c f}\, x_{s y + i,\, s x + j,\, c}

    Parameters
    ----------
    in_shape : tuple of int
        (height, width, channels).
    filters : Filters
    activation : Activation
    is_signal : bool
        Whether rows hold signals. Their maps have height 1, which users do not see in the weights.
    init, bias_init
        As in :class:`Affine`.

    Raises
    ------
    ValueError
        If the kernel does not fit into the map.
    """

    def __init__(
        self,
        in_shape: tuple[int, ...],
        filters: Filters,
        activation: Activation,
        is_signal: bool = False,
        init: Initializer | None = None,
        bias_init: float = 0.0,
    ) -> None:
        filters.check(in_shape)
        out_shape = (*filters.sizes(in_shape), filters.n)
        fan_in = filters.kernel[0] * filters.kernel[1] * in_shape[2]
        super().__init__(in_shape, out_shape, fan_in, activation, init, bias_init)
        self.filters = filters
        self.is_signal = is_signal

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return filters and activation."""
        return {"convolution layers": f"{options['filters']} {options['activation']}"}

    @property
    def fan_out(self) -> int:
        """How many units an input reaches, counted over all positions."""
        return self.filters.kernel[0] * self.filters.kernel[1] * self.n_units

    def shown(self) -> list[tuple[Parameter, np.ndarray]]:
        """Return the parameters as users see them.

        Weights have the shape (height, width, channels, filters), those of signals lack the height.
        """
        (declared, weights), *others = super().shown()
        shape = (*self.filters.kernel, self.in_shape[2], self.n_maps)
        return [(declared, weights.reshape(shape[1:] if self.is_signal else shape)), *others]

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays, also for a block of patches."""
        super().allocate(n_rows, dtype)
        self.patches = _Patches(self, dtype)
        self._d_matrix = np.empty_like(self.patches.matrix)
        self._d_part = np.empty(self.weights.shape, dtype)

    def _infer_map(self, x, z):
        self._multiply(_Patches(self, z.dtype), x, z, np.dot)

    def _map(self, x, z):
        self._multiply(self.patches, x, z, self.dot)

    def _multiply(self, patches, x, z, dot):
        for images, positions in patches.blocks(len(x)):
            dot(patches.of(x[images]), self.weights, z[positions])

    def _transposed_map(self, delta):
        patches = self.patches
        self.d_weights[...] = 0
        for images, positions in patches.blocks(len(self.x)):
            matrix = patches.of(self.x[images])
            self.dot(matrix.T, delta[positions], self._d_part)
            self.d_weights += self._d_part
            if self.gives_gradient:
                d_matrix = self._d_matrix[: len(matrix)]
                self.dot(delta[positions], self.weights.T, d_matrix)
                patches.add_up(d_matrix, self.d_inputs[images])
