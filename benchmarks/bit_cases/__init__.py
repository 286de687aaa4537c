"""The cases of ``same_bits.py``: small networks on small data, through public names only.

``CASES`` maps the name of a case to a function that returns its results, part by part.
"""

from bit_cases import components, fits, own, searches, sequences
from bit_cases.tools import CASES

__all__ = ["CASES", "components", "fits", "own", "searches", "sequences"]
