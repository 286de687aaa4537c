"""The fitted network's parameters as scikit-learn shows them: lists of arrays that are live."""

import operator


class ParameterList(list):
    """Views into a network's parameters, one a layer.

    Changing an array changes the model, and so does assigning to an entry: the new values are
    copied into the model.
    """

    def __setitem__(self, index, values):
        try:
            layer = operator.index(index)
        except TypeError:
            raise TypeError("Assign to one layer at a time, or into its array.") from None
        self[layer][...] = values

    def replace(self, values):
        """Copy new values into every array."""
        values = list(values)
        if len(values) != len(self):
            raise ValueError(f"There are {len(self)} layers, but {len(values)} arrays were given.")
        for layer, array in enumerate(values):
            self[layer] = array

    def __reduce__(self):
        return list, ([array.copy() for array in self],)
