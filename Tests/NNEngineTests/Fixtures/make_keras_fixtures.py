"""Writes down what the real Keras does, for KerasFixtureTests.swift to hold the engine against.

    pip install -r requirements.txt
    python make_keras_fixtures.py

Trains small networks in Keras 3 on TensorFlow (CPU) from given weights, rows in order, and writes
keras_training.json: the tables, and for each case the network, the options, the initial weights, the logs of every
epoch, the final weights and the predictions. keras_functions.json holds single functions at awkward points.

Rounding alone can move a run, so each case is trained a second time with the feature columns permuted (and
the first kernel's rows with them), which changes the order of the sums and nothing else. `twin` is how far the two
differ, by the measure of the tests: max|a-b| / max(1e-2, max|a|) for a tensor, |a-b| / max(1e-3, |a|) for a
loss. A case whose twins differ by more than a fifth of the tolerance is refused: choose another seed.

Numbers are float32, written with the fewest digits that read back as the same float32.
"""

import json
import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-5
PERMUTATION = [3, 0, 4, 1, 2]


# -- Tables --------------------------------------------------------------------------------------------------


def make_tables():
    """Every table has 52 rows of 5 features; batches of 16 leave a last one of 4."""
    random = np.random.default_rng(2024)
    x = random.normal(size=(52, 5)).astype(np.float32).round(3)
    hidden = np.tanh(x @ random.normal(size=(5, 4)))
    values = (hidden @ random.normal(size=(4, 3)) + 0.1 * random.normal(size=(52, 3))).round(3)
    classes = np.argmax(hidden @ random.normal(size=(4, 3)) + 0.3 * random.normal(size=(52, 3)), axis=1)
    flags = (hidden @ random.normal(size=(4, 2)) + 0.3 * random.normal(size=(52, 2)) > 0).astype(np.float32)
    weights = random.uniform(0, 2, size=52).round(3)
    weights[[5, 17]] = 0
    return {
        "values": (x, values.astype(np.float32)),
        "classes": (x, classes[:, None].astype(np.float32)),
        "onehot": (x, np.eye(3, dtype=np.float32)[classes]),
        "flags": (x, flags),
    }, weights.astype(np.float32)


# -- What a case is made of ----------------------------------------------------------------------------------


def activation(spec):
    """Keras's function for {"name": …, options}."""
    spec = dict(spec)
    name = spec.pop("name")
    function = keras.activations.get(name)
    # A lambda, and not a partial: Keras would look inside a partial for the function alone.
    return (lambda x: function(x, **spec)) if spec else function


def dense(units, act="linear", **options):
    return {"kind": "dense", "units": units, "activation": named(act), **options}


def named(value):
    return {"name": value} if isinstance(value, str) else value


def regularizer(layer, prefix):
    l1, l2 = layer.get(prefix + "_l1", 0.0), layer.get(prefix + "_l2", 0.0)
    return keras.regularizers.L1L2(l1=l1, l2=l2) if l1 or l2 else None


def build(layers, width):
    model = keras.Sequential([keras.Input((width,))])
    for layer in layers:
        if layer["kind"] == "activation":
            model.add(keras.layers.Activation(activation(layer["activation"])))
            continue
        model.add(
            keras.layers.Dense(
                layer["units"],
                activation=activation(layer["activation"]),
                use_bias=layer.get("use_bias", True),
                kernel_regularizer=regularizer(layer, "kernel"),
                bias_regularizer=regularizer(layer, "bias"),
                activity_regularizer=regularizer(layer, "activity"),
            )
        )
    return model


LOSSES = {
    "mean_absolute_error": keras.losses.MeanAbsoluteError,
    "mean_squared_error": keras.losses.MeanSquaredError,
    "huber": keras.losses.Huber,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
}
OPTIMIZERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
METRICS = {
    "mae": keras.metrics.MeanAbsoluteError,
    "mse": keras.metrics.MeanSquaredError,
    "rmse": keras.metrics.RootMeanSquaredError,
    "r2": keras.metrics.R2Score,
    "binary_accuracy": keras.metrics.BinaryAccuracy,
    "categorical_accuracy": keras.metrics.CategoricalAccuracy,
    "sparse_categorical_accuracy": keras.metrics.SparseCategoricalAccuracy,
}


def make(kinds, spec):
    spec = dict(spec)
    return kinds[spec.pop("name")](**spec)


# -- Cases ---------------------------------------------------------------------------------------------------

HIDDEN = [dense(7, "tanh"), dense(3)]
SGD = {"name": "sgd", "learning_rate": 0.05}
ADAM = {"name": "adam", "learning_rate": 0.01}


def case(name, table, layers, loss, optimizer=SGD, epochs=5, seed=0, scale=1.0, **fit):
    return {
        "name": name, "table": table, "layers": layers, "loss": named(loss), "optimizer": optimizer,
        "epochs": epochs, "seed": seed, "scale": scale, **fit,
    }  # fmt: skip


def loss_cases():
    softmax = [dense(7, "tanh"), dense(3, "softmax")]
    sigmoid = [dense(7, "tanh"), dense(2, "sigmoid")]
    logits2 = [dense(7, "tanh"), dense(2)]
    bce, cce, sparse = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
    yield case("mae", "values", HIDDEN, "mean_absolute_error", metrics=["mae", "mse", "rmse", "r2"])
    yield case("mse", "values", HIDDEN, "mean_squared_error", metrics=["mae", "mse", "rmse", "r2"])
    yield case("huber", "values", HIDDEN, "huber")
    yield case("huber delta", "values", HIDDEN, {"name": "huber", "delta": 0.3})
    yield case("binary", "flags", sigmoid, bce, metrics=["binary_accuracy"])
    yield case("binary from logits", "flags", logits2, {"name": bce, "from_logits": True})
    yield case("binary smoothed", "flags", sigmoid, {"name": bce, "label_smoothing": 0.1})
    yield case(
        "binary smoothed from logits", "flags", logits2,
        {"name": bce, "label_smoothing": 0.2, "from_logits": True})  # fmt: skip
    # Kernels twenty times as large: the sigmoid is 0 or 1, and only the logits still have a gradient.
    yield case("binary saturated", "flags", sigmoid, bce, scale=20.0)
    # A sigmoid of its own layer, and probabilities that no sigmoid made.
    yield case("binary after activation layer", "flags", logits2 + [{"kind": "activation", "activation": named("sigmoid")}], bce)
    yield case("binary of clipped relu", "flags", [dense(7, "tanh"), dense(2, {"name": "relu", "max_value": 1.0})], bce)
    yield case("binary of softmax", "flags", [dense(7, "tanh"), dense(2, "softmax")], bce)
    yield case("categorical", "onehot", softmax, cce, metrics=["categorical_accuracy"])
    yield case("categorical from logits", "onehot", HIDDEN, {"name": cce, "from_logits": True})
    yield case("categorical smoothed", "onehot", softmax, {"name": cce, "label_smoothing": 0.1})
    yield case(
        "categorical smoothed from logits", "onehot", HIDDEN,
        {"name": cce, "label_smoothing": 0.3, "from_logits": True})  # fmt: skip
    yield case("categorical saturated", "onehot", softmax, cce, scale=20.0)
    yield case("categorical of sigmoid", "onehot", [dense(7, "tanh"), dense(3, "sigmoid")], cce)
    yield case("sparse", "classes", softmax, sparse, metrics=["sparse_categorical_accuracy"])
    yield case("sparse from logits", "classes", HIDDEN, {"name": sparse, "from_logits": True})
    yield case("sparse ignoring a class", "classes", softmax, {"name": sparse, "ignore_class": 1})
    yield case("sparse saturated", "classes", softmax, sparse, scale=20.0)
    yield case("sparse of sigmoid", "classes", [dense(7, "tanh"), dense(3, "sigmoid")], sparse)


def activation_cases():
    for spec in [
        "linear", "relu", "sigmoid", "tanh", "softmax", "leaky_relu", "elu", "gelu",
        {"name": "relu", "max_value": 0.8}, {"name": "relu", "negative_slope": 0.1},
        {"name": "relu", "threshold": 0.3},
        {"name": "relu", "negative_slope": 0.2, "max_value": 0.7, "threshold": 0.1},
        {"name": "leaky_relu", "negative_slope": 0.05}, {"name": "elu", "alpha": 0.5},
        {"name": "gelu", "approximate": True},
    ]:  # fmt: skip
        options = named(spec)
        label = " ".join(f"{value}" if key == "name" else f"{key}={value}" for key, value in options.items())
        layers = [dense(7, options), dense(6, options), dense(3)]
        yield case(f"hidden {label}", "values", layers, "mean_squared_error", metrics=["mae"])
    yield case(
        "activation layers", "values",
        [dense(7), {"kind": "activation", "activation": named("elu")}, dense(3)], "mean_squared_error")  # fmt: skip


def optimizer_cases():
    for label, options in [
        ("sgd default", {"name": "sgd"}),
        ("sgd momentum", {"name": "sgd", "learning_rate": 0.02, "momentum": 0.9}),
        ("sgd nesterov", {"name": "sgd", "learning_rate": 0.02, "momentum": 0.9, "nesterov": True}),
        ("sgd nesterov without momentum", {"name": "sgd", "learning_rate": 0.02, "nesterov": True}),
        ("adam default", {"name": "adam"}),
        ("adam", ADAM),
        ("adam betas", {**ADAM, "beta_1": 0.7, "beta_2": 0.9}),
        ("adam epsilon", {**ADAM, "epsilon": 0.01}),
        ("adam amsgrad", {**ADAM, "amsgrad": True, "beta_2": 0.8}),
    ]:
        yield case(label, "values", HIDDEN, "mean_squared_error", options, epochs=10)


def regularizer_cases():
    for label, options in [
        ("kernel l1", {"kernel_l1": 0.01}),
        ("kernel l2", {"kernel_l2": 0.02}),
        ("kernel l1 and l2", {"kernel_l1": 0.01, "kernel_l2": 0.02}),
        ("bias l1 and l2", {"bias_l1": 0.02, "bias_l2": 0.03}),
        ("activity l1", {"activity_l1": 0.01}),
        ("activity l2", {"activity_l2": 0.02}),
        ("all regularizers", {"kernel_l2": 0.01, "bias_l1": 0.01, "activity_l1": 0.01, "activity_l2": 0.01}),
    ]:
        layers = [dense(7, "tanh", **options), dense(3, "linear", **options)]
        yield case(label, "values", layers, "mean_squared_error", ADAM, validation_split=0.2)
    softmax = [dense(7, "tanh", activity_l2=0.05), dense(3, "softmax", activity_l2=0.05)]
    yield case("activity on softmax", "onehot", softmax, "categorical_crossentropy", ADAM)


def fit_cases():
    yield case("no bias", "values", [dense(7, "tanh", use_bias=False), dense(3, use_bias=False)], "mean_squared_error")
    yield case("one layer", "values", [dense(3)], "mean_squared_error")
    yield case("five layers", "values", [dense(7, "tanh"), dense(6, "gelu"), dense(9, "sigmoid"), dense(4, "elu"), dense(3)], "mean_squared_error", ADAM)
    yield case("one batch", "values", HIDDEN, "mean_squared_error", batch=64)
    yield case("batch of one", "values", HIDDEN, "mean_squared_error", {"name": "sgd", "learning_rate": 0.01}, batch=1, epochs=3)
    yield case("wide batch, wide layer", "values", [dense(70, "relu"), dense(33, "tanh"), dense(3)], "mean_squared_error", batch=24)
    yield case("sample weights mse", "values", HIDDEN, "mean_squared_error", sample_weight=True, metrics=["mae"])
    yield case("sample weights mae", "values", HIDDEN, "mean_absolute_error", ADAM, sample_weight=True)
    yield case("sample weights binary", "flags", [dense(7, "tanh"), dense(2, "sigmoid")], "binary_crossentropy", sample_weight=True)
    yield case("sample weights sparse", "classes", [dense(7, "tanh"), dense(3, "softmax")], "sparse_categorical_crossentropy", sample_weight=True, metrics=["sparse_categorical_accuracy"])
    yield case("sample weights, split off rows, l2", "values", [dense(7, "tanh", kernel_l2=0.01), dense(3)], "mean_squared_error", sample_weight=True, validation_split=0.3, metrics=["mae"])
    yield case("validation split", "values", HIDDEN, "mean_squared_error", validation_split=0.25, metrics=["mae", "r2"])
    yield case("validation split of classes", "classes", [dense(7, "tanh"), dense(3, "softmax")], "sparse_categorical_crossentropy", ADAM, validation_split=0.1, metrics=["sparse_categorical_accuracy"])
    yield case("the sentence's network", "values", [dense(6, "relu"), dense(6, "relu"), dense(3)], "mean_absolute_error", {"name": "sgd"}, batch=32)


def stopping_cases():
    """A learning rate at which val_loss gets worse again, so that each rule stops at an epoch of its own."""
    wild = {"name": "sgd", "learning_rate": 0.4, "momentum": 0.8}
    base = {"monitor": "val_loss", "patience": 2, "restore_best_weights": True}
    for label, options in [
        ("stop and restore", {}),
        ("stop without restoring", {"restore_best_weights": False}),
        ("patience 0", {"patience": 0}),
        ("patience 1", {"patience": 1}),
        ("patience not reached", {"patience": 50}),
        ("min_delta", {"min_delta": 0.15, "patience": 5}),
        ("min_delta not reached", {"min_delta": 0.3, "patience": 6}),
        ("baseline", {"baseline": 0.5, "patience": 3}),
        ("baseline never beaten", {"baseline": 1e-4, "patience": 3}),
        ("start_from_epoch", {"start_from_epoch": 4}),
        ("mode max on a loss", {"mode": "max"}),
        ("monitor the training loss", {"monitor": "loss", "min_delta": 0.02, "patience": 1}),
    ]:
        yield case(
            f"early stopping: {label}", "values", HIDDEN, "mean_squared_error", wild, epochs=10,
            validation_split=0.3, early_stopping={**base, **options})  # fmt: skip
    yield case(
        "early stopping: on accuracy", "classes", [dense(7, "tanh"), dense(3, "softmax")],
        "sparse_categorical_crossentropy", wild, epochs=10, validation_split=0.3,
        metrics=["sparse_categorical_accuracy"],
        early_stopping={**base, "monitor": "val_sparse_categorical_accuracy"})  # fmt: skip


# -- Running a case ------------------------------------------------------------------------------------------


def initial_weights(spec, width):
    random = np.random.default_rng(1_000 + spec["seed"])
    weights = []
    for layer in spec["layers"]:
        if layer["kind"] != "dense":
            continue
        size = np.sqrt(6 / (width + layer["units"])) * spec["scale"]
        weights.append(random.uniform(-size, size, size=(width, layer["units"])).astype(np.float32).round(4))
        if layer.get("use_bias", True):
            weights.append(random.uniform(-0.1, 0.1, size=layer["units"]).astype(np.float32).round(4))
        width = layer["units"]
    return weights


class Stopping(keras.callbacks.EarlyStopping):
    """Keras's own, which leaves how it ended on the record."""

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        self.outcome = {"stopped": self.stopped_epoch > 0, "best_epoch": self.best_epoch + 1}


def train(spec, x, y, sample_weights, start):
    keras.utils.set_random_seed(0)
    model = build(spec["layers"], x.shape[1])
    model.compile(
        optimizer=make(OPTIMIZERS, spec["optimizer"]),
        loss=make(LOSSES, spec["loss"]),
        # Named as the fixture names them: Keras would choose its own words.
        metrics=[METRICS[name](name=name) for name in spec.get("metrics", [])],
    )
    model.set_weights(start)
    callbacks = [Stopping(**spec["early_stopping"])] if "early_stopping" in spec else []
    weights = sample_weights if spec.get("sample_weight") else None
    batch = spec.get("batch", 16)
    history = model.fit(
        x, y, batch_size=batch, epochs=spec["epochs"], shuffle=False, verbose=0, sample_weight=weights,
        validation_split=spec.get("validation_split", 0.0), callbacks=callbacks)  # fmt: skip
    # In one batch, unlike the validation of `fit`: with `ignore_class` the two differ.
    evaluated = model.evaluate(
        x, y, batch_size=len(x), sample_weight=weights, verbose=0, return_dict=True)
    return {
        "history": {name: [float(value) for value in values] for name, values in history.history.items()},
        "final": model.get_weights(),
        "predictions": model.predict(x, batch_size=batch, verbose=0),
        "evaluated": {name: float(value) for name, value in evaluated.items()},
        "stopping": callbacks[0].outcome if callbacks else None,
    }


def tensor_distance(a, b):
    return float(np.max(np.abs(a - b)) / max(1e-2, np.max(np.abs(a)))) if a.size else 0.0


def loss_distance(a, b):
    return abs(a - b) / max(1e-3, abs(a))


def distance(a, b):
    """The largest difference between two runs, infinite if they ended apart."""
    if a["stopping"] != b["stopping"] or a["history"].keys() != b["history"].keys():
        return np.inf
    far = [tensor_distance(p, q) for p, q in zip(a["final"] + [a["predictions"]], b["final"] + [b["predictions"]])]
    for name, values in a["history"].items():
        if len(values) != len(b["history"][name]):
            return np.inf
        far += [loss_distance(p, q) for p, q in zip(values, b["history"][name])]
    far += [loss_distance(value, b["evaluated"][name]) for name, value in a["evaluated"].items()]
    return max(far)


def run(spec, tables, sample_weights):
    x, y = tables[spec["table"]]
    for attempt in range(20):
        spec["seed"] = attempt
        start = initial_weights(spec, x.shape[1])
        result = train(spec, x, y, sample_weights, start)
        permuted = [start[0][PERMUTATION]] + start[1:]
        twin = train(spec, x[:, PERMUTATION], y, sample_weights, permuted)
        twin["final"][0] = twin["final"][0][np.argsort(PERMUTATION)]
        apart = distance(result, twin)
        if apart <= TOLERANCE / 5:
            break
        print(f"  seed {attempt}: twins differ by {apart:.1e}, trying another", file=sys.stderr)
    else:
        raise SystemExit(f"{spec['name']}: Keras does not agree with its twin for any seed")
    spec.pop("scale")
    spec.pop("seed")
    return {**spec, "twin": apart, "initial": start, **result}


# -- Single functions ----------------------------------------------------------------------------------------

POINTS = [
    -np.inf, -1e30, -1e4, -103.98, -88.8, -87.4, -30.0, -17.5, -9.1, -6.0, -3.0, -2.0, -1.0, -0.7, -0.5, -0.1, -1e-3,
    -1e-6, -1e-20, -2e-38, -1e-42, -0.0, 0.0, 1e-42, 2e-38, 1e-20, 1e-6, 1e-3, 0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0,
    5.9999995, 6.0, 6.0000005, 9.1, 17.5, 30.0, 88.7, 88.8, 103.98, 1e4, 1e30, np.inf, np.nan,
]  # fmt: skip


def function_tables():
    points = np.array(POINTS, np.float32)
    activations = []
    for spec in [
        "linear", "relu", "sigmoid", "tanh", "leaky_relu", "elu", "gelu", {"name": "gelu", "approximate": True},
        {"name": "relu", "max_value": 6.0}, {"name": "relu", "max_value": 2.0}, {"name": "relu", "negative_slope": 0.1},
        {"name": "relu", "threshold": 1.0}, {"name": "relu", "negative_slope": 0.2, "max_value": 3.0},
        {"name": "relu", "negative_slope": 0.1, "max_value": 5.0, "threshold": 0.5},
        {"name": "leaky_relu", "negative_slope": 0.3}, {"name": "elu", "alpha": 2.0},
    ]:  # fmt: skip
        function = activation(named(spec))
        x = tf.constant(points)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        activations.append({"function": named(spec), "values": y.numpy(), "gradients": tape.gradient(y, x).numpy()})
    rows = np.array(
        [[0, 0, 0], [1, 2, 3], [-1, -2, -3], [100, 0, -100], [88, 89, 90], [1e4, -1e4, 0], [1e30, 0, -1e30],
         [1e-20, 0, -1e-20], [-104, 0, -104], [0, -87.5, -88.5], [np.inf, 0, 0], [-np.inf, 0, 1], [np.nan, 0, 1]],
        np.float32)  # fmt: skip
    softmax = {"inputs": rows, "values": keras.activations.softmax(tf.constant(rows)).numpy()}

    losses = []
    for loss, targets, outputs in loss_rows():
        targets, outputs = np.array(targets, np.float32), np.array(outputs, np.float32)
        values = [float(make(LOSSES, loss)(targets[i : i + 1], outputs[i : i + 1])) for i in range(len(targets))]
        losses.append({"loss": loss, "targets": targets, "outputs": outputs, "values": values})
    return {"points": points, "activations": activations, "softmax": softmax, "losses": losses}


def loss_rows():
    """(loss, targets, outputs): one loss value a row. The outputs come from no activation."""
    numbers = [[0, 0], [1, -1], [2, 0.5], [-3, 3], [1e-8, -1e-8], [100, 0], [0.3, 0.7]]
    guesses = [[0, 0], [1.5, -2.5], [0.5, 2.5], [3, -3], [0, 0], [0, 100], [0.3, -0.3]]
    for loss in ["mean_absolute_error", "mean_squared_error", "huber"]:
        yield named(loss), numbers, guesses
    yield {"name": "huber", "delta": 2.5}, numbers, guesses
    flags = [[0, 1], [1, 0], [1, 1], [0, 0], [1, 0], [0.5, 0.25]]
    chances = [[0.1, 0.9], [0.1, 0.9], [1, 0], [1, 0], [1e-8, 1 - 1e-7], [0.5, 0.5]]
    logits = [[-2, 2], [-2, 2], [100, -100], [100, -100], [1e-8, 20], [0, -0.5]]
    for smoothing in [0.0, 0.1]:
        options = {"name": "binary_crossentropy", "label_smoothing": smoothing}
        yield options, flags, chances
        yield {**options, "from_logits": True}, flags, logits
    onehot = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [0.2, 0.3, 0.5]]
    shares = [[0.7, 0.2, 0.1], [0.5, 0, 0.5], [0, 0, 1], [1.4, 0.4, 0.2], [1e-9, 1e-9, 1e-9], [0.2, 0.3, 0.5]]
    scores = [[2, 1, 0], [5, -5, 5], [-100, -100, 100], [100, 0, 0], [0, -200, 0], [0.1, 0.2, 0.3]]
    for smoothing in [0.0, 0.1]:
        options = {"name": "categorical_crossentropy", "label_smoothing": smoothing}
        yield options, onehot, shares
        yield {**options, "from_logits": True}, onehot, scores
    labels = [[0], [1], [2], [0], [1], [2]]
    options = {"name": "sparse_categorical_crossentropy"}
    yield options, labels, shares
    yield {**options, "from_logits": True}, labels, scores
    yield {**options, "ignore_class": 1}, labels, shares


# -- Writing -------------------------------------------------------------------------------------------------


def number(value):
    """A float32 in the fewest digits; JSON has no words for what is not finite, so those are strings."""
    value = np.float32(value)
    if np.isnan(value):
        return '"nan"'
    if np.isinf(value):
        return '"inf"' if value > 0 else '"-inf"'
    text = np.format_float_scientific(value, trim="-", exp_digits=1)
    plain = np.format_float_positional(value, trim="-")
    return plain if len(plain) <= len(text) else text


def encode(value, depth=0):
    if isinstance(value, np.ndarray):
        return '{"shape":%s,"values":[%s]}' % (json.dumps(list(value.shape)), ",".join(map(number, value.ravel())))
    if isinstance(value, dict):
        separator = ",\n" if depth < 2 else ","
        return "{" + separator.join(f"{json.dumps(k)}:{encode(v, depth + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        separator = ",\n" if depth < 2 else ","
        return "[" + separator.join(encode(v, depth + 1) for v in value) + "]"
    if isinstance(value, float):
        return number(value)
    return json.dumps(value)


def write(name, value):
    path = HERE / name
    path.write_text(encode(value) + "\n")
    print(f"{name}: {path.stat().st_size:,} bytes")


def main():
    tables, sample_weights = make_tables()
    wanted = sys.argv[1:]
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    write("keras_functions.json", {"versions": versions, **function_tables()})
    cases = []
    for source in [loss_cases, activation_cases, optimizer_cases, regularizer_cases, fit_cases, stopping_cases]:
        for spec in source():
            if wanted and not any(word in spec["name"] for word in wanted):
                continue
            cases.append(run(spec, tables, sample_weights))
            print(f"{cases[-1]['name']}: twins differ by {cases[-1]['twin']:.1e}, {cases[-1]['stopping']}", flush=True)
    written = {name: {"features": x, "targets": y} for name, (x, y) in tables.items()}
    if wanted:
        return
    write("keras_training.json", {
        "versions": versions, "tables": written, "sample_weights": sample_weights, "cases": cases})  # fmt: skip


if __name__ == "__main__":
    main()
