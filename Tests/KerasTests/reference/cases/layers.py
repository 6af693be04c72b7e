"""Every layer with each of its options, and blocks of layers within each other."""

from . import ADAM, BINARY, CATEGORICAL, HIDDEN, SGD, SOFTMAX, SPARSE, case, dense, label, layer, parallel, repeat, residual

MAE = ["mean_absolute_error"]
WATCHED = {"validation_split": 0.25}


def cases():
    yield from plain()
    yield from initializers()
    yield from normalizations()
    yield from random_layers()
    yield from nested()
    yield from outputs()


def plain():
    yield case("no bias", "values", [dense(7, "tanh", use_bias=False), dense(3, use_bias=False)])
    yield case("one layer", "values", [dense(3)])
    yield case(
        "five layers", "values", [dense(7, "tanh"), dense(6, "gelu"), dense(9, "sigmoid"), dense(4, "elu"), dense(3)],
        optimizer=ADAM)  # fmt: skip
    yield case("wide batch, wide layer", "values", [dense(40, "relu"), dense(18, "tanh"), dense(3)], batch_size=24)
    yield case("input", "values", [layer("input", shape=5), *HIDDEN])
    yield case("input of a dense layer", "values", [dense(7, "tanh", input_dim=5), dense(3)])
    yield case("activation layers", "values", [dense(7), layer("activation", activation="elu"), dense(3)])
    for options in [{}, {"negative_slope": 0.1}]:
        yield case(label(layer("leaky_relu", **options)), "values", [dense(7), layer("leaky_relu", **options), dense(3)])
    yield case("prelu", "values", [dense(7), layer("prelu"), dense(6), layer("prelu"), dense(3)], metrics=MAE)
    yield case("prelu first", "values", [layer("prelu"), *HIDDEN])


def initializers():
    """Those whose values are known are compared; the others are only taken."""
    known = [
        "zeros", "ones", {"name": "constant", "value": 0.1}, "identity", {"name": "identity", "gain": 0.7}, "constant",
    ]  # fmt: skip
    for spec in known:
        bias = spec if label(spec).split()[0] != "identity" else "zeros"
        layers = [dense(4, "tanh", kernel_initializer=spec, bias_initializer=bias), dense(3, kernel_initializer={"name": "constant", "value": 0.2})]
        yield case(f"initializer {label(spec)}", "values", layers, own_weights=True, epochs=2)
    for spec in [
        "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal", "orthogonal",
        {"name": "orthogonal", "gain": 2.0}, {"name": "random_normal", "mean": 0.1, "stddev": 0.2},
        {"name": "random_uniform", "minval": -0.1, "maxval": 0.2}, {"name": "truncated_normal", "mean": 0.1, "stddev": 0.2},
        {"name": "variance_scaling", "scale": 2.0, "mode": "fan_avg", "distribution": "uniform"},
    ]:  # fmt: skip
        yield case(f"initializer {label(spec)}", "values", [dense(4, "tanh", kernel_initializer=spec), dense(3)], epochs=1)
    options = {
        "beta_initializer": {"name": "constant", "value": 0.3}, "gamma_initializer": {"name": "constant", "value": 0.8},
    }  # fmt: skip
    moving = {"moving_mean_initializer": {"name": "constant", "value": 0.2}, "moving_variance_initializer": {"name": "constant", "value": 2.0}}
    kernel = {"kernel_initializer": {"name": "identity", "gain": 0.5}}
    for spec in [layer("batch_normalization", **options, **moving), layer("layer_normalization", **options)]:
        yield case(
            f"initializers of {spec['name']}", "values", [dense(7, "tanh", **kernel), spec, dense(3, **kernel)],
            own_weights=True, **WATCHED)  # fmt: skip
    for spec in [
        layer("batch_normalization"), layer("layer_normalization"), layer("rms_normalization"), layer("prelu"),
        layer("prelu", alpha_initializer={"name": "constant", "value": 0.25}),
    ]:  # fmt: skip
        yield case(
            f"starts as Keras's: {label(spec)}", "values", [dense(7, **kernel), spec, dense(3, **kernel)], own_weights=True,
            epochs=2)  # fmt: skip


def normalizations():
    for name, variants in {
        "batch_normalization": [{"momentum": 0.8}, {"epsilon": 0.1}, {"center": False}, {"scale": False}, {"center": False, "scale": False}],
        "layer_normalization": [{"epsilon": 0.1}, {"center": False}, {"scale": False}, {"center": False, "scale": False}],
        "rms_normalization": [{"epsilon": 0.1}],
        "unit_normalization": [],
    }.items():  # fmt: skip
        for options in [{}, *variants]:
            spec = layer(name, **options)
            layers = [dense(7, "tanh"), spec, dense(6, "relu"), spec, dense(3)]
            yield case(label(spec), "values", layers, metrics=MAE, **WATCHED)
        yield case(
            f"{name} before the activation", "values",
            [dense(7), layer(name), layer("activation", activation="relu"), dense(3)], metrics=MAE, **WATCHED)  # fmt: skip
        yield case(f"{name} first and last", "values", [layer(name), dense(7, "tanh"), dense(3), layer(name)], **WATCHED)
        yield case(
            f"{name} with adam", "classes", [dense(7, "relu", use_bias=False), layer(name), dense(3, "softmax")], SPARSE,
            ADAM, epochs=10, **WATCHED)  # fmt: skip
        yield case(
            f"{name}, batches of one row", "values", [dense(4, "tanh"), layer(name), dense(3)],
            optimizer={"name": "sgd", "learning_rate": 0.01}, batch_size=17, epochs=3)  # fmt: skip
    # A batch of one row has no variance.
    yield case(
        "batch_normalization of one row", "values", [dense(4, "tanh"), layer("batch_normalization"), dense(3)],
        batch_size=51, epochs=3, **{"validation_split": 0.0})  # fmt: skip
    yield case(
        "batch_normalization, weighted rows", "values", [dense(7, "tanh"), layer("batch_normalization"), dense(3)],
        sample_weight=True, **WATCHED)  # fmt: skip


def random_layers():
    for name, values in {
        "dropout": [{"rate": 0.2}, {"rate": 0.5}, {"rate": 0.0}], "alpha_dropout": [{"rate": 0.1}, {"rate": 0.5}],
        "gaussian_dropout": [{"rate": 0.2}, {"rate": 0.5}], "gaussian_noise": [{"stddev": 0.1}, {"stddev": 0.7}],
    }.items():  # fmt: skip
        for options in values:
            spec = layer(name, **options)
            yield case(
                label(spec), "values", [dense(7, "tanh"), spec, dense(6, "relu"), spec, dense(3)], metrics=MAE, **WATCHED)  # fmt: skip
        spec = layer(name, **values[0])
        yield case(f"{name} first", "values", [spec, *HIDDEN])
        yield case(f"{name} last, of logits", "onehot", [*HIDDEN, spec], {"name": CATEGORICAL, "from_logits": True})
        branches = parallel([dense(3), spec], [dense(2, "relu"), spec])
        blocks = [residual(dense(5, "tanh"), spec), repeat(2, dense(6, "selu"), spec), branches, dense(3)]
        yield case(f"{name} within blocks", "values", blocks)
        # Wider than a counter's four words, and than a vector of the machine.
        yield case(f"{name} of a wide layer", "values", [dense(37, "relu"), spec, dense(3)], epochs=2)


def nested():
    yield case("repeat", "values", [repeat(3, dense(6, "tanh")), dense(3)])
    yield case("repeat of two layers", "values", [repeat(2, dense(6), layer("activation", activation="relu")), dense(3)])
    yield case("repeat once", "values", [repeat(1, dense(6, "tanh")), dense(3)])
    yield case("residual", "values", [dense(7, "tanh"), residual(dense(7, "relu")), dense(3)])
    yield case("residual first", "values", [residual(dense(9, "relu"), dense(5)), dense(3)])
    yield case("residual last", "values", [dense(3), residual(dense(6, "tanh"), dense(3))])
    yield case("residual of an activation", "values", [dense(7), residual(layer("activation", activation="gelu")), dense(3)])
    yield case("parallel", "values", [parallel([dense(4, "tanh")], [dense(3, "relu")]), dense(3)])
    unlike = parallel([dense(4, "tanh"), dense(2)], [layer("activation", activation="relu")], [dense(3, "gelu")])
    yield case("parallel of unlike branches", "values", [dense(6, "tanh"), unlike, dense(3)])
    yield case("parallel with an empty branch", "values", [dense(4, "tanh"), parallel([dense(3, "relu")], []), dense(3)])
    yield case("parallel last", "values", [dense(6, "tanh"), parallel([dense(1)], [dense(2, "tanh")])])
    yield case("parallel of one branch", "values", [parallel([dense(4, "tanh")]), dense(3)])
    yield case(
        "repeat of residuals", "values",
        [dense(6), repeat(3, residual(layer("layer_normalization"), dense(8, "gelu"), dense(6))), dense(3)], metrics=MAE,
        **WATCHED)  # fmt: skip
    yield case("residual of a repeat", "values", [dense(6), residual(repeat(2, dense(6, "tanh"))), dense(3)])
    yield case(
        "parallel of residuals", "values",
        [dense(5, "tanh"), parallel([residual(dense(5, "relu"))], [repeat(2, dense(4, "tanh"))]), dense(3)])  # fmt: skip
    yield case(
        "parallel within parallel", "values",
        [parallel([dense(3, "tanh")], [parallel([dense(2, "relu")], [dense(2)]), dense(3, "tanh")]), dense(3)])  # fmt: skip
    yield case(
        "repeat of batch_normalization", "values",
        [repeat(2, dense(6, use_bias=False), layer("batch_normalization"), layer("activation", activation="relu")), dense(3)],
        **WATCHED)  # fmt: skip
    yield case(
        "biases before batch_normalization within repeat", "values",
        [repeat(2, dense(6), layer("batch_normalization"), layer("activation", activation="relu")), dense(3)], **WATCHED)  # fmt: skip
    penalty = {"activity_regularizer": {"name": "l2", "l2": 0.02}, "kernel_regularizer": {"name": "l1", "l1": 0.01}}
    yield case(
        "penalties within blocks", "values",
        [residual(dense(5, "tanh", **penalty)), parallel([dense(4, **penalty)], [dense(3, "relu")]), dense(3)],
        optimizer=ADAM, **WATCHED)  # fmt: skip
    yield case(
        "softmax of joined branches", "onehot",
        [parallel([dense(1)], [dense(2, "tanh")]), layer("activation", activation="softmax")], CATEGORICAL)  # fmt: skip
    # Logits are looked for at the last operation alone.
    yield case(
        "softmax within a residual", "onehot", [dense(3), residual(layer("activation", activation="softmax"))], CATEGORICAL)  # fmt: skip
    yield case("softmax within repeat", "onehot", [dense(4, "tanh"), repeat(1, dense(3, "softmax"))], CATEGORICAL)
    yield case("softmax of one branch", "onehot", [dense(4, "tanh"), parallel([dense(3, "softmax")])], CATEGORICAL)
    yield case("softmax before dropout", "onehot", [*SOFTMAX, layer("dropout", rate=0.1)], CATEGORICAL)
    yield case(
        "softmax before a linear activation", "onehot", [*SOFTMAX, layer("activation", activation="linear")], CATEGORICAL)  # fmt: skip


def outputs():
    """`output` takes units, activation and loss from the target."""
    output = layer("output")
    yield case("output of one number", "value", [dense(7, "tanh"), output], None, SGD)
    yield case("output of classes", "classes", [dense(7, "tanh"), output], None, ADAM)
    yield case("output of two classes", "flag", [dense(7, "tanh"), output], None, ADAM)
    yield case("output with a loss", "flag", [dense(7, "tanh"), output], {"name": BINARY, "label_smoothing": 0.1}, SGD)
    yield case("output of one number with a loss", "value", [dense(7, "tanh"), output], "huber", SGD)
