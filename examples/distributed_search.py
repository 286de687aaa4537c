"""A search on a cluster: every fit of it runs on one of Dask's workers
=======================================================================

It needs one more package: pip install "dask[distributed]".
"""

import sys
from importlib.util import find_spec

import joblib
import numpy as np
from scipy.stats import loguniform
from sklearn.datasets import load_digits
from sklearn.model_selection import RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier


def main():
    """Search at home and on the cluster; the scores have the same bits."""
    from dask.distributed import Client, LocalCluster

    X, y = load_digits(return_X_y=True)
    network = MLPClassifier((50,), max_iter=20, n_iter_no_change=np.inf, random_state=0)
    search = RandomizedSearchCV(
        make_pipeline(StandardScaler(), network),
        {
            "mlpclassifier__learning_rate_init": loguniform(1e-4, 1e-1),
            "mlpclassifier__dropout": [0.0, 0.2],
        },
        n_iter=6,
        cv=3,
        random_state=0,
    )
    at_home = search.fit(X, y).cv_results_["mean_test_score"]

    # On a real cluster `Client("tcp://scheduler:8786")` takes the place of LocalCluster and its
    # client, and is all that changes: there `dask scheduler` runs, and workers have skdeep.
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**local) as cluster, Client(cluster), joblib.parallel_config("dask"):
        search.fit(X, y)

    print("best:", {name: round(float(value), 4) for name, value in search.best_params_.items()})
    print(f"accuracy in cross-validation {search.best_score_:.3f}")
    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], at_home)
    print("the scores are those of the same search at home")


if __name__ == "__main__":  # workers load this file, and must not start clusters of their own
    if find_spec("distributed") is None:
        print('Dask is not installed: pip install "dask[distributed]"')
        sys.exit()
    main()
