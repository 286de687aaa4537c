"""Names for what users pass in, said once for all signatures; they cost nothing at run time."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

if sys.version_info >= (3, 11):
    from typing import Self
elif TYPE_CHECKING:
    from typing_extensions import Self
else:
    Self = TypeVar("Self")

__all__ = ["ArrayLike", "MatrixLike", "Self"]


class _HasArray(Protocol):
    """Arrays, and what can turn itself into one: columns and tables of pandas and polars."""

    def __array__(self) -> Any: ...


class _HasRows(Protocol):
    """Sparse matrices and arrays of scipy, in any format."""

    def tocsr(self) -> Any: ...


# As numpy's, but without single numbers: nowhere is one of these meant as an array.
ArrayLike: TypeAlias = _HasArray | Sequence[Any]

MatrixLike: TypeAlias = _HasArray | Sequence[Any] | _HasRows
