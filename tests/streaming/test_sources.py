"""Where streams come from: every source gives the same rows, and says what is wrong."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.preprocessing import StandardScaler

from skdeep import Autoencoder, MLPClassifier, MLPRegressor
from skdeep.streaming import fit_stream, sources

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")
ds = pytest.importorskip("pyarrow.dataset")
pq = pytest.importorskip("pyarrow.parquet")

rng = np.random.default_rng(0)
X = rng.standard_normal((500, 3))
NAMES = ["u", "v", "w"]
FRAME = pd.DataFrame(X, columns=NAMES)
FRAME["label"] = np.where(X[:, 0] > 0, "up", np.where(X[:, 1] > 0, "down", "none"))
FEATURES, LABELS = FRAME[NAMES], FRAME["label"]
MODEL = MLPClassifier((5,), max_iter=3, n_iter_no_change=np.inf, random_state=0)
WHOLE = MLPClassifier(**MODEL.get_params()).fit(FEATURES, LABELS)


class Again:
    """Anything that can be iterated several times."""

    def __iter__(self):
        return ((FEATURES[i : i + 99], LABELS[i : i + 99]) for i in range(0, 500, 99))


def folder(path):
    for number in range(3):
        part = FRAME[number * 200 : (number + 1) * 200]
        part.to_parquet(path / f"part{number}.parquet", row_group_size=64, index=False)
    return path


def file(path):
    FRAME.to_parquet(path / "rows.parquet", row_group_size=64, index=False)
    return path / "rows.parquet"


def levels(path):
    FRAME.astype({"label": "category"}).to_parquet(path / "levels.parquet", index=False)
    return path / "levels.parquet"


def csv(path):
    FRAME.to_csv(path / "rows.csv", index=False)
    return pl.scan_csv(path / "rows.csv")


SOURCES = {
    "path": file,
    "string": lambda path: str(file(path)),
    "folder": folder,
    "levels": levels,
    "dataset": lambda path: ds.dataset(folder(path), format="parquet"),
    "filtered": lambda path: ds.dataset(file(path), format="parquet").filter(ds.field("u") > -99),
    "in memory": lambda path: ds.dataset(pa.Table.from_pandas(FRAME)),
    "table": lambda path: pa.Table.from_pandas(FRAME),
    "scan": lambda path: pl.scan_parquet(file(path)),
    "csv": csv,
    "frames of pandas": lambda path: [FRAME[:200], FRAME[200:200], FRAME[200:]],
    "frames of polars": lambda path: [pl.from_pandas(FRAME[:200]), pl.from_pandas(FRAME[200:])],
    "iterable": lambda path: Again(),
    "function": lambda path: lambda: iter(Again()),
    "function of a list": lambda path: lambda: list(Again()),
}


OF_POLARS = "scan", "csv", "frames of polars"
# scikit-learn 1.7 does not see the names of polars 2
READS_NAMES_OF_POLARS = hasattr(StandardScaler().fit(pl.DataFrame(X, NAMES)), "feature_names_in_")


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_gives_the_rows_of_the_frame(tmp_path, name):
    batches = SOURCES[name](tmp_path)
    is_split = name in ("iterable", "function", "function of a list")
    model = MLPClassifier(**MODEL.get_params())
    fit_stream(model, batches, target=None if is_split else "label")
    assert_array_equal(WHOLE._network.parameters, model._network.parameters)
    features = FEATURES
    if name in OF_POLARS and not READS_NAMES_OF_POLARS:
        assert not hasattr(model, "feature_names_in_")  # as after ``fit`` on such a frame
        features = FEATURES.to_numpy()
    else:
        assert model.feature_names_in_.tolist() == NAMES
    assert_array_equal(model.predict(features), WHOLE.predict(FEATURES))


def test_dask(tmp_path):
    dd = pytest.importorskip("dask.dataframe")
    model = MLPClassifier(**MODEL.get_params())
    fit_stream(model, dd.from_pandas(FRAME, npartitions=4), target="label")
    assert_array_equal(WHOLE._network.parameters, model._network.parameters)
    with pytest.raises(TypeError, match="Of Dask, batches must be a DataFrame"):
        fit_stream(model, dd.from_pandas(FRAME["u"], npartitions=4), target="label")


class Partitions:
    """What is asked of Dask, where it is not installed."""

    __module__ = "dask.dataframe"
    npartitions, columns = 3, list(FRAME)

    class _Part:
        def __init__(self, frame):
            self.frame = frame

        def compute(self):
            return self.frame

    @property
    def partitions(self):
        return [self._Part(FRAME[i * 200 : (i + 1) * 200]) for i in range(3)]


def test_partitions_are_computed_one_by_one():
    model = MLPClassifier(**MODEL.get_params())
    fit_stream(model, Partitions(), target="label")
    assert_array_equal(WHOLE._network.parameters, model._network.parameters)


def test_polars_without_batches_is_read_by_slices(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "_piece_rows", lambda n_columns: 64)
    scan = pl.scan_parquet(file(tmp_path))
    sizes = [len(frame) for frame in sources._slices(scan, 64)]
    assert sizes == [64] * 7 + [52]
    monkeypatch.delattr(pl.LazyFrame, "collect_batches", raising=False)
    model = fit_stream(MLPClassifier(**MODEL.get_params()), scan, target="label")
    assert_array_equal(WHOLE._network.parameters, model._network.parameters)


def test_several_targets(tmp_path):
    y = X @ rng.standard_normal((3, 2))
    FRAME.drop(columns="label").assign(a=y[:, 0], b=y[:, 1]).to_parquet(tmp_path / "p")
    params = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0}
    model = fit_stream(MLPRegressor((5,), **params), tmp_path / "p", target=["a", "b"])
    whole = MLPRegressor((5,), **params).fit(FEATURES, y)
    assert_array_equal(whole._network.parameters, model._network.parameters)


def test_frames_without_a_target(tmp_path):
    FEATURES.to_parquet(tmp_path / "p")
    params = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0}
    model = fit_stream(Autoencoder((2,), **params), tmp_path / "p")
    whole = Autoencoder((2,), **params).fit(FEATURES)
    assert_array_equal(whole._network.parameters, model._network.parameters)


def test_pieces_are_not_larger_than_asked_for():
    assert sources._piece_rows(40) == 2**21 // 40
    assert sources._piece_rows(1) == 2**16
    assert sources._piece_rows(10**6) == 1024


@pytest.mark.parametrize(
    ("batches", "error", "words"),
    [
        (iter(Again()), TypeError, "generator, which can be iterated once only.*without calling"),
        (zip([X], [LABELS], strict=True), TypeError, "zip, which can be iterated once only"),
        (X, TypeError, "got ndarray. Data in memory are for the estimator's fit"),
        (FRAME, TypeError, "got DataFrame. Data in memory"),
        (pl.from_pandas(FRAME), TypeError, "got DataFrame. Data in memory"),
        (5, TypeError, "batches must be a list of pieces.*got int"),
        (None, TypeError, "batches must be a list of pieces.*got NoneType"),
        (lambda: 5, TypeError, "function, and must return an iterator.*returned int"),
        ("/no/such.parquet", FileNotFoundError, "'/no/such.parquet': there is no such file"),
    ],
)
def test_what_is_no_stream(batches, error, words):
    with pytest.raises(error, match=words):
        fit_stream(MLPClassifier(), batches)


@pytest.mark.parametrize(
    ("batches", "target", "error", "words"),
    [
        ([FRAME], "lable", ValueError, "piece 0 has no column 'lable'.*'w', 'label'"),
        ([FRAME], ["label", "z"], ValueError, "piece 0 has no column 'z'"),
        ([(X, LABELS)], "label", TypeError, "piece 0 is a tuple, which has no columns"),
        ([X], "label", TypeError, "piece 0 is a ndarray, which has no columns"),
        ([FRAME, FRAME[["v", "u", "w", "label"]]], "label", ValueError, "piece 1: .*same order"),
        ([FRAME, FRAME[["u", "v", "label"]]], "label", ValueError, "piece 1: .*missing:\n- w"),
        ([FRAME, FRAME.assign(q=1)], "label", ValueError, "piece 1: .*unseen at fit time:\n- q"),
        ([FRAME], None, ValueError, "piece 0: y is missing.*target"),
    ],
)
def test_frames_that_do_not_suit(batches, target, error, words):
    with pytest.raises(error, match=f"(?s){words}"):
        fit_stream(MLPClassifier(), batches, target=target)


def test_a_missing_package_is_named(tmp_path):
    code = (
        "import sys; sys.modules['pyarrow'] = None; sys.modules['pyarrow.dataset'] = None\n"
        "from skdeep import MLPClassifier; from skdeep.streaming import fit_stream\n"
        "try: fit_stream(MLPClassifier(), sys.argv[1], target='label')\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(file(tmp_path))], capture_output=True, text=True
    )
    assert "needs pyarrow, which is not installed: pip install pyarrow" in run.stdout


def test_files_of_parquet_are_read_a_row_group_at_a_time(tmp_path):
    sizes = [len(piece[1]) for piece in sources.Stream(file(tmp_path), "label")]
    assert sizes == [64] * 7 + [52]
