"""The range of a parameter, where an estimator tells it."""

from math import inf

from skdeep._constraints import Number

# what skdeep's parts, skdeep's estimators and scikit-learn's say of their parameters
_DECLARATIONS = "constraints", "_constraints", "_parameter_constraints"


def bounds_of(estimator, name, values):
    """Return the range of a parameter that holds some values; without bounds if none is known.

    Parameters
    ----------
    estimator : estimator
    name : str
        The full name of the parameter, nested as in ``get_params``.
    values : list of int or float
    """
    path, _, last = name.rpartition("__")
    owner = estimator.get_params()[path] if path else estimator
    suitable = (rule for rule in _ranges(owner, last) if all(map(rule.holds, values)))
    return next(suitable, Number())


def _ranges(owner, name):
    """Yield what an object says of the range of its parameter."""
    for declarations in (getattr(owner, attribute, None) for attribute in _DECLARATIONS):
        rules = declarations.get(name, ()) if isinstance(declarations, dict) else ()
        for rule in rules if isinstance(rules, (list, tuple)) else [rules]:
            if isinstance(rule, Number):
                yield rule
            elif hasattr(rule, "left") and hasattr(rule, "closed"):  # an Interval of scikit-learn
                low, high = rule.left, rule.right
                yield Number(
                    -inf if low is None else low, inf if high is None else high, rule.closed
                )
