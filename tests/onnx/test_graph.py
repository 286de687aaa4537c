"""The graph keeps constants once and in the right type, and only what its results need."""

import numpy as np
import pytest

from skdeep.onnx import Graph


@pytest.fixture
def graph():
    return Graph(18, np.dtype("float32"))


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (0.5, "float32"),
        (3, "int64"),
        (np.array([1, 2], np.int32), "int64"),
        (np.float64(0.5), "float32"),
        (np.array(0.5), "float64"),
        (np.ones((2, 3), np.float32).T, "float32"),
        (np.array([True]), "bool"),
        (np.array(["a"], dtype=object), "object"),
    ],
)
def test_types_of_constants(graph, value, dtype):
    graph.op("Add", "x", value)
    (constant,) = graph.constants.values()
    assert constant.dtype == dtype
    np.testing.assert_array_equal(constant, value)


def test_floats_follow_the_type_of_the_moment(graph):
    graph.op("Add", "x", 0.5)
    graph.dtype = np.dtype("float64")
    graph.op("Add", "x", 0.5)
    assert [constant.dtype for constant in graph.constants.values()] == ["float32", "float64"]


def test_equal_constants_are_kept_once(graph):
    for value in (np.arange(3.0), np.arange(3.0), np.arange(3.0)[:, None], np.zeros(3, np.int64)):
        graph.op("Add", "x", value)
    assert len(graph.constants) == 3


def test_a_constant_is_a_copy(graph):
    value = np.zeros(2)
    graph.op("Add", "x", value)
    value[...] = 1
    assert not next(iter(graph.constants.values())).any()


def test_only_what_results_need_is_left(graph):
    needed = graph.op("Add", "x", 1.0)
    graph.op("Mul", needed, 2.0)
    nodes, constants = graph.finish({"y": needed})
    assert [(node.kind, node.outputs) for node in nodes] == [("Add", ["y"])]
    assert [*constants.values()] == [1.0]


def test_a_result_may_be_an_input_or_two_results_the_same(graph):
    total = graph.op("Add", "x", "x")
    nodes, _ = graph.finish({"one": total, "two": total, "three": "x"})
    assert [(node.kind, node.inputs, node.outputs) for node in nodes] == [
        ("Add", ["x", "x"], ["one"]),
        ("Identity", ["one"], ["two"]),
        ("Identity", ["x"], ["three"]),
    ]


def test_maps_are_remembered(graph):
    maps = graph.as_maps("x", (2, 3, 4))
    assert graph.as_maps("x", (2, 3, 4)) == maps
    rows = graph.as_rows(graph.op("Relu", maps), (2, 3, 4))
    assert graph.has_maps("x", rows)
    assert not graph.has_maps("x", "y")
    nodes, _ = graph.finish({"y": graph.op("Neg", graph.as_maps(rows, (2, 3, 4)))})
    assert [node.kind for node in nodes] == ["Reshape", "Transpose", "Relu", "Neg"]
