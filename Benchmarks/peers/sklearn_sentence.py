"""The demo's work in scikit-learn, as a whole process: 100 epochs of 4-6-6-2 relu, SGD, batch 32 (squared error, as it has no MAE, and a rate at which that does not diverge).

    python3 Benchmarks/peers/sklearn_sentence.py scripts/data.csv
"""

import sys
import warnings

import pandas
from sklearn.neural_network import MLPRegressor

warnings.filterwarnings("ignore")
table = pandas.read_csv(sys.argv[1]).to_numpy("float32")
model = MLPRegressor(
    hidden_layer_sizes=(6, 6), solver="sgd", momentum=0, learning_rate_init=0.001, alpha=0, batch_size=32, max_iter=100, tol=0,
    n_iter_no_change=1000, random_state=42,
)
model.fit(table[:, :4], table[:, 4:])
print(model.loss_)
