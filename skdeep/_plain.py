"""The state of an estimator as plain dicts, arrays and one text, and back.

An object of a known class becomes ``{"type": name, "state": {...}}`` in the text. The names are
looked up in a table of classes: nothing is imported by name, and nothing is run but what these
classes do when they are made. So whoever reads a file has to trust these classes alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from skdeep._typing import Self

FORMAT = 2  # of the states of estimators; raise it if older versions could misread them
_OURS = "_skdeep_format", "_skdeep_text", "_skdeep_arrays", "_skdeep_others"
_MARKS = {"type", "state"}
_SCALARS = {str, int, float, bool, type(None)}
_SHORT = 8  # lists of so many floats may be part of the text
_OBJECT_STATE = getattr(object, "__getstate__", None)  # since Python 3.11


class Vocabulary:
    """The classes whose objects can be written plainly, each by its name.

    Objects of any other class, such as users' own, are kept as they are.

    Parameters
    ----------
    classes : dict of str to type
        The classes by name.
    """

    def __init__(self, classes: Mapping[str, type]) -> None:
        self.classes = dict(classes)
        self._names = {cls: name for name, cls in self.classes.items()}

    def plain(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """Return attributes written plainly; what is plain already keeps its name and place."""
        writer = _Writer(self._names)
        packed = {
            name: writer.write(value)
            for name, value in attributes.items()
            if not writer.is_plain(value)
        }
        text = json.dumps({"objects": writer.objects, "attributes": packed}, separators=(",", ":"))
        rest = {name: value for name, value in attributes.items() if name not in packed}
        ours = zip(_OURS, (FORMAT, text, writer.arrays, writer.others), strict=True)
        return {**rest, **dict(ours)}

    def restored(self, state: dict[str, Any]) -> dict[str, Any]:
        """Return the attributes that were written.

        Raises
        ------
        ValueError
            If there is the name of a class that is not in the table.
        """
        rest = {name: value for name, value in state.items() if name not in _OURS}
        _, text, arrays, others = (state[name] for name in _OURS)
        content = json.loads(text)
        reader = _Reader(self.classes, arrays, others)
        reader.objects.extend(map(reader.made, content["objects"]))
        return {**rest, **reader.items(content["attributes"])}


class _Writer:
    """Writes values for a text, and collects what is no text; no object is written twice."""

    def __init__(self, names):
        self.names = names
        self.objects, self.arrays, self.others = [], [], []
        self._done = {}

    def is_plain(self, value):
        """Whether there is nothing in a value that has to be written."""
        kind = type(value)
        if kind is dict:
            return all(map(self.is_plain, value.values()))
        if kind in (list, tuple):
            return all(map(self.is_plain, value))
        return not (self._is_known(value) or kind is slice or _is_dtype(value) or _is_words(value))

    def _is_known(self, value):
        return type(value) in self.names or (isinstance(value, type) and value in self.names)

    def write(self, value):
        if type(value) in _SCALARS:
            return value
        found = self._done.get(id(value))
        if found is None:
            # the value is kept, too, or another one might get its id
            self._done[id(value)] = found = value, self._written(value)
        return found[1]

    def _written(self, value):
        if self._is_known(value):
            return self._class(value) if isinstance(value, type) else self._object(value)
        if _is_dtype(value):
            return _marked("dtype", value.str)
        write = _WRITERS.get(type(value), _Writer._other)
        return write(self, value)

    def _class(self, value):
        return _marked("class", self.names[value])

    def _object(self, value):
        state = {name: self.write(entry) for name, entry in _state_of(value).items()}
        return self._kept("object", self.objects, _marked(self.names[type(value)], state))

    def _dict(self, value):
        if all(type(key) is str for key in value) and value.keys() != _MARKS:
            return {key: self.write(entry) for key, entry in value.items()}
        return _marked("dict", [[self.write(part) for part in item] for item in value.items()])

    def _list(self, value):
        if len(value) > _SHORT and all(type(entry) is float for entry in value):
            return self._kept("floats", self.arrays, np.array(value))
        return [self.write(entry) for entry in value]

    def _tuple(self, value):
        return _marked("tuple", [self.write(entry) for entry in value])

    def _slice(self, value):
        return _marked("slice", [self.write(v) for v in (value.start, value.stop, value.step)])

    def _array(self, value):
        if _is_words(value):
            return _marked("words", value.tolist())
        return self._kept("array", self.arrays, value.view(np.ndarray))

    def _other(self, value):
        return self._kept("other", self.others, value)

    def _kept(self, kind, among, value):
        among.append(value)
        return _marked(kind, len(among) - 1)


_WRITERS = {
    dict: _Writer._dict,
    list: _Writer._list,
    tuple: _Writer._tuple,
    slice: _Writer._slice,
    np.ndarray: _Writer._array,
    np.memmap: _Writer._array,
}


def _marked(kind, state):
    return {"type": kind, "state": state}


def _is_dtype(value):
    return isinstance(value, np.dtype) and value.names is None


def _is_words(value):
    """Whether a value is an array of str objects, such as names of columns."""
    if type(value) is not np.ndarray or value.dtype != object or value.ndim != 1:
        return False
    return all(type(entry) is str for entry in value)


class _Reader:
    """Reads what was written."""

    def __init__(self, classes, arrays, others):
        self.classes, self.arrays, self.others = classes, arrays, others
        self.objects = []

    def made(self, written):
        """Return the object that was written, which may hold earlier ones."""
        return _made(self._class(written["type"]), self.items(written["state"]))

    def items(self, written):
        return {name: self._read(entry) for name, entry in written.items()}

    def _read(self, value):
        if type(value) is list:
            return [self._read(entry) for entry in value]
        if type(value) is not dict:
            return value
        if value.keys() == _MARKS:
            return _READERS[value["type"]](self, value["state"])
        return self.items(value)

    def _dict(self, pairs):
        return {self._read(key): self._read(entry) for key, entry in pairs}

    def _class(self, name):
        if name not in self.classes:
            raise ValueError(
                f"{name!r} is no class that this version of skdeep knows: the file was written by "
                "a newer version, or was tampered with."
            )
        return self.classes[name]


_READERS = {
    "class": _Reader._class,
    "dict": _Reader._dict,
    "object": lambda reader, number: reader.objects[number],
    "array": lambda reader, number: reader.arrays[number],
    "other": lambda reader, number: reader.others[number],
    "floats": lambda reader, number: reader.arrays[number].tolist(),
    "tuple": lambda reader, entries: tuple(map(reader._read, entries)),
    "slice": lambda reader, entries: slice(*map(reader._read, entries)),
    "words": lambda reader, words: np.array(words, object),
    "dtype": lambda reader, name: np.dtype(name),
}


def _state_of(value):
    """Return what an object of a known class holds, by name."""
    if isinstance(value, PlainState):
        return value._bare_state()
    if isinstance(value, tuple):
        return value._asdict()
    has_own = getattr(type(value), "__getstate__", None) is not _OBJECT_STATE
    return value.__getstate__() if has_own else vars(value)


def _made(cls, state):
    """Return an object of a known class that holds what is given."""
    if issubclass(cls, tuple):
        return cls(**state)
    value = cls.__new__(cls)
    if issubclass(cls, PlainState):
        value._take_bare_state(state)
    elif hasattr(cls, "__setstate__"):
        value.__setstate__(state)
    else:
        vars(value).update(state)
    return value


class PlainState:
    """Mixin of estimators whose ``__getstate__`` is plain, so that pickles and other files are.

    Subclasses name their ``_vocabulary``, and may override ``_bare_state`` to leave something out.
    """

    _vocabulary: Vocabulary

    def __getstate__(self) -> dict[str, Any]:
        return self._vocabulary.plain(self._bare_state())

    def __setstate__(self, state: dict[str, Any]) -> None:
        number = state.get(_OURS[0], 1)
        if number > FORMAT:
            raise ValueError(
                f"The {type(self).__name__} was written by a newer version of skdeep, in format "
                f"{number}; this one reads formats up to {FORMAT}."
            )
        # in the first format the objects were written as they are
        self._take_bare_state(state if number == 1 else self._vocabulary.restored(state))

    def __copy__(self) -> Self:
        twin = object.__new__(type(self))
        twin._take_bare_state(self._bare_state())
        return twin

    def _bare_state(self) -> dict[str, Any]:
        """Return what the estimator holds, as it is, in a dict of its own."""
        return dict(super().__getstate__())

    def _take_bare_state(self, state: dict[str, Any]) -> None:
        """Hold what another one has held."""
        super().__setstate__(state)
