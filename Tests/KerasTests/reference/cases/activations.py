"""Every activation, with each of its options, in two hidden layers, as a layer of its own and at the output."""

from . import case, dense, label, layer

ACTIVATIONS = [
    "linear", "relu", {"name": "relu", "max_value": 0.8}, {"name": "relu", "negative_slope": 0.1},
    {"name": "relu", "threshold": 0.3}, {"name": "relu", "negative_slope": 0.2, "max_value": 0.7, "threshold": 0.1},
    "relu6", "leaky_relu", {"name": "leaky_relu", "negative_slope": 0.05}, "elu", {"name": "elu", "alpha": 0.5},
    "celu", {"name": "celu", "alpha": 0.6}, "selu", "gelu", {"name": "gelu", "approximate": True}, "silu", "swish", "mish",
    "softmax", "log_softmax", "softplus", "softsign", "squareplus", {"name": "squareplus", "b": 1.5}, "sigmoid",
    "log_sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "tanh_shrink", "soft_shrink",
    {"name": "soft_shrink", "threshold": 0.2}, "hard_shrink", {"name": "hard_shrink", "threshold": 0.2},
    {"name": "threshold", "threshold": 0.2, "default_value": -0.3}, "hard_silu", "hard_swish", "exponential", "glu", "sparsemax",
    "sparse_plus", "sparse_sigmoid",
]  # fmt: skip

# Whose outputs are so large that training needs smaller steps.
LARGE = ["log_softmax", "exponential", "log_sigmoid"]


def units(activation, count):
    """`glu` halves the width."""
    return 2 * count if activation == "glu" else count


def cases():
    for activation in ACTIVATIONS:
        layers = [dense(units(activation, 7), activation), dense(units(activation, 6), activation), dense(3)]
        rate = {"name": "sgd", "learning_rate": 0.002 if activation in LARGE else 0.05}
        yield case(f"hidden {label(activation)}", "values", layers, optimizer=rate, metrics=["mean_absolute_error"])
        alone = [dense(units(activation, 6)), layer("activation", activation=activation), dense(3)]
        yield case(
            f"layer {label(activation)}", "values", alone, optimizer=rate, scale=1.0 if activation in LARGE else 3.0,
            epochs=3)  # fmt: skip
    for activation in ["softmax", "log_softmax", "sparsemax", "glu", "exponential", "log_sigmoid", "hard_sigmoid", "hard_tanh"]:
        layers = [dense(7, "tanh"), dense(units(activation, 3), activation)]
        yield case(f"output {label(activation)}", "shares", layers)
    # Numbers large enough for the ends of each function.
    for activation in ["relu6", "selu", "gelu", "silu", "mish", "softplus", "log_sigmoid", "hard_silu", "tanh_shrink", "squareplus"]:
        layers = [dense(7, activation), dense(3, "tanh")]
        yield case(f"far {activation}", "values", layers, scale=12.0, epochs=3)
