"""The cases, a file for each kind, and the words that they are written in."""

from .. import text

SGD = {"name": "sgd", "learning_rate": 0.05}
ADAM = {"name": "adam", "learning_rate": 0.01}
MSE = "mean_squared_error"
SPARSE = "sparse_categorical_crossentropy"
CATEGORICAL = "categorical_crossentropy"
BINARY = "binary_crossentropy"


def case(
    name, target, layers, loss=MSE, optimizer=SGD, metrics=(), weighted_metrics=(), scale=1.0, compile=None, own_weights=False,
    fits=1, **fit
):  # fmt: skip
    """One training. `fit` takes Keras's arguments, and `sample_weight=True` for the table's weights."""
    return {
        "name": name, "target": target, "layers": layers, "loss": loss, "optimizer": optimizer,
        "metrics": list(metrics), "weighted_metrics": list(weighted_metrics), "compile": compile or {},
        "scale": scale, "own_weights": own_weights, "fits": fits,
        "fit": {"epochs": 5, "batch_size": 16, **fit},
    }  # fmt: skip


def dense(units, activation="linear", **options):
    return {"name": "dense", "units": units, "activation": activation, **options}


def layer(name, **options):
    return {"name": name, **options}


def repeat(count, *layers):
    return {"name": "repeat", "count": count, "layers": list(layers)}


def residual(*layers):
    return {"name": "residual", "layers": list(layers)}


def parallel(*branches):
    return {"name": "parallel", "branches": list(branches)}


HIDDEN = [dense(7, "tanh"), dense(3)]
SIGMOID = [dense(7, "tanh"), dense(2, "sigmoid")]
SOFTMAX = [dense(7, "tanh"), dense(3, "softmax")]
LOGITS2 = [dense(7, "tanh"), dense(2)]


def label(spec):
    """`relu max_value=0.8`"""
    if isinstance(spec, str):
        return spec
    return " ".join([spec["name"], text.options(spec)]).strip()


def all_cases():
    """The cases of each kind, in the order of their files."""
    from . import activations, fit, layers, losses, metrics, optimizers, regularizers, schedules

    modules = [layers, activations, losses, metrics, optimizers, schedules, regularizers, fit]
    kinds = {module.__name__.rsplit(".", 1)[-1]: list(module.cases()) for module in modules}
    for kind, specs in kinds.items():
        names = [spec["name"] for spec in specs]
        doubled = {name for name in names if names.count(name) > 1}
        assert not doubled, f"{kind} has two cases named {doubled}"
    return kinds
