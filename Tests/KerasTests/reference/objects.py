"""Keras's objects from specs: {"name": NAME, ARGUMENT: value, …}, or just NAME.

NAME is the class's in snake case (`mean_absolute_percentage_error`, `cosine_decay_restarts`), the function's for
an activation, and what `keras.optimizers.get` takes for an optimizer (`adamw`).
"""

import functools
import inspect

from .backend import keras
from keras.src.utils.naming import to_snake_case


def named(spec):
    return {"name": spec} if isinstance(spec, str) else dict(spec)


def classes(module, spelling=to_snake_case):
    return {spelling(name): value for name, value in vars(module).items() if inspect.isclass(value)}


LAYERS = classes(keras.layers) | {"prelu": keras.layers.PReLU, "leaky_relu": keras.layers.LeakyReLU}
LOSSES = classes(keras.losses)
METRICS = classes(keras.metrics)
# Losses without a metric of their own are taken as functions.
for function in ["huber", "binary_focal_crossentropy", "categorical_focal_crossentropy", "categorical_generalized_cross_entropy"]:
    METRICS[function] = functools.partial(keras.metrics.MeanMetricWrapper, getattr(keras.losses, function))
OPTIMIZERS = classes(keras.optimizers, str.lower)
SCHEDULES = classes(keras.optimizers.schedules)
REGULARIZERS = classes(keras.regularizers)
CONSTRAINTS = classes(keras.constraints)
INITIALIZERS = classes(keras.initializers)
CALLBACKS = classes(keras.callbacks) | {"reduce_lr_on_plateau": keras.callbacks.ReduceLROnPlateau}


def make(kinds, spec, **more):
    spec = named(spec)
    return kinds[spec.pop("name")](**spec, **more)


def activation(spec):
    spec = named(spec)
    function = keras.activations.get(spec.pop("name"))
    # A lambda, and not a partial: Keras would look inside a partial for the function alone.
    return (lambda x: function(x, **spec)) if spec else function


def optimizer(spec):
    spec = named(spec)
    if "ema" in spec:  # nn's short form
        spec |= {"use_ema": True, "ema_momentum": spec.pop("ema")}
    if isinstance(spec.get("learning_rate"), dict):
        spec["learning_rate"] = make(SCHEDULES, spec["learning_rate"])
    return make(OPTIMIZERS, spec)


# What Keras's layers take that is itself an object, by how the argument's name ends.
ARGUMENTS = {
    "activation": activation,
    "regularizer": lambda spec: make(REGULARIZERS, spec),
    "constraint": lambda spec: make(CONSTRAINTS, spec),
    "initializer": lambda spec: make(INITIALIZERS, spec),
}

# nn's short forms of regularizers, which Keras spells out.
SHORT = {"": "kernel", "bias_": "bias", "activity_": "activity"}


def layer_arguments(spec):
    """The keyword arguments of a layer's class."""
    arguments = {key: value for key, value in spec.items() if key not in ("name", "input_dim")}
    for prefix, argument in SHORT.items():
        short = {which: arguments.pop(prefix + which) for which in ["l1", "l2"] if prefix + which in arguments}
        if short:
            arguments[f"{argument}_regularizer"] = {"name": "l1l2", **short}
    for key, value in arguments.items():
        make_argument = ARGUMENTS.get(key.rsplit("_", 1)[-1])
        if make_argument and value is not None:
            arguments[key] = make_argument(value)
    return arguments
