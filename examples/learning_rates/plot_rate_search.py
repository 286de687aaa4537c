"""Finding a learning rate: a range test first, then a search from coarse to fine
==============================================================================

LearningRateRangeTest trains for three epochs at each of 13 rates from 0.0001 to 1 and suggests the
lowest that is practically as good as the best. CoarseToFineSearchCV cross-validates full training
at one rate a decade, then at finer ones around the best. Here both found the same rate.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skdeep import MLPClassifier
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest

X_train, X_test, y_train, y_test = train_test_split(*load_digits(return_X_y=True), random_state=0)
network = MLPClassifier((64,), optimizer="momentum", max_iter=20, n_iter_no_change=np.inf)
model = make_pipeline(MinMaxScaler(), network.set_params(random_state=0))

test = LearningRateRangeTest(model, random_state=0).fit(X_train, y_train)
search = CoarseToFineSearchCV(model, cv=3).fit(X_train, y_train)
model.set_params(**test.suggested_params_).fit(X_train, y_train)
(found,) = search.best_params_.values()

print(f"range test, suggested rate: {test.suggested_rate_:.3g}")
print(f"range test, test accuracy at that rate: {model.score(X_test, y_test):.3f}")
print(f"search, best rate: {found:.3g}")
print(f"search, test accuracy at that rate: {search.score(X_test, y_test):.3f}")

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
figure.get_layout_engine().set(wspace=0.06)
test.plot(left)
left.set_title("range test: three epochs at each rate", pad=24)
search.plot(right)
right.set_title("search: cross-validated, coarse, then fine", pad=24)
figure.suptitle(f"Suggested rate {test.suggested_rate_:.2g}, best rate of the search {found:.2g}")
plt.show()
