"""Microseconds a training step in Keras on TensorFlow, as `fit` does it.

    python keras_step.py WORK
"""

import json
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

from works import data, weights, work

widths, loss_name, optimizer, batch, rows, epochs = work(sys.argv[1])
x, y = data(widths, loss_name, rows)
layers = [keras.Input((widths[0],))]
for at, units in enumerate(widths[1:]):
    last = at + 2 == len(widths)
    activation = "relu" if not last else "softmax" if loss_name == "ce" else None
    layers.append(keras.layers.Dense(units, activation=activation))
model = keras.Sequential(layers)
model.compile(
    loss={"mae": "mae", "mse": "mse", "ce": "sparse_categorical_crossentropy"}[loss_name],
    optimizer=keras.optimizers.Adam() if optimizer == "adam" else keras.optimizers.SGD(0.01),
)
model.set_weights(weights(widths))
steps = (rows + batch - 1) // batch
times = []


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        times.append((time.perf_counter() - self.start) / steps * 1e6)


history = model.fit(x, y, batch_size=batch, epochs=min(epochs, 6) + 1, verbose=0, callbacks=[Clock()])
times = times[1:]
print(json.dumps({"step_us": float(np.median(times)), "best_us": min(times), "loss": history.history["loss"][-1]}))
