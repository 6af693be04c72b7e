"""The demo's work in Keras 3, as a whole process: 100 epochs of 4-6-6-2 relu, MAE, SGD, batch 32.

    python3 Benchmarks/peers/keras_sentence.py scripts/data.csv
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import pandas

table = pandas.read_csv(sys.argv[1]).to_numpy("float32")
keras.utils.set_random_seed(42)
model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(6, activation="relu"),
        keras.layers.Dense(6, activation="relu"),
        keras.layers.Dense(2),
    ]
)
model.compile(loss="mae", optimizer="sgd")
history = model.fit(table[:, :4], table[:, 4:], epochs=100, batch_size=32, verbose=0)
print(history.history["loss"][-1])
