"""Networks, data and options drawn at random from everything that nn and Keras share.

A draw is known by its seed and number. What nobody would ask for in earnest is left out (a loss on targets that it is
not for), as are draws that Keras's own rounding would decide: sums of exponentials of exponentials, rates that diverge.
"""

from . import cases
from .backend import np
from .cases import activations, optimizers
from .cases.schedules import SCHEDULES
from .objects import named
from .training import Rows

# Steps that a training may have, for time's sake.
MOST_STEPS = 150

# Left out: what makes large numbers of large numbers; and `tanh_shrink`, whose gradient at small x, 1 - (1 - tanh²x) in
# TensorFlow, is mostly rounding, of which optimizers that divide by the gradient's size make whole steps.
LEFT_OUT = ["exponential", "log_softmax", "log_sigmoid", "tanh_shrink"]
HIDDEN = [spec for spec in activations.ACTIVATIONS if named(spec)["name"] not in LEFT_OUT]
BOUNDED = ["tanh", "softsign", "sigmoid", "hard_tanh", "hard_sigmoid"]

INITIALIZERS = [
    "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal", "orthogonal",
    {"name": "random_normal", "stddev": 0.4}, {"name": "random_uniform", "minval": -0.5, "maxval": 0.5},
    {"name": "truncated_normal", "stddev": 0.4}, {"name": "variance_scaling", "mode": "fan_out"},
]  # fmt: skip
CONSTRAINTS = [
    {"name": "max_norm", "max_value": 0.9}, {"name": "max_norm", "max_value": 1.2, "axis": 1}, "non_neg", "unit_norm",
    {"name": "min_max_norm", "min_value": 0.5, "max_value": 1.2}, {"name": "min_max_norm", "min_value": 0.5, "rate": 0.4},
]  # fmt: skip
BIAS_CONSTRAINTS = ["non_neg", {"name": "max_norm", "max_value": 0.2}]
ORTHOGONAL = [{"name": "orthogonal_regularizer", "factor": 0.02, "mode": mode} for mode in ["rows", "columns"]]


class Draw:
    """`spec` as the cases have it, `rows` with their data, `columns` for the files, `seed` of nn's random numbers."""

    def __init__(self, seed, index, attempt=0):
        self.random = np.random.default_rng([seed, index, attempt])
        self.width = self.integer(2, 8)
        self.count = self.integer(24, 90)
        self.target = self.pick(["values", "value", "counts", "shares", "flags", "flag", "onehot", "classes"])
        self.outputs = {"value": 1, "flag": 1, "flags": 2}.get(self.target, self.integer(2, 4))
        if self.target in ("onehot", "classes", "shares"):
            self.outputs = self.integer(3, 4)
        self.make_rows()
        layers = self.hidden()
        loss, last = self.loss()
        self.spec = {
            "name": f"draw {index}", "target": self.target, "layers": [*layers, last], "loss": loss,
            "optimizer": self.optimizer(), "metrics": self.metrics(last), "compile": {},
        }  # fmt: skip
        self.spec["fit"] = self.fit()
        if self.spec["fit"].get("sample_weight") and self.chance(0.5):
            self.spec["weighted_metrics"] = self.metrics(last)
        # After averaging, where epochs are counted from the fit's start, and within a pass over the
        # rows, nn's second fit goes on in its own way.
        own_way = self.averages() or "callbacks" in self.spec["fit"] or "steps_per_epoch" in self.spec["fit"]
        self.spec["fits"] = 2 if not own_way and self.chance(0.1) else 1
        self.seed = self.spec["seed"] = self.integer(0, 10**6)

    # -- Chance

    def integer(self, low, high):
        return int(self.random.integers(low, high + 1))

    def pick(self, choices):
        return choices[int(self.random.integers(len(choices)))]

    def chance(self, share):
        return self.random.random() < share

    def number(self, low, high):
        """Log-uniform, of two digits."""
        return float(f"{np.exp(self.random.uniform(np.log(low), np.log(high))):.1e}")

    def some(self, options):
        """A few of the entries."""
        return {key: value for key, value in options.items() if self.chance(0.3)}

    # -- Data

    def make_rows(self):
        more = 12
        total = self.count + more
        x = self.random.normal(size=(total, self.width)).round(3)
        hidden = np.tanh(x @ self.random.normal(size=(self.width, 4)))
        scores = hidden @ self.random.normal(size=(4, self.outputs)) + 0.3 * self.random.normal(size=(total, self.outputs))
        classes = np.argmax(scores, axis=1)
        # Every class has a row, for nn numbers the classes that it finds.
        classes[: self.outputs] = np.arange(self.outputs)
        if self.target in ("values", "value"):
            y = scores.round(3)
        elif self.target == "counts":
            y = self.random.poisson(np.exp(np.clip(scores, -3, 2)))
        elif self.target == "shares":
            y = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
            y = y.round(3)
        elif self.target in ("flags", "flag"):
            y = scores > 0
            y[:2] = [[False] * self.outputs, [True] * self.outputs]
        elif self.target == "onehot":
            y = np.eye(self.outputs)[classes]
        else:
            y = classes[:, None]
        w = self.random.uniform(0, 2, size=total).round(2)
        w[self.random.integers(total, size=2)] = 0
        x, y, w = (part.astype(np.float32) for part in (x, y, w))
        n = self.count
        self.rows = Rows(x[:n], y[:n], w[:n], (x[n:], y[n:], w[n:]))
        self.features = [f"x{i}" for i in range(x.shape[1])]
        self.targets = [f"y{i}" for i in range(y.shape[1])]

    def csv(self, parts):
        """The rows as text."""
        table = np.column_stack(parts)
        lines = [",".join([*self.features, *self.targets, "w"])]
        lines += [",".join(np.format_float_positional(value, trim="-") for value in row) for row in table]
        return "\n".join(lines) + "\n"

    # -- Layers

    def hidden(self):
        layers, width = [], self.width
        for _ in range(self.integer(0, 3)):
            block, width = self.block(width, depth=0)
            layers += block
        return layers

    def block(self, width, depth):
        """Some layers and the width that comes out of them."""
        kind = self.random.random()
        if kind < 0.08 and depth < 2:
            inner, inside = self.block(width, depth + 1)
            return [cases.residual(*inner, self.dense(inside, width)[0])], width
        if kind < 0.15 and depth < 2:
            inner, inside = self.block(width, depth + 1)
            # Each copy takes what the one before gives.
            return [cases.repeat(self.integer(2, 3), *inner, self.dense(inside, width)[0])], width
        if kind < 0.23 and depth < 2:
            branches, widths = [], 0
            for _ in range(self.integer(2, 3)):
                layer, units = self.dense(width)
                more, units = self.block(units, depth + 1) if self.chance(0.3) else ([], units)
                branches.append([layer, *more])
                widths += units
            return [cases.parallel(*branches)], widths
        if kind < 0.33:
            return [self.noise()], width
        if kind < 0.38:
            return [cases.layer("activation", activation=self.pick(BOUNDED + ["relu", "gelu", "selu", "softmax"]))], width
        if kind < 0.43:
            return [self.pick([cases.layer("leaky_relu"), self.prelu()])], width
        if kind < 0.6:
            return self.normalized(width)
        layer, units = self.dense(width)
        return [layer], units

    def dense(self, width, units=None):
        units = units or self.integer(1, 12)
        activation = self.pick(HIDDEN) if self.chance(0.7) else self.pick(BOUNDED)
        options = {}
        if self.chance(0.15):
            options["use_bias"] = False
        elif self.chance(0.15):
            options["bias_initializer"] = {"name": "constant", "value": 0.1}
        if self.chance(0.3):
            options["kernel_initializer"] = self.pick(INITIALIZERS)
        if self.chance(0.15):
            options["kernel_regularizer"] = self.pick([self.penalty(), self.penalty(), self.pick(ORTHOGONAL)])
        if options.get("use_bias", True):
            if self.chance(0.06):
                options["bias_regularizer"] = self.penalty()
            if self.chance(0.06):
                options["bias_constraint"] = self.pick(BIAS_CONSTRAINTS)
        if self.chance(0.08):
            options["activity_regularizer"] = self.penalty()
        if self.chance(0.12):
            options["kernel_constraint"] = self.pick(CONSTRAINTS)
        return cases.dense(activations.units(activation, units), activation, **options), units

    def penalty(self):
        return self.pick([
            {"name": "l1", "l1": self.number(1e-4, 2e-2)}, {"name": "l2", "l2": self.number(1e-4, 5e-2)},
            {"name": "l1l2", "l1": self.number(1e-4, 1e-2), "l2": self.number(1e-4, 1e-2)},
        ])  # fmt: skip

    def noise(self):
        return self.pick([
            cases.layer("dropout", rate=self.number(0.05, 0.6)), cases.layer("alpha_dropout", rate=self.number(0.05, 0.4)),
            cases.layer("gaussian_dropout", rate=self.number(0.05, 0.5)),
            cases.layer("gaussian_noise", stddev=self.number(0.02, 0.5)),
        ])  # fmt: skip

    def prelu(self):
        options = {"alpha_initializer": {"name": "constant", "value": 0.2}} if self.chance(0.5) else {}
        return cases.layer("prelu", **options)

    def normalized(self, width):
        name = self.pick(["batch_normalization", "batch_normalization", "layer_normalization", "rms_normalization", "unit_normalization"])
        options = self.some({"epsilon": self.number(1e-4, 1e-1)}) if name != "unit_normalization" else {}
        if name in ("batch_normalization", "layer_normalization"):
            options |= self.some({"center": False, "scale": False, "gamma_regularizer": self.penalty(), "beta_constraint": "non_neg"})
            if options.get("center") is False:
                options.pop("beta_constraint", None)
            if options.get("scale") is False:
                options.pop("gamma_regularizer", None)
        if name == "batch_normalization":
            options |= self.some({"momentum": self.number(0.5, 0.99)})
        layers = [cases.layer(name, **options)]
        if self.chance(0.7):
            layer, width = self.dense(width)
            # A bias that a mean takes away again is moved by rounding alone.
            if name == "batch_normalization" and self.chance(0.8):
                layer = {key: value for key, value in layer.items() if not key.startswith("bias_")} | {"use_bias": False}
            layers.insert(0, layer)
        if self.chance(0.4):
            layers.append(cases.layer("activation", activation=self.pick(BOUNDED + ["relu", "silu"])))
        return layers, width

    # -- Losses and metrics

    def loss(self):
        """A loss that fits the target, and the last layer that fits the loss."""
        smoothing = self.some({"label_smoothing": self.number(0.05, 0.3)})
        last = "linear"
        if self.target in ("values", "value"):
            loss = self.pick(["mean_squared_error", "mean_absolute_error", "huber", {"name": "huber", "delta": 0.5}, "log_cosh"])
            if self.target == "values" and self.chance(0.1):
                loss = "cosine_similarity"
            last = self.pick(["linear", "linear", "tanh", "softplus", "leaky_relu"])
        elif self.target == "counts":
            loss = self.pick(["poisson", "mean_squared_logarithmic_error", "mean_squared_error"])
            last = self.pick(["softplus", "exponential"]) if loss == "poisson" else self.pick(["softplus", "relu"])
        elif self.target == "shares":
            loss, last = self.pick(["kl_divergence", "categorical_crossentropy", "mean_squared_error"]), "softmax"
        elif self.target in ("flags", "flag"):
            kind = self.pick(["binary_crossentropy", "binary_crossentropy", "binary_focal_crossentropy", "hinge", "squared_hinge"])
            loss, last = kind, self.pick(["linear", "tanh"])
            if "hinge" not in kind:
                loss, last = self.logits({"name": kind, **smoothing}, "sigmoid")
                if "focal" in kind:
                    loss |= self.some({"gamma": self.number(0.5, 3), "alpha": self.number(0.2, 0.8), "apply_class_balancing": True})
        elif self.target == "onehot":
            kind = self.pick(["categorical_crossentropy", "categorical_crossentropy", "categorical_focal_crossentropy", "categorical_hinge"])
            loss = kind
            if kind != "categorical_hinge":
                loss, last = self.logits({"name": kind, **smoothing}, "softmax")
                if "focal" in kind:
                    loss |= self.some({"gamma": self.number(0.5, 3), "alpha": self.number(0.2, 0.8)})
        else:
            loss, last = self.logits({"name": "sparse_categorical_crossentropy"}, "softmax")
            if self.chance(0.15):
                loss["ignore_class"] = self.integer(0, self.outputs - 1)
        return loss, cases.dense(self.outputs, last)

    def logits(self, loss, activation):
        if self.chance(0.3):
            return {**loss, "from_logits": True}, "linear"
        return loss, activation

    def metrics(self, last):
        probabilities = last["activation"] in ("sigmoid", "softmax")
        numbers = ["mean_squared_error", "mean_absolute_error", "root_mean_squared_error", "log_cosh_error", "r2_score", "huber"]
        average = self.pick(["micro", "macro", "weighted"])
        choices = numbers
        if self.target in ("flags", "flag"):
            choices = [
                "binary_accuracy", "precision", "recall", {"name": "f1_score", "average": average, "threshold": 0.5},
                {"name": "f_beta_score", "average": average, "threshold": 0.4, "beta": 2.0}, "true_positives",
                {"name": "false_negatives", "thresholds": 0.6},
            ]  # fmt: skip
            if probabilities:
                rate = {"name": "precision_at_recall", "recall": 0.7}
                choices = [*choices, {"name": "auc", "curve": self.pick(["ROC", "PR"])}, "binary_crossentropy", rate]
        elif self.target == "onehot":
            choices = ["categorical_accuracy", {"name": "top_k_categorical_accuracy", "k": 2}, {"name": "f1_score", "average": average}]
            if probabilities:
                choices = [*choices, "categorical_crossentropy", "auc"]
        elif self.target == "classes":
            choices = ["sparse_categorical_accuracy", {"name": "sparse_top_k_categorical_accuracy", "k": 2}]
            if probabilities:
                choices = [*choices, "sparse_categorical_crossentropy"]
        elif self.target == "values":
            choices = [*choices, "pearson_correlation", "concordance_correlation", "cosine_similarity"]
        return [spec for spec in choices if self.chance(0.3)]

    # -- Optimizers

    def optimizer(self):
        name = self.pick(list(optimizers.OWN))
        rate = self.number(0.3, 1.5) * optimizers.RATES.get(name, 0.01)
        spec = {"name": name, "learning_rate": float(f"{rate:.2e}")}
        if self.chance(0.5):
            spec |= self.pick(optimizers.OWN[name])
        if self.chance(0.2) and "learning_rate" in spec:
            spec["learning_rate"] = self.schedule(spec["learning_rate"])
        if self.chance(0.2):
            spec |= self.pick([{"clipnorm": self.number(0.05, 1)}, {"clipvalue": self.number(0.01, 0.3)}, {"global_clipnorm": self.number(0.05, 2)}])
        if self.chance(0.15):
            spec["weight_decay"] = self.number(1e-3, 1e-1)
        if self.chance(0.12):
            spec |= {"use_ema": True, **self.some({"ema_momentum": self.number(0.5, 0.95), "ema_overwrite_frequency": self.integer(2, 5)})}
        if self.chance(0.12):
            spec["gradient_accumulation_steps"] = self.integer(2, 4)
        return spec

    def averages(self):
        return any(key in self.spec["optimizer"] for key in ("use_ema", "ema"))

    def schedule(self, rate):
        schedule = dict(self.pick(SCHEDULES))
        for key in ["initial_learning_rate", "warmup_target", "end_learning_rate"]:
            if key in schedule:
                schedule[key] = float(f"{schedule[key] * 10 * rate:.2e}")
        if "values" in schedule:
            schedule["values"] = [float(f"{value * 10 * rate:.2e}") for value in schedule["values"]]
        for key in ["decay_steps", "first_decay_steps"]:
            if key in schedule:
                schedule[key] = self.integer(3, 40)
        return schedule

    # -- Fit

    def fit(self):
        epochs = self.integer(1, 8)
        least = -(-self.count * epochs // MOST_STEPS)
        options = {"epochs": epochs, "batch_size": self.integer(min(max(least, 4), 40), 40)}
        if self.chance(0.05):
            options["batch_size"] = self.count + 5
        if self.chance(0.25):
            options["sample_weight"] = True
        elif self.chance(0.25) and self.target in ("onehot", "classes", "flag"):
            classes = max(self.outputs, 2)
            options["class_weight"] = {index: self.number(0.3, 3) for index in range(classes)}
        watched = self.pick([None, "split", "split", "data"])
        if watched == "split":
            options["validation_split"] = self.pick([0.1, 0.2, 0.25, 0.3])
        elif watched == "data":
            options["validation_data"] = True
        if watched and self.chance(0.15):
            options["validation_freq"] = self.integer(2, 3)
        if self.chance(0.06):
            rows = int(self.count * (1 - options.get("validation_split", 0)))
            options["steps_per_epoch"] = self.integer(1, -(-rows // options["batch_size"]))
        callbacks = self.callbacks("val_loss" if watched and "validation_freq" not in options else "loss", epochs)
        if callbacks:
            options["callbacks"] = callbacks
        return options

    def callbacks(self, monitor, epochs):
        callbacks = []
        if self.chance(0.12) and not isinstance(self.spec["optimizer"]["learning_rate"], dict):
            options = self.some({"cooldown": 1, "min_lr": 1e-3, "min_delta": 0.01})
            callbacks.append({"name": "reduce_lr_on_plateau", "monitor": monitor, "factor": 0.5, "patience": self.integer(0, 2), **options})
        if self.chance(0.12):
            options = self.some({"min_delta": 0.01, "start_from_epoch": 2, "restore_best_weights": True})
            if epochs <= 2:
                # Where no epoch is looked at, Keras has no best one.
                options.pop("start_from_epoch", None)
            callbacks.append({"name": "early_stopping", "monitor": monitor, "patience": self.integer(0, 3), **options})
        return callbacks
