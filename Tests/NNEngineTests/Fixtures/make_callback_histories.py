"""Writes down what the callbacks and the fit options of the real Keras do, for KerasCallbackTests.swift and others.

    pip install -r requirements.txt
    python make_callback_histories.py

keras_callbacks.json holds:

early_stopping, plateau  random histories with random options, each given epoch by epoch to the real EarlyStopping or
                         ReduceLROnPlateau on a small model whose one weight is the epoch's number, so that the weights
                         at the end name the epoch that was put back;
csv                      the files that CSVLogger wrote in real fits, with the logs of these fits;
paths                    what str.format makes of ModelCheckpoint's paths;
numbers                  how Python writes floats;
fits                     small fits with steps_per_epoch, validation_freq, class_weight, sample weights and a plateau: losses
                         of every epoch, learning rates, final weights.

Numbers that Keras gives are float32, written with the fewest digits that read back as the same float32.
"""

import json
import math
import os
import random
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import warnings

warnings.simplefilter("ignore")
HERE = Path(__file__).resolve().parent
HISTORIES = 150


# -- Random histories ----------------------------------------------------------------------------------------


def float32(value):
    return float(np.float32(value))


def dummy():
    """A model of one weight, with metrics whose direction `auto` can look up."""
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(), loss="mse", metrics=["mae", "accuracy"])
    model.evaluate(np.ones((2, 1)), np.ones((2, 1)), verbose=0)
    return model


NAMES = ["loss", "mae", "accuracy", "val_loss", "val_mae", "val_accuracy"]


def history(rng, epochs):
    """Values that fall, rise, stay, tie and now and then are no numbers; some epochs have none of validation."""
    step = rng.choice([0.1, 0.01, 1e-4, 1e-6])
    gaps = rng.random() < 0.3
    level = {name: rng.uniform(0.5, 2) for name in NAMES}
    logs = []
    for _ in range(epochs):
        row = {}
        for name in NAMES:
            level[name] += step * rng.choice([-3, -2, -1, -1, 0, 0, 1, 2])
            row[name] = float32(round(level[name] / step) * step)
            if rng.random() < 0.03:
                row[name] = rng.choice([math.nan, math.inf, -math.inf])
        if gaps and rng.random() < 0.4:
            row = {name: value for name, value in row.items() if not name.startswith("val_")}
        logs.append(row)
    return step, logs


def monitored(rng):
    return rng.choice(["val_loss"] * 4 + NAMES)


def watched(options, logs):
    """The monitored value of each epoch; null where it had none."""
    return [row.get(options["monitor"]) for row in logs]


def run_early_stopping(rng, model):
    epochs = rng.randint(1, 30)
    first = rng.choice([0, 0, 0, 3])
    step, logs = history(rng, epochs)
    options = {
        "monitor": monitored(rng),
        "min_delta": rng.choice([0, 0, step, -step, 1.5 * step, 0.3 * step]),
        "patience": rng.choice([0, 1, 2, 3, 5, 8]),
        "mode": rng.choice(["auto", "auto", "min", "max"]),
        "baseline": rng.choice([None, None, float32(rng.uniform(0.5, 2))]),
        "restore_best_weights": rng.random() < 0.6,
        "start_from_epoch": rng.choice([0, 0, 0, 2, 5]),
    }
    callback = keras.callbacks.EarlyStopping(**options)
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin()
    last = first
    for epoch in range(first, first + epochs):
        model.set_weights([np.array([[epoch + 1]], dtype="float32")])
        callback.on_epoch_end(epoch, dict(logs[epoch - first]))
        last = epoch
        if model.stop_training:
            break
    callback.on_train_end()
    return {
        "options": options,
        "first_epoch": first + 1,
        "values": watched(options, logs),
        "stopped_epoch": last + 1 if model.stop_training else None,
        "best": callback.best,
        # Keras counts it from 0, and says 0 where there was none.
        "best_epoch": callback.best_epoch + 1 if callback.best is not None else None,
        "kept_epoch": int(model.get_weights()[0][0, 0]),
    }


def run_plateau(rng, model):
    epochs = rng.randint(1, 40)
    step, logs = history(rng, epochs)
    rate = rng.choice([0.1, 0.01, 1.0, 0.003])
    options = {
        "monitor": monitored(rng),
        "factor": rng.choice([0.1, 0.5, 0.3, 0.9, 0.0]),
        "patience": rng.choice([0, 1, 1, 2, 3, 6]),
        "mode": rng.choice(["auto", "auto", "min", "max"]),
        "min_delta": rng.choice([1e-4, 0, step, -step, 1.5 * step]),
        "cooldown": rng.choice([0, 0, 1, 3]),
        "min_lr": rng.choice([0.0, 0.0, rate / 20, rate]),
    }
    model.optimizer.learning_rate = rate
    callback = keras.callbacks.ReduceLROnPlateau(**options)
    callback.set_model(model)
    callback.on_train_begin()
    logged, after = [], []
    for epoch in range(epochs):
        row = dict(logs[epoch])
        callback.on_epoch_end(epoch, row)
        logged.append(row["learning_rate"])
        after.append(float(model.optimizer.learning_rate.numpy()))
    return {"options": options, "rate": rate, "values": watched(options, logs), "logged": logged, "after": after}


# -- CSV files -----------------------------------------------------------------------------------------------


def run_csv(rng_seed, validation=True, frequency=1, plateau=None, fits=1, **options):
    """Two epochs more for each fit. `plateau` says whether one stands before or behind the logger."""
    rng = np.random.default_rng(rng_seed)
    x, y = rng.normal(size=(20, 3)).astype("float32"), rng.normal(size=(20, 1)).astype("float32")
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    keras.utils.set_random_seed(rng_seed)
    model.compile(keras.optimizers.SGD(0.01), loss="mse", metrics=["mae"])
    records = []

    class Recorder(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            records.append({"epoch": epoch + 1, "values": dict(logs)})

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log.csv")
        for fit in range(fits):
            logger = keras.callbacks.CSVLogger(path, **options)
            lowering = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=1e9, factor=0.5)
            callbacks = {None: [logger], "before": [lowering, logger], "behind": [logger, lowering]}[plateau]
            model.fit(
                x[:12], y[:12], epochs=5 * fit + 5, initial_epoch=5 * fit, batch_size=4, verbose=0, shuffle=False,
                validation_data=(x[12:], y[12:]) if validation else None, validation_freq=frequency,
                callbacks=[Recorder()] + callbacks,
            )
        text = Path(path).read_bytes().decode()
    return {
        "options": options, "plateau": plateau, "epochs_per_fit": 5, "rate": 0.01, "records": records, "text": text,
    }


# -- Paths and numbers ---------------------------------------------------------------------------------------


def format_paths(rng):
    values = [0.0, -0.0, 0.125, 0.375, 2.5, 0.5, 1.5, 1e-5, 9.9995, 1234.5678, 1e16, 1e22, 123456789.0, 5e-324, 0.1, 1 / 3,
              99.5, 0.00012345, 1e-4, 100.0, math.nan, math.inf, -math.inf, -3.25, 1.7976931348623157e308]
    values += [float32(10 ** rng.uniform(-8, 8)) for _ in range(12)]
    formats = ["", ".2f", ".0f", ".4f", "8.3f", "08.3f", "+.2f", " .1f", "<9.2f", "^9.2f", "*>9.2f", ".3e", ".0e", "E",
               "g", ".3g", ".10g", ".0g", ".3", ".1", ".12", "%", ".1%", "F", "G", "e", "f", "x=12.3f", "_<6"]
    result = []
    for text in formats:
        for value in values:
            result.append({"format": text, "value": repr(value), "text": format(value, text)})
    whole = []
    for text in ["", "d", "02d", "03d", "5d", "<4d", "^5d", "+d", "x", "X", "o", "b", "08b", ".2f", "e", "g", "%", "*^7", "05"]:
        for value in [0, 1, 7, 10, 123, 99999]:
            whole.append({"format": text, "value": str(value), "text": format(value, text)})
    numbers = values + [float32(10 ** rng.uniform(-30, 30)) for _ in range(60)] + [2.0**53, 2.0**54, 1e15, 1e17, 123456.0]
    return result, whole, [{"value": repr(v), "text": str(v)} for v in numbers]


# -- Fits ----------------------------------------------------------------------------------------------------


def run_fit(name, kind="values", batch=8, epochs=5, rows=30, lr=0.1, callbacks=(), validation="none", **options):
    """A 3-4-k network; `validation` is none, plain or weighted rows."""
    rng = np.random.default_rng(sum(map(ord, name)))
    x = rng.normal(size=(rows + 12, 3)).round(3).astype("float32")
    score = np.tanh(x @ rng.normal(size=(3, 3))) + 0.2 * rng.normal(size=(rows + 12, 3))
    units, loss, head = {"values": (1, "mse", None), "binary": (1, "binary_crossentropy", "sigmoid"),
                         "sparse": (3, "sparse_categorical_crossentropy", "softmax"),
                         "onehot": (3, "categorical_crossentropy", "softmax")}[kind]
    ids = np.argmax(score, axis=1)
    y = {"values": score[:, :1], "binary": (score[:, :1] > 0), "sparse": ids[:, None], "onehot": np.eye(3)[ids]}[kind]
    y = y.astype("float32").round(3)
    weights = rng.uniform(0.2, 2, size=rows + 12).round(3).astype("float32")
    model = keras.Sequential([
        keras.layers.Input((3,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(units, activation=head)])
    initial = [(rng.normal(size=w.shape) * 0.5).round(3).astype("float32") for w in model.get_weights()]
    model.set_weights(initial)
    model.compile(keras.optimizers.SGD(lr), loss=loss, metrics=["mae"] if kind == "values" else ["accuracy"])
    steps = []

    class Counter(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            steps.append(0)

        def on_train_batch_end(self, batch, logs=None):
            steps[-1] += 1

    validation_data = {
        "none": None, "plain": (x[rows:], y[rows:]), "weighted": (x[rows:], y[rows:], weights[rows:])}[validation]
    logs = []

    recorder = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, log: logs.append(dict(log)))
    arguments = dict(options)
    if arguments.pop("sample_weight", False):
        arguments["sample_weight"] = weights[:rows]
    if "class_weight" in arguments:
        arguments["class_weight"] = {int(k): v for k, v in arguments["class_weight"].items()}
    made = [keras.callbacks.ReduceLROnPlateau(**c) for c in callbacks]
    model.fit(x[:rows], y[:rows], epochs=epochs, batch_size=batch, shuffle=False, verbose=0,
              validation_data=validation_data, callbacks=[Counter()] + made + [recorder], **arguments)
    return {
        "name": name, "kind": kind, "batch": batch, "epochs": epochs, "rows": rows, "lr": lr, "validation": validation,
        "options": options, "plateaus": list(callbacks), "x": x, "y": y, "weights": weights, "initial": initial,
        "steps": steps, "logs": logs, "final": model.get_weights(),
    }


def run_fits():
    return [
        run_fit("spe-divides", steps_per_epoch=2),
        run_fit("spe-runs-out", steps_per_epoch=3, epochs=6),
        run_fit("spe-more-than-there-is", steps_per_epoch=9, epochs=3),
        run_fit("spe-one", steps_per_epoch=1, epochs=9, validation="plain"),
        run_fit("freq-two", validation="plain", validation_freq=2, epochs=6),
        run_fit("freq-list", validation="plain", validation_freq=[1, 4, 5], epochs=6),
        run_fit("freq-beyond", validation="plain", validation_freq=7, epochs=3),
        run_fit("sample-weights", validation="weighted", sample_weight=True),
        run_fit("sample-weights-training-only", validation="plain", sample_weight=True),
        run_fit("class-weight-binary", kind="binary", class_weight={"0": 0.5, "1": 3.0}, validation="plain"),
        run_fit("class-weight-sparse", kind="sparse", class_weight={"0": 1.0, "2": 4.0}, validation="plain", lr=0.3),
        run_fit("class-weight-onehot", kind="onehot", class_weight={"1": 0.0, "2": 2.5}, validation="weighted"),
        run_fit("plateau", callbacks=[{"monitor": "loss", "patience": 1, "min_delta": 0.02, "factor": 0.3}], epochs=10, lr=0.5),
        run_fit("plateau-floor", validation="plain", epochs=10, lr=0.4,
                callbacks=[{"patience": 1, "min_delta": 0.5, "factor": 0.5, "min_lr": 0.15, "cooldown": 1}]),
    ]


# -- Writing -------------------------------------------------------------------------------------------------


def number(value):
    value = float(value)
    if not math.isfinite(value):
        return json.dumps("nan" if math.isnan(value) else "inf" if value > 0 else "-inf")
    if float(np.float32(value)) == value:
        text = np.format_float_scientific(np.float32(value), unique=True, trim="-")
        plain = np.format_float_positional(np.float32(value), unique=True, trim="-")
        return plain if len(plain) <= len(text) else text
    return repr(value)


def encode(value, depth=0):
    if isinstance(value, np.ndarray):
        return "[" + ",".join(map(number, value.ravel())) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{encode(v, depth + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        separator = ",\n" if depth < 2 else ","
        return "[" + separator.join(encode(v, depth + 1) for v in value) + "]"
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return json.dumps(value)
    return number(value)


def main():
    rng = random.Random(20240617)
    model = dummy()
    floats, wholes, numbers = format_paths(rng)
    result = {
        "early_stopping": [run_early_stopping(rng, model) for _ in range(HISTORIES)],
        "plateau": [run_plateau(rng, model) for _ in range(HISTORIES)],
        "csv": [
            run_csv(1), run_csv(2, validation=False), run_csv(3, plateau="before"), run_csv(4, plateau="behind"),
            run_csv(5, frequency=2), run_csv(6, frequency=2, plateau="before", separator=";"),
            run_csv(7, validation=False, plateau="before", separator="\t"), run_csv(8, fits=2, append=True),
            run_csv(9, fits=2, append=False), run_csv(10, frequency=[2, 3], separator="."),
        ],
        "floats": floats, "wholes": wholes, "numbers": numbers,
        "fits": run_fits(),
    }
    path = HERE / "keras_callbacks.json"
    path.write_text(encode(result) + "\n")
    stopped = sum(one["stopped_epoch"] is not None for one in result["early_stopping"])
    lowered = sum(one["after"][-1] < float32(one["rate"]) for one in result["plateau"])
    print(f"{path.name}: {path.stat().st_size:,} bytes; {stopped} stop, {lowered} lower the rate of {HISTORIES}")


main()
