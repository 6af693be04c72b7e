"""Trains a spec in Keras from given weights, with its permuted twins, and measures how far two runs are apart."""

import math
from dataclasses import dataclass

from .backend import keras, np
from . import objects, tables
from .model import Built, unjudged
from .permute import Permutation

EVALUATION_BATCH = 32
# Rows whose predictions are kept.
PREDICTED = 4

# What `output` becomes, and the loss that it brings, by the kind of the target.
OUTPUTS = {
    "values": ({"units": 3, "activation": "linear"}, "mean_squared_error"),
    "value": ({"units": 1, "activation": "linear"}, "mean_squared_error"),
    "flag": ({"units": 1, "activation": "sigmoid"}, "binary_crossentropy"),
    "classes": ({"units": 3, "activation": "softmax"}, "sparse_categorical_crossentropy"),
}


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras's own, which leaves how it ended on the record."""

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        self.outcome = {"stopped": self.stopped_epoch > 0, "best_epoch": self.best_epoch + 1}


@dataclass
class Rows:
    """Features, targets and weights of the rows to train on, and of those that are `validation_data`."""

    x: np.ndarray
    y: np.ndarray
    w: np.ndarray
    others: tuple

    @classmethod
    def of(cls, spec):
        columns = [tables.FEATURES, tables.TARGETS[spec["target"]], [tables.WEIGHT]]
        x, y, w = (tables.matrix(names) for names in columns)
        vx, vy, vw = (tables.matrix(names, "others") for names in columns)
        return cls(x, y, w[:, 0], (vx, vy, vw[:, 0]))


def orders(width):
    """Two orders of the features for the twins."""
    first = [[3, 0, 4, 1, 2], [1, 2, 3, 4, 0]]
    return first if width == 5 else [np.random.default_rng(seed).permutation(width).tolist() for seed in (1, 2)]


CALLBACKS = objects.CALLBACKS | {"early_stopping": EarlyStopping}


class Training:
    """A compiled model that can train again and again, from other weights and on permuted features."""

    def __init__(self, spec, rows=None):
        self.spec = spec
        self.fit = {"batch_size": 32, "epochs": 1, **spec["fit"]}
        self.rows = rows or Rows.of(spec)
        # Of a column of labels this loss would take each with every row.
        labels = objects.named(spec["loss"] or "")["name"] == "categorical_generalized_cross_entropy"
        self.y = self.rows.y[:, 0] if labels else self.rows.y
        self.permutations = [Permutation(spec["layers"], order) for order in orders(self.rows.x.shape[1])]
        output, loss = OUTPUTS.get(spec["target"], (None, None))
        self.built = Built(spec["layers"], self.rows.x.shape[1], output)
        self.model = self.built.model
        batch = min(self.fit["batch_size"], len(self.rows.x))
        steps = math.ceil(len(self.rows.x) / batch) * self.fit["epochs"] * spec.get("fits", 1)
        self.built.draw(spec.get("seed", 0), steps, batch)
        metrics = [metric(item, f"m{index}") for index, item in enumerate(spec.get("metrics", []))]
        weighted = [metric(item, f"w{index}") for index, item in enumerate(spec.get("weighted_metrics", []))]
        self.names = [m if isinstance(m, str) else m.name for m in metrics + weighted]
        self.model.compile(
            optimizer=objects.optimizer({**objects.named(spec["optimizer"]), **spec.get("compile", {})}),
            loss=objects.make(objects.LOSSES, spec.get("loss") or loss),
            metrics=metrics, weighted_metrics=weighted, run_eagerly=False, jit_compile=False)  # fmt: skip
        self.model.optimizer.build(self.model.trainable_variables)
        self.variables = [*self.model.variables, *self.model.optimizer.variables]
        self.start = [variable.numpy() for variable in self.variables]

    def weights(self):
        return {name: variable.numpy() for name, variable in self.built.weights.items()}

    def run(self, initial, permutation=None):
        """One fit from `initial` weights, with the features in another order if a permutation says so."""
        x, others = self.rows.x, self.rows.others
        if permutation:
            x = x[:, permutation.order]
            others = (others[0][:, permutation.order], *others[1:])
            initial = {name: permutation.forward(name, value) for name, value in initial.items()}
        for variable, value in zip(self.variables, self.start):
            variable.assign(value)
        for name, value in initial.items():
            self.built.weights[name].assign(value)
        optimizer = self.model.optimizer
        if isinstance(optimizer, keras.optimizers.ScheduleFreeAdamW):
            # It starts from the weights that were there when it was built, in earnest at the first step.
            for start, variable in zip(optimizer._momentums, self.model.trainable_variables):
                start.assign(variable)
        for path, draws in self.built.draws.items():
            draws.restart(permutation.draws[path] if permutation else None)
        result = self.train(x, others)
        if permutation:
            result["final"] = {name: permutation.back(name, value) for name, value in result["final"].items()}
        return result

    def twins_apart(self, initial, result):
        """How far the twins are from `result`."""
        return max(distance(self.spec, result, self.run(initial, twin)) for twin in self.permutations)

    def nudged_apart(self, initial, result, seeds):
        """How far runs are from `result` in which each weight starts one rounding away, or not, as chance has it."""
        far = 0.0
        for seed in seeds:
            random = np.random.default_rng(seed)
            nudged = {
                name: value * (1 + random.integers(-1, 2, size=value.shape) * 2.0**-23).astype(np.float32)
                for name, value in initial.items()
            }
            far = max(far, distance(self.spec, result, self.run(nudged)))
        return far

    def normalizes_zeros(self, initial):
        """Does a row of zeros reach a unit normalization? nn passes no gradient there, on purpose."""
        for name, value in initial.items():
            self.built.weights[name].assign(value)
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.UnitNormalization):
                rows = keras.Model(self.model.inputs, layer.input)(self.rows.x, training=False)
                if np.any(np.all(np.array(rows) == 0, axis=1)):
                    return True
        return False

    def train(self, x, others):
        result = {"history": [], "rates": [], "stopping": None}
        # `fits`: the same again and again, going on where the last one ended.
        for index in range(self.spec.get("fits", 1)):
            self.fit_once(x, others, index, result)
        y, w = self.y, self.rows.w if self.fit.get("sample_weight") else None
        evaluated = self.model.evaluate(
            x, y, sample_weight=w, batch_size=EVALUATION_BATCH, verbose=0, return_dict=True)  # fmt: skip
        return {
            **result,
            "rates": result["rates"] or None,
            "evaluated": [evaluated[name] for name in ["loss", *self.names]],
            "predictions": np.array(self.model(x[:PREDICTED], training=False)),
            "final": self.weights(),
        }

    def fit_once(self, x, others, index, result):
        options = dict(self.fit)
        # nn's epochs count on.
        first = options["epochs"] * index
        options |= {"epochs": first + options["epochs"], "initial_epoch": first}
        callbacks = [objects.make(CALLBACKS, spec) for spec in options.pop("callbacks", [])]
        if "patience" in options:
            callbacks.append(EarlyStopping(patience=options.pop("patience"), restore_best_weights=True))
        w = self.rows.w if options.pop("sample_weight", False) else None
        if options.pop("validation_data", False):
            options["validation_data"] = others[:2] if w is None else others
        history = self.model.fit(
            x, self.y, sample_weight=w, shuffle=False, verbose=0, callbacks=callbacks, **options).history  # fmt: skip
        names = ["loss", *self.names]
        watched = ["val_" + name for name in names] if "val_loss" in history else []
        freq = options.get("validation_freq", 1)
        epochs = range(first + 1, first + len(history["loss"]) + 1)
        seen = [epoch for epoch in epochs if (epoch in freq if isinstance(freq, list) else epoch % freq == 0)]
        # A row an epoch, in nn's order: loss, metrics, then the same of validation in the epochs that have it.
        result["history"] += [
            [history[name][epoch - first - 1] for name in names]
            + [history[name][seen.index(epoch)] for name in watched if epoch in seen]
            for epoch in epochs
        ]
        result["rates"] += history.get("learning_rate", [])
        for callback in callbacks:
            if isinstance(callback, EarlyStopping):
                result["stopping"] = callback.outcome


def metric(spec, title):
    """Named by its place, but for the name that Keras makes a metric of itself."""
    spec = objects.named(spec)
    name = spec.pop("name")
    return name if name == "accuracy" else objects.METRICS[name](name=title, **spec)


# -- How far two runs are apart --------------------------------------------------------------------------------


def tensor_distance(a, b):
    if not a.size:
        return 0.0
    if not np.all(np.isfinite(a) == np.isfinite(b)) or not np.all(np.isfinite(a)):
        return np.inf
    return float(np.max(np.abs(a - b)) / max(1e-2, np.max(np.abs(a))))


def loss_distance(a, b, floor=1e-3):
    if not np.isfinite(a) or not np.isfinite(b):
        return 0.0 if np.array_equal(a, b, equal_nan=True) else np.inf
    return abs(a - b) / max(floor, abs(a))


# Quotients and areas whose own size is 1, wherever they are: near 0 terms of both signs cancel in them.
OF_SIZE_1 = {"r2_score", "cosine_similarity", "auc", "pearson_correlation", "concordance_correlation"}


def floors(spec):
    """For the loss and each metric."""
    items = [spec.get("loss") or "", *spec.get("metrics", []), *spec.get("weighted_metrics", [])]
    return [1.0 if objects.named(item)["name"] in OF_SIZE_1 else 1e-3 for item in items]


def differences(spec, a, b):
    """(what, how far apart) for everything that two runs have; infinitely far where they ended apart."""
    if a["stopping"] != b["stopping"]:
        yield f"stopping {a['stopping']} and {b['stopping']}", np.inf
    shapes = [[len(row) for row in run["history"]] for run in (a, b)]
    if shapes[0] != shapes[1]:
        yield f"values of each epoch, {shapes[0]} and {shapes[1]}", np.inf
    # nn ends a fit whose loss is not finite.
    if not all(np.isfinite(row[0]) for row in a["history"]):
        yield "a loss that is not finite", np.inf
    least = floors(spec)
    for epoch, rows in enumerate(zip(a["history"], b["history"])):
        for index, (p, q) in enumerate(zip(*rows)):
            far = loss_distance(p, q, least[index % len(least)])
            yield f"value {index} of epoch {epoch + 1}, {p:.9g} and {q:.9g}", far
    for p, q in zip(a["rates"] or [], b["rates"] or []):
        yield f"learning rates {p:.9g} and {q:.9g}", loss_distance(p, q)
    for index, (p, q) in enumerate(zip(a["evaluated"], b["evaluated"])):
        yield f"value {index} evaluated, {p:.9g} and {q:.9g}", loss_distance(p, q, least[index])
    skipped = unjudged(spec["layers"])
    for name in a["final"]:
        if name not in skipped:
            yield name, tensor_distance(a["final"][name], b["final"][name])
    if "predictions" in b:
        yield "predictions", tensor_distance(a["predictions"], b["predictions"])


def distance(spec, a, b):
    return max(far for _, far in differences(spec, a, b))
