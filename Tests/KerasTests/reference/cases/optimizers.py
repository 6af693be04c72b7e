"""Every optimizer with each of its options, and what all of them take: decay, clipping, averages, accumulation."""

from .. import text
from . import HIDDEN, case, dense, label, layer, residual

OWN = {
    "sgd": [{"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}, {"nesterov": True}],
    "rmsprop": [{"rho": 0.7}, {"momentum": 0.8}, {"epsilon": 0.01}, {"centered": True}, {"centered": True, "momentum": 0.5}],
    "adam": [{"beta_1": 0.7, "beta_2": 0.9}, {"epsilon": 0.01}, {"amsgrad": True, "beta_2": 0.8}],
    "adamw": [{"weight_decay": 0.1}, {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 0.01}, {"amsgrad": True, "beta_2": 0.8}],
    "nadam": [{"beta_1": 0.7, "beta_2": 0.9}, {"epsilon": 0.01}],
    "adamax": [{"beta_1": 0.7, "beta_2": 0.9}, {"epsilon": 0.01}],
    "adagrad": [{"initial_accumulator_value": 0.5}, {"initial_accumulator_value": 0.0, "epsilon": 0.01}],
    "adadelta": [{"rho": 0.7, "epsilon": 0.001}],
    "ftrl": [
        {"learning_rate_power": -0.7}, {"learning_rate_power": 0.0}, {"initial_accumulator_value": 0.5},
        {"l1_regularization_strength": 0.02, "l2_regularization_strength": 0.03},
        {"l2_shrinkage_regularization_strength": 0.05}, {"beta": 0.3},
    ],
    "lion": [{"beta_1": 0.7, "beta_2": 0.9}],
    "lamb": [{"beta_1": 0.7, "beta_2": 0.9}, {"epsilon": 0.01}],
    "adafactor": [
        {"beta_2_decay": -0.5}, {"epsilon_1": 1e-3}, {"epsilon_2": 0.1}, {"clip_threshold": 0.5}, {"relative_step": False},
        {"relative_step": False, "learning_rate": 1e-4},
    ],
    "muon": [
        {"adam_beta_1": 0.7, "adam_beta_2": 0.9}, {"epsilon": 0.01}, {"momentum": 0.8}, {"nesterov": False}, {"ns_steps": 3},
        {"muon_a": 3.0, "muon_b": -4.0, "muon_c": 1.8}, {"adam_lr_ratio": 0.5}, {"rms_rate": 0.4}, {"rms_rate": None},
        {"adam_weight_decay": 0.1, "weight_decay": 0.05}, {"adam_weight_decay": None, "weight_decay": None},
    ],
    "schedulefreeadamw": [{"beta_1": 0.7, "beta_2": 0.9}, {"epsilon": 0.01}, {"warmup_steps": 6}],
}  # fmt: skip

RATES = {
    "sgd": 0.02, "rmsprop": 0.005, "adadelta": 0.5, "adagrad": 0.05, "ftrl": 0.05, "lion": 0.002, "lamb": 0.01, "adafactor": 0.02,
}  # fmt: skip

# Clipping of three kinds excludes the others, so three rounds take everything.
COMMON = [
    {"weight_decay": 0.05, "clipnorm": 0.3},
    {"clipvalue": 0.05, "use_ema": True, "ema_momentum": 0.9},
    {"global_clipnorm": 0.4, "gradient_accumulation_steps": 3},
    {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    {"ema": 0.7},
]


def cases():
    for name, variants in OWN.items():
        yield case(f"{name} default", "values", HIDDEN, optimizer=name)
        rate = {"learning_rate": RATES.get(name, 0.01)}
        yield case(f"{name}", "values", HIDDEN, optimizer={"name": name, **rate}, epochs=10)
        for options in variants:
            spec = {"name": name, **rate, **options}
            yield case(label({"name": name, **options}), "values", HIDDEN, optimizer=spec)
        for options in COMMON:
            spec = {"name": name, **rate, **options}
            yield case(label({"name": name, **options}), "values", HIDDEN, optimizer=spec)
    yield from shapes()
    yield from whole_step()


def shapes():
    """Kernels wider than high and higher than wide, and weights of normalizations."""
    layers = [dense(9, "tanh"), layer("layer_normalization"), residual(dense(9, "relu")), layer("prelu"), dense(2, "tanh"), dense(3)]
    for name in OWN:
        rate = RATES.get(name, 0.01) / (4 if name == "sgd" else 2)
        yield case(
            f"{name} on every kind of weight", "values", layers, optimizer={"name": name, "learning_rate": rate}, epochs=3)  # fmt: skip


def whole_step():
    """Options that meet: what is clipped first, what decays, what an average sees."""
    adam = {"name": "adam", "learning_rate": 0.01}
    for options in [
        {"gradient_accumulation_steps": 2, "weight_decay": 0.1},
        {"gradient_accumulation_steps": 2, "use_ema": True, "ema_momentum": 0.5},
        {"gradient_accumulation_steps": 3, "clipnorm": 0.1},
        {"gradient_accumulation_steps": 5, "use_ema": True, "ema_overwrite_frequency": 2},
        {"use_ema": True}, {"ema_momentum": 0.5},
        {"clipnorm": 1e6}, {"clipvalue": 1e-6}, {"global_clipnorm": 1e-6},
    ]:  # fmt: skip
        spec = {**adam, **options}
        yield case(f"adam: {text.options(options)}", "values", HIDDEN, optimizer=spec, validation_split=0.2)
    # The same, given to `compile`.
    for options in [
        {"clipnorm": 0.1}, {"clipvalue": 0.02}, {"global_clipnorm": 0.1}, {"learning_rate": 0.02}, {"weight_decay": 0.05},
        {"ema": 0.8},
    ]:  # fmt: skip
        yield case(f"compile: {text.options(options)}", "values", HIDDEN, optimizer=adam, compile=options)
    for names in [["layers.0"], ["layers.1", "layers.2"]]:
        muon = {"name": "muon", "learning_rate": 0.01, "exclude_layers": names, "exclude_embeddings": False}
        yield case(
            f"muon without {' and '.join(names)}", "values", [dense(7, "tanh"), dense(6, "tanh"), dense(3)], optimizer=muon)  # fmt: skip
    yield case(
        "l2 counts as gradient, decay does not", "values",
        [dense(7, "tanh", kernel_regularizer={"name": "l2", "l2": 0.05}), dense(3)],
        optimizer={**adam, "weight_decay": 0.05, "clipnorm": 0.2})  # fmt: skip
