"""Every name and argument that Keras has for what nn's catalog has kinds of, with the defaults."""

import inspect

from .backend import VERSIONS, keras
from . import encode
from .objects import LAYERS
from keras.src import activations, callbacks, constraints, initializers, losses, metrics, optimizers, regularizers
from keras.src.utils.naming import to_snake_case

# Of the layers, those that take and give one vector a row; no others can be in a dense network.
DENSE_LAYERS = [
    "dense", "activation", "dropout", "alpha_dropout", "gaussian_dropout", "gaussian_noise", "batch_normalization",
    "layer_normalization", "rms_normalization", "unit_normalization", "prelu", "leaky_relu",
]  # fmt: skip

# Keras has no names for callbacks in text; these are nobody's idea of snake case.
CALLBACK_NAMES = {
    "ReduceLROnPlateau": "reduce_lr_on_plateau", "TensorBoard": "tensorboard", "TerminateOnNaN": "terminate_on_nan",
}  # fmt: skip


def arguments(thing):
    """{argument: default}; `{"required": true}` for one without."""
    found = {}
    for cls in inspect.getmro(thing) if inspect.isclass(thing) else [thing]:
        function = cls.__init__ if inspect.isclass(thing) else cls
        for parameter in inspect.signature(function).parameters.values():
            if parameter.name in ("self", "x", "args", "kwargs", "name", "dtype", "fn") or parameter.name in found:
                continue
            default = parameter.default
            found[parameter.name] = {"required": True} if default is inspect.Parameter.empty else {"default": default}
        # What a layer does not take itself it hands on to its parent.
        if not inspect.isclass(cls) or not issubclass(cls, keras.layers.Layer) or cls is keras.layers.Layer:
            break
    return found


def kinds():
    def of(objects):
        return {name: value for name, value in objects.items() if name == name.lower() and value is not None}

    schedules = vars(keras.optimizers.schedules)
    return {
        "layer": {name: LAYERS[name] for name in DENSE_LAYERS},
        "activation": of(activations.ALL_OBJECTS_DICT),
        "initializer": of(initializers.ALL_OBJECTS_DICT),
        "loss": of(losses.ALL_OBJECTS_DICT) | {to_snake_case(c.__name__): c for c in losses.ALL_OBJECTS if inspect.isclass(c)},
        "metric": of(metrics.ALL_OBJECTS_DICT),
        "optimizer": of(optimizers.ALL_OBJECTS_DICT) | {"lamb": keras.optimizers.Lamb},
        "schedule": {to_snake_case(name): value for name, value in schedules.items() if inspect.isclass(value)},
        "regularizer": of(regularizers.ALL_OBJECTS_DICT),
        "constraint": of(constraints.ALL_OBJECTS_DICT),
        "callback": {
            CALLBACK_NAMES.get(name, to_snake_case(name)): value
            for name, value in vars(callbacks).items()
            if inspect.isclass(value)
        },
    }


def make():
    sections = {
        kind: {name: encode.encode(defaults(thing)) for name, thing in sorted(objects.items())}
        for kind, objects in kinds().items()
    }
    return encode.lines({"versions": VERSIONS}, sections)


def defaults(thing):
    return {argument: plain(value) for argument, value in arguments(thing).items()}


def plain(value):
    """A default that JSON has; others as the text that Python shows."""
    default = value.get("default")
    simple = default is None or isinstance(default, (bool, int, float, str))
    return value if simple else {"default": str(default)}
