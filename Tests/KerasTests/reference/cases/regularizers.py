"""Every regularizer and constraint, on every weight that takes one."""

from .. import text
from . import ADAM, CATEGORICAL, HIDDEN, case, dense, label, layer

REGULARIZERS = [
    {"name": "l1", "l1": 0.01}, {"name": "l2", "l2": 0.02}, {"name": "l1l2", "l1": 0.01, "l2": 0.02}, "l1", "l2", "l1l2",
]  # fmt: skip

ORTHOGONAL = {"name": "orthogonal_regularizer", "factor": 0.02}

CONSTRAINTS = [
    "max_norm", {"name": "max_norm", "max_value": 0.8}, {"name": "max_norm", "max_value": 0.7, "axis": 1},
    {"name": "max_norm", "max_value": 1.5, "axis": [0, 1]}, "non_neg", "unit_norm", {"name": "unit_norm", "axis": 1},
    {"name": "unit_norm", "axis": [0, 1]}, "min_max_norm", {"name": "min_max_norm", "min_value": 0.6, "max_value": 0.9},
    {"name": "min_max_norm", "min_value": 0.6, "max_value": 0.9, "rate": 0.5},
    {"name": "min_max_norm", "min_value": 0.6, "max_value": 0.9, "rate": 0.8, "axis": 1},
]  # fmt: skip


def cases():
    yield from regularizers()
    yield from short_forms()
    yield from constraints()


def regularizers():
    for which in ["kernel", "bias", "activity"]:
        for spec in REGULARIZERS:
            option = {f"{which}_regularizer": spec}
            layers = [dense(7, "tanh", **option), dense(3, "linear", **option)]
            yield case(f"{which} {label(spec)}", "values", layers, optimizer=ADAM, validation_split=0.2)
    for mode in ["rows", "columns"]:
        option = {"kernel_regularizer": {**ORTHOGONAL, "mode": mode}}
        layers = [dense(7, "tanh", **option), dense(4, "tanh", **option), dense(3)]
        yield case(f"orthogonal {mode}", "values", layers, optimizer=ADAM, validation_split=0.2)
    yield case("orthogonal default", "values", [dense(7, "tanh"), dense(3, kernel_regularizer="orthogonal_regularizer")])
    option = {"kernel_regularizer": ORTHOGONAL}
    yield case(
        "orthogonal of a zero row", "values", [dense(7, "relu", kernel_initializer="zeros", **option), dense(3)],
        own_weights=False)  # fmt: skip
    yield case(
        "activity on softmax", "onehot",
        [dense(7, "tanh", activity_regularizer={"name": "l2", "l2": 0.05}), dense(3, "softmax", activity_regularizer={"name": "l2", "l2": 0.05})],
        CATEGORICAL, ADAM)  # fmt: skip
    for name in ["batch_normalization", "layer_normalization"]:
        options = {"gamma_regularizer": {"name": "l2", "l2": 0.05}, "beta_regularizer": {"name": "l1", "l1": 0.02}}
        layers = [dense(7, "tanh"), layer(name, **options), dense(3)]
        yield case(f"on {name}", "values", layers, optimizer=ADAM, validation_split=0.2)
    layers = [dense(7), layer("prelu", alpha_regularizer={"name": "l1l2", "l1": 0.02, "l2": 0.03}), dense(3)]
    yield case("on prelu", "values", layers, optimizer=ADAM, validation_split=0.2)


def short_forms():
    for options in [
        {"l1": 0.01}, {"l2": 0.02}, {"l1": 0.01, "l2": 0.02}, {"bias_l1": 0.02, "bias_l2": 0.03},
        {"activity_l1": 0.01}, {"activity_l2": 0.02}, {"l2": 0.01, "bias_l1": 0.01, "activity_l1": 0.01, "activity_l2": 0.01},
    ]:  # fmt: skip
        layers = [dense(7, "tanh", **options), dense(3, "linear", **options)]
        yield case(f"short {text.options(options)}", "values", layers, optimizer=ADAM, validation_split=0.2)


def constraints():
    for spec in CONSTRAINTS:
        layers = [dense(7, "tanh", kernel_constraint=spec), dense(3, kernel_constraint=spec)]
        yield case(f"kernel {label(spec)}", "values", layers, optimizer=ADAM)
    for spec in [
        "max_norm", {"name": "max_norm", "max_value": 0.1}, "non_neg", "unit_norm",
        {"name": "min_max_norm", "min_value": 0.2, "rate": 0.7},
    ]:  # fmt: skip
        layers = [dense(7, "tanh", bias_constraint=spec), dense(3, bias_constraint=spec)]
        yield case(f"bias {label(spec)}", "values", layers, optimizer=ADAM)
    for name in ["batch_normalization", "layer_normalization"]:
        options = {"gamma_constraint": {"name": "max_norm", "max_value": 0.9}, "beta_constraint": "non_neg"}
        layers = [dense(7, "tanh"), layer(name, **options), dense(3)]
        yield case(f"constrained {name}", "values", layers, optimizer=ADAM)
    yield case(
        "constrained prelu", "values", [dense(7), layer("prelu", alpha_constraint="non_neg"), dense(3)],
        optimizer={**ADAM, "learning_rate": 0.05})  # fmt: skip
    yield case(
        "constraint after clipping and decay", "values",
        [dense(7, "tanh", kernel_constraint={"name": "max_norm", "max_value": 0.8}), *HIDDEN[1:]],
        optimizer={**ADAM, "weight_decay": 0.1, "clipnorm": 0.2, "use_ema": True, "ema_momentum": 0.7})  # fmt: skip
