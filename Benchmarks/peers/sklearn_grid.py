"""A grid of small networks over folds in scikit-learn: GridSearchCV with MLPRegressor on two processes.

    python3 Benchmarks/peers/sklearn_grid.py TABLE.csv EPOCHS

Prints the seconds that the search took, imports and reading left out, and the best mean squared error.
"""

import sys
import time
import warnings

import numpy
import pandas
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neural_network import MLPRegressor

warnings.filterwarnings("ignore")
table = pandas.read_csv(sys.argv[1]).to_numpy("float32")
features, target = table[:, :-1], table[:, -1]
features = (features - features.mean(0)) / features.std(0)
model = MLPRegressor(
    activation="relu", solver="adam", alpha=0, batch_size=32, max_iter=int(sys.argv[2]), tol=0, n_iter_no_change=10**6,
    random_state=1,
)
grid = {"learning_rate_init": [0.03, 0.01, 0.003, 0.001], "hidden_layer_sizes": [(4,), (8,), (16,), (32,)]}
start = time.perf_counter()
search = GridSearchCV(
    model, grid, scoring="neg_mean_squared_error", cv=KFold(4, shuffle=True, random_state=1), n_jobs=2, refit=False
)
search.fit(features, target)
print(time.perf_counter() - start, -numpy.max(search.cv_results_["mean_test_score"]))
