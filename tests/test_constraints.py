"""What parameters may be: accepted values, and the errors for the others."""

from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

from skdeep._constraints import Flag, Number, OneOf, check

CHOICES = OneOf(("auto", 1, True, None))
GOOD = [
    (Number(), 3),
    (Number(), -2.5),
    (Number(), np.float32(0.5)),
    (Number(), np.int64(3)),
    (Number(), Fraction(1, 3)),
    (Number(0, 1), 0),
    (Number(0, 1), 1.0),
    (Number(0, 1, closed="left"), 0),
    (Number(0, 1, closed="right"), 1),
    (Number(0, 1, closed="neither"), 1e-300),
    (Number(1, integer=True), 1),
    (Number(1, integer=True), np.int32(7)),
    (Number(1, integer=True), 10**30),
    (Number(0, others=("auto", None)), "auto"),
    (Number(0, others=("auto", None)), None),
    (Number(1, integer=True, others=(inf,)), inf),
    (Number(1, integer=True, others=(False, True)), True),
    (Number(1, integer=True, others=(False, True)), False),
    (Number(1, integer=True, others=(False, True)), np.True_),
    (Flag(), True),
    (Flag(), False),
    (Flag(), np.True_),
    (CHOICES, "auto"),
    (CHOICES, 1),
    (CHOICES, True),
    (CHOICES, None),
]
UNIT, COUNT = Number(0, 1, closed="left"), Number(1, integer=True, others=("auto",))
BAD = [
    (UNIT, -0.1, ValueError, "a number in [0, 1), got -0.1."),
    (UNIT, 1, ValueError, "a number in [0, 1), got 1."),
    (UNIT, nan, ValueError, "a number in [0, 1), got nan."),
    (UNIT, np.float64(2.0), ValueError, "a number in [0, 1), got np.float64(2.0)."),
    (UNIT, "0.5", TypeError, "a number in [0, 1), got '0.5' of type str."),
    (UNIT, None, TypeError, "a number in [0, 1), got None of type NoneType."),
    (UNIT, True, TypeError, "a number in [0, 1), got True of type bool."),
    (UNIT, np.False_, TypeError, "a number in [0, 1), got np.False_ of type bool."),
    (UNIT, 0.5j, TypeError, "a number in [0, 1), got 0.5j of type complex."),
    (UNIT, [0.5], TypeError, "a number in [0, 1), got [0.5] of type list."),
    (UNIT, np.zeros(2), TypeError, "a number in [0, 1), got array([0., 0.]) of type ndarray."),
    (Number(0), inf, ValueError, "a number in [0, inf), got inf."),
    (Number(), -inf, ValueError, "a number in (-inf, inf), got -inf."),
    (Number(0, closed="neither"), 0, ValueError, "a number in (0, inf), got 0."),
    (Number(0, 1, closed="right"), 0, ValueError, "a number in (0, 1], got 0."),
    (COUNT, 0, ValueError, "an integer in [1, inf) or 'auto', got 0."),
    (COUNT, 2.0, TypeError, "an integer in [1, inf) or 'auto', got 2.0 of type float."),
    (COUNT, "atuo", TypeError, "an integer in [1, inf) or 'auto', got 'atuo' of type str."),
    (Flag(), 1, TypeError, "True or False, got 1 of type int."),
    (Flag(), "True", TypeError, "True or False, got 'True' of type str."),
    (Flag(), None, TypeError, "True or False, got None of type NoneType."),
    (OneOf(("a", "b")), "c", ValueError, "one of 'a', 'b', got 'c'."),
    (OneOf(("a", 1)), True, ValueError, "one of 'a', 1, got True."),
    (OneOf(("a", "b")), None, ValueError, "one of 'a', 'b', got None."),
    (OneOf(("a", "b")), ["a"], ValueError, "one of 'a', 'b', got ['a']."),
]


@pytest.mark.parametrize(("constraint", "value"), GOOD, ids=str)
def test_accepted(constraint, value):
    constraint.check("Owner", "name", value)


@pytest.mark.parametrize(("constraint", "value", "error", "words"), BAD, ids=str)
def test_refused(constraint, value, error, words):
    with pytest.raises(error) as caught:
        constraint.check("Owner", "name", value)
    assert type(caught.value) is error
    assert str(caught.value) == f"Owner: name must be {words}"


def test_check_finds_the_wrong_one_among_several():
    constraints = {"good": Flag(), "bad": Number(0)}
    check("Owner", constraints, {"good": True, "bad": 1, "free": "anything"})
    with pytest.raises(ValueError, match=r"Owner: bad must be a number in \[0, inf\), got -1\."):
        check("Owner", constraints, {"good": True, "bad": -1, "free": "anything"})
