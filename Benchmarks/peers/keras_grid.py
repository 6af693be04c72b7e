"""A grid of small networks over folds in Keras 3, in a loop, as its users write it.

    python3 Benchmarks/peers/keras_grid.py TABLE.csv EPOCHS

Prints the seconds that the loop took, imports and reading left out, and the best mean squared error.
"""

import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy
import pandas

table = pandas.read_csv(sys.argv[1]).to_numpy("float32")
features, target = table[:, :-1], table[:, -1:]
features = (features - features.mean(0)) / features.std(0)
order = numpy.random.default_rng(1).permutation(len(table))
folds = numpy.array_split(order, 4)
best = float("inf")
start = time.perf_counter()
for rate in [0.03, 0.01, 0.003, 0.001]:
    for width in [4, 8, 16, 32]:
        losses = []
        for fold in folds:
            keras.utils.set_random_seed(1)
            keras.backend.clear_session()
            model = keras.Sequential(
                [keras.Input((features.shape[1],)), keras.layers.Dense(width, activation="relu"), keras.layers.Dense(1)]
            )
            model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
            training = numpy.setdiff1d(order, fold)
            history = model.fit(
                features[training], target[training], epochs=int(sys.argv[2]), batch_size=32, verbose=0,
                validation_data=(features[fold], target[fold]),
            )
            losses.append(history.history["val_loss"][-1])
        best = min(best, sum(losses) / len(losses))
print(time.perf_counter() - start, best)
