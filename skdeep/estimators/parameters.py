"""The fitted network's parameters as scikit-learn shows them: lists of arrays that are live."""


class ParameterList(list):
    """Views into a network's parameters, one a layer.

    Changing an array changes the model, and so does assigning to an entry: the new values are
    copied into the model.
    """

    def __setitem__(self, index, values):
        if not isinstance(index, int):
            raise TypeError("Assign to one layer at a time, or into its array.")
        self[index][...] = values

    def __reduce__(self):
        return list, ([array.copy() for array in self],)
