"""Microseconds a training step in scikit-learn's MLP (squared error or cross-entropy; it has no MAE).

    python sklearn_step.py WORK
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from works import data, work

warnings.filterwarnings("ignore")
widths, loss_name, optimizer, batch, rows, epochs = work(sys.argv[1])
x, y = data(widths, loss_name, rows)
kind = MLPClassifier if loss_name == "ce" else MLPRegressor
model = kind(
    hidden_layer_sizes=widths[1:-1], solver=optimizer, momentum=0, alpha=0, batch_size=batch, max_iter=1, warm_start=True,
    learning_rate_init=0.001 if optimizer == "adam" else 0.01, random_state=1,
)
times = []
for _ in range(min(epochs, 5) + 1):
    start = time.perf_counter()
    model.fit(x, y.ravel() if y.ndim == 1 or y.shape[1] == 1 else y)
    times.append((time.perf_counter() - start) / (rows / batch) * 1e6)
times = times[1:]
print(json.dumps({"step_us": float(np.median(times)), "best_us": min(times), "loss": float(model.loss_)}))
