"""Every loss, with each of its options, from probabilities and from logits."""

from . import BINARY, CATEGORICAL, HIDDEN, LOGITS2, MSE, SIGMOID, SOFTMAX, SPARSE, case, dense, label, layer


def cases():
    yield from numbers()
    yield from shares()
    yield from binary()
    yield from categorical()
    yield from sparse()
    yield from hinges()


def numbers():
    for loss in [
        "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber",
        {"name": "huber", "delta": 0.3}, "log_cosh", "cosine_similarity",
    ]:  # fmt: skip
        rate = 0.001 if loss == "mean_absolute_percentage_error" else 0.05
        yield case(label(loss), "values", HIDDEN, loss, {"name": "sgd", "learning_rate": rate})
    yield case("huber of large errors", "values", HIDDEN, "huber", scale=6.0)
    yield case("log_cosh of large errors", "values", HIDDEN, "log_cosh", scale=20.0)
    msle = "mean_squared_logarithmic_error"
    yield case(msle, "counts", [dense(7, "tanh"), dense(3, "softplus")], msle)
    # Below 0 predictions count as 0, and have no gradient.
    yield case(msle + " of negative predictions", "values", HIDDEN, msle)
    yield case("poisson", "counts", [dense(7, "tanh"), dense(3, "exponential")], "poisson")
    yield case("poisson of softplus", "counts", [dense(7, "tanh"), dense(3, "softplus")], "poisson")


def shares():
    yield case("kl_divergence", "shares", SOFTMAX, "kl_divergence")
    # Above 1 predictions are clipped, and have no gradient.
    yield case("kl_divergence of softplus", "shares", [dense(7, "tanh"), dense(3, "softplus")], "kl_divergence")


def binary():
    yield case("binary", "flags", SIGMOID, BINARY, metrics=["binary_accuracy"])
    yield case("binary of one column", "flag", [dense(7, "tanh"), dense(1, "sigmoid")], BINARY)
    yield case("binary from logits", "flags", LOGITS2, {"name": BINARY, "from_logits": True})
    yield case("binary smoothed", "flags", SIGMOID, {"name": BINARY, "label_smoothing": 0.1})
    yield case(
        "binary smoothed from logits", "flags", LOGITS2,
        {"name": BINARY, "label_smoothing": 0.2, "from_logits": True})  # fmt: skip
    # Kernels twenty times as large: the sigmoid is 0 or 1, and only the logits still have a gradient.
    yield case("binary saturated", "flags", SIGMOID, BINARY, scale=20.0)
    # A sigmoid of its own layer, and probabilities that no sigmoid made.
    yield case("binary after activation layer", "flags", [*LOGITS2, layer("activation", activation="sigmoid")], BINARY)
    yield case("binary of clipped relu", "flags", [dense(7, "tanh"), dense(2, {"name": "relu", "max_value": 1.0})], BINARY)
    yield case("binary of softmax", "flags", [dense(7, "tanh"), dense(2, "softmax")], BINARY)
    yield case("binary of hard_sigmoid", "flags", [dense(7, "tanh"), dense(2, "hard_sigmoid")], BINARY, scale=3.0)
    focal = "binary_focal_crossentropy"
    for options in [{}, {"gamma": 0.5}, {"gamma": 3.0}, {"apply_class_balancing": True, "alpha": 0.6}, {"label_smoothing": 0.2}]:
        loss = {"name": focal, **options}
        yield case(label(loss), "flags", SIGMOID, loss)
        yield case(label(loss) + " from logits", "flags", LOGITS2, {**loss, "from_logits": True})
    yield case("binary focal of one column", "flag", [dense(7, "tanh"), dense(1, "sigmoid")], focal)
    yield case("binary focal saturated", "flags", SIGMOID, focal, scale=20.0)


def categorical():
    yield case("categorical", "onehot", SOFTMAX, CATEGORICAL, metrics=["categorical_accuracy"])
    yield case("categorical from logits", "onehot", HIDDEN, {"name": CATEGORICAL, "from_logits": True})
    yield case("categorical smoothed", "onehot", SOFTMAX, {"name": CATEGORICAL, "label_smoothing": 0.1})
    yield case(
        "categorical smoothed from logits", "onehot", HIDDEN,
        {"name": CATEGORICAL, "label_smoothing": 0.3, "from_logits": True})  # fmt: skip
    yield case("categorical saturated", "onehot", SOFTMAX, CATEGORICAL, scale=20.0)
    yield case("categorical of sigmoid", "onehot", [dense(7, "tanh"), dense(3, "sigmoid")], CATEGORICAL)
    yield case("categorical of softplus", "onehot", [dense(7, "tanh"), dense(3, "softplus")], CATEGORICAL)
    yield case("categorical of shares", "shares", SOFTMAX, CATEGORICAL)
    yield case(
        "categorical after activation layer", "onehot", [*HIDDEN, layer("activation", activation="softmax")], CATEGORICAL)  # fmt: skip
    focal = "categorical_focal_crossentropy"
    for options in [{}, {"gamma": 0.5}, {"gamma": 3.0, "alpha": 0.6}, {"label_smoothing": 0.2}]:
        loss = {"name": focal, **options}
        yield case(label(loss), "onehot", SOFTMAX, loss)
        yield case(label(loss) + " from logits", "onehot", HIDDEN, {**loss, "from_logits": True})
    yield case("categorical focal of sigmoid", "onehot", [dense(7, "tanh"), dense(3, "sigmoid")], focal)
    yield case("categorical focal saturated", "onehot", SOFTMAX, focal, scale=20.0)


def sparse():
    yield case("sparse", "classes", SOFTMAX, SPARSE, metrics=["sparse_categorical_accuracy"])
    yield case("sparse from logits", "classes", HIDDEN, {"name": SPARSE, "from_logits": True})
    yield case("sparse ignoring a class", "classes", SOFTMAX, {"name": SPARSE, "ignore_class": 1})
    yield case(
        "sparse ignoring a class from logits", "classes", HIDDEN,
        {"name": SPARSE, "ignore_class": 2, "from_logits": True})  # fmt: skip
    yield case("sparse saturated", "classes", SOFTMAX, SPARSE, scale=20.0)
    for options in [{}, {"q": 0.2}, {"q": 0.9}]:
        loss = {"name": "categorical_generalized_cross_entropy", **options}
        yield case(label(loss), "classes", SOFTMAX, loss, metrics=["sparse_categorical_accuracy"])
    yield case("sparse of sigmoid", "classes", [dense(7, "tanh"), dense(3, "sigmoid")], SPARSE)


def hinges():
    for loss in ["hinge", "squared_hinge"]:
        yield case(loss, "signs", [dense(7, "tanh"), dense(2, "tanh")], loss)
        yield case(loss + " of 0 and 1", "flags", LOGITS2, loss)
        yield case(loss + " of one column", "flag", [dense(7, "tanh"), dense(1)], loss)
    yield case("categorical_hinge", "onehot", HIDDEN, "categorical_hinge")
    yield case("categorical_hinge of softmax", "onehot", SOFTMAX, "categorical_hinge")
    yield case("mse of classes", "onehot", SOFTMAX, MSE)
