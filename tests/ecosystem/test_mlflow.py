"""MLflow saves models by skops, if it is told which types are trusted."""

import models
import pytest
from numpy.testing import assert_array_equal
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier

pytest.importorskip("skops")
mlflow = pytest.importorskip("mlflow", minversion="3.17")

pytestmark = pytest.mark.filterwarnings("ignore")  # MLflow's own


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    with mlflow.start_run():
        yield


def test_a_pipeline_is_logged(run):
    model = make_pipeline(StandardScaler(), MLPClassifier((4,), **models.SHORT))
    model.fit(models.X, models.WORDS)
    trusted = ["skdeep.estimators.mlp.MLPClassifier"]
    logged = mlflow.sklearn.log_model(model, name="model", skops_trusted_types=trusted)
    loaded = mlflow.sklearn.load_model(logged.model_uri)
    assert_array_equal(loaded.predict_proba(models.X), model.predict_proba(models.X))
    function = mlflow.pyfunc.load_model(logged.model_uri)
    assert_array_equal(function.predict(models.X), model.predict(models.X))


def test_a_table_is_saved(run, tmp_path):
    name = "table of values"
    trusted = ["skdeep.estimators.tabular.regressor.TabularMLPRegressor"]
    model = models.fitted(name)
    mlflow.sklearn.save_model(model, tmp_path / "model", skops_trusted_types=trusted)
    loaded = mlflow.sklearn.load_model(str(tmp_path / "model"))
    assert_array_equal(loaded.predict(models.TABLE), model.predict(models.TABLE))
