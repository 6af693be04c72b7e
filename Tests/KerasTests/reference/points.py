"""Single functions at awkward points: zeros of both signs, the ends of float32, both sides of every kink, ties."""

from .backend import VERSIONS, np, tf
from . import encode, objects, text
from .cases import BINARY, CATEGORICAL, SPARSE
from .cases.activations import ACTIVATIONS

POINTS = [
    -np.inf, -1e30, -1e4, -103.98, -88.8, -87.4, -30.0, -17.5, -9.1, -6.0, -3.0000002, -3.0, -2.9999998, -2.0, -1.0000001,
    -1.0, -0.7, -0.5, -0.49999997, -0.2, -0.1, -1e-3, -1e-6, -1e-20, -2e-38, -1e-42, -0.0, 0.0, 1e-42, 2e-38, 1e-20, 1e-6,
    1e-3, 0.1, 0.2, 0.3, 0.49999997, 0.5, 0.50000006, 0.7, 0.99999994, 1.0, 1.0000001, 1.5, 2.0, 2.9999998, 3.0, 5.9999995,
    6.0, 6.0000005, 9.1, 17.5, 30.0, 88.7, 88.8, 103.98, 1e4, 1e30, np.inf, np.nan,
]  # fmt: skip

ROWS = [
    [0, 0, 0, 0], [1, 2, 3, 4], [-1, -2, -3, -4], [100, 0, -100, 50], [88, 89, 90, 91], [1e4, -1e4, 0, 1], [1e30, 0, -1e30, 5],
    [1e-20, 0, -1e-20, 0], [-104, 0, -104, 0], [0, -87.5, -88.5, -103], [0.5, 0.5, 0.5, 0.4], [1, 0, 0, 0], [1, 1, 0, 0],
    [0.3, 0.1, 0.2, 0.4], [2, 2, 1.5, 1],
]  # fmt: skip

BY_ROW = ["softmax", "log_softmax", "sparsemax", "glu"]

MORE = [
    {"name": "relu", "max_value": 6.0}, {"name": "relu", "max_value": 2.0}, {"name": "relu", "threshold": 1.0},
    {"name": "relu", "negative_slope": 0.2, "max_value": 3.0},
    {"name": "relu", "negative_slope": 0.1, "max_value": 5.0, "threshold": 0.5},
    {"name": "leaky_relu", "negative_slope": 0.3}, {"name": "elu", "alpha": 2.0}, {"name": "celu", "alpha": 2.0},
    {"name": "squareplus", "b": 0.0}, {"name": "threshold", "threshold": 0.5, "default_value": 2.0},
]  # fmt: skip


def activations():
    x = tf.constant(np.array(POINTS, np.float32))
    for spec in [spec for spec in ACTIVATIONS if spec not in BY_ROW] + MORE:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = objects.activation(spec)(x)
        gradient = tape.gradient(y, x, unconnected_gradients="zero").numpy()
        yield {"function": text.component(spec), "values": y.numpy(), "gradients": gradient}


def by_row():
    """Gradients of the mean of (f(x) - t)², for f alone has a sum that may not depend on x."""
    x = tf.constant(np.array(ROWS, np.float32))
    for spec in BY_ROW:
        wanted = np.array([[0.3, -0.7, 0.2, 0.6]], np.float32)[:, : 2 if spec == "glu" else 4]
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = objects.activation(spec)(x)
            loss = tf.reduce_sum(tf.reduce_mean(tf.square(y - wanted), axis=-1))
        yield {"function": spec, "targets": wanted, "values": y.numpy(), "gradients": tape.gradient(loss, x).numpy()}


def losses():
    for spec, targets, outputs in loss_rows():
        targets, outputs = np.array(targets, np.float32), np.array(outputs, np.float32)
        loss = objects.make(objects.LOSSES, spec)
        labels = objects.named(spec)["name"] == "categorical_generalized_cross_entropy"
        values, gradients = [], []
        for row in range(len(targets)):
            output = tf.constant(outputs[row : row + 1])
            with tf.GradientTape() as tape:
                tape.watch(output)
                value = loss(targets[row] if labels else targets[row : row + 1], output)
            values.append(float(value))
            gradients.append(tape.gradient(value, output).numpy()[0])
        yield {
            "loss": text.component(spec), "targets": targets, "outputs": outputs, "values": values,
            "gradients": np.array(gradients),
        }  # fmt: skip


def loss_rows():
    """(loss, targets, outputs): one loss value a row. The outputs come from no activation."""
    numbers = [[0, 0], [1, -1], [2, 0.5], [-3, 3], [1e-8, -1e-8], [100, 0], [0.3, 0.7], [1e4, -1e4], [0, -2]]
    guesses = [[0, 0], [1.5, -2.5], [0.5, 2.5], [3, -3], [0, 0], [0, 100], [0.3, -0.3], [-1e4, 1e4], [-0.5, -1]]
    for loss in [
        "mean_absolute_error", "mean_squared_error", "huber", {"name": "huber", "delta": 2.5}, "log_cosh",
        "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "cosine_similarity",
    ]:  # fmt: skip
        yield loss, numbers, guesses
    yield "poisson", [[0, 1], [2, 5], [0, 0], [1, 1], [3, 0]], [[0.5, 1], [2, 1e-8], [0, 1], [1e-20, 100], [1e4, 1e-3]]
    flags = [[0, 1], [1, 0], [1, 1], [0, 0], [1, 0], [0.5, 0.25], [0, 1], [1, 0]]
    chances = [[0.1, 0.9], [0.1, 0.9], [1, 0], [1, 0], [1e-8, 1 - 1e-7], [0.5, 0.5], [0, 1], [0, 1]]
    logits = [[-2, 2], [-2, 2], [100, -100], [100, -100], [1e-8, 20], [0, -0.5], [0, 0], [-1e4, 1e4]]
    focal = [{}, {"gamma": 0.0}, {"gamma": 1.0}, {"gamma": 0.5}, {"alpha": 0.7, "apply_class_balancing": True}]
    for smoothing in [0.0, 0.1]:
        for options in [{"name": BINARY}] + [{"name": "binary_focal_crossentropy", **options} for options in focal]:
            yield {**options, "label_smoothing": smoothing}, flags, chances
            yield {**options, "label_smoothing": smoothing, "from_logits": True}, flags, logits
    onehot = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [0.2, 0.3, 0.5], [1, 0, 0]]
    shares = [[0.7, 0.2, 0.1], [0.5, 0, 0.5], [0, 0, 1], [1.4, 0.4, 0.2], [1e-9, 1e-9, 1e-9], [0.2, 0.3, 0.5], [1, 0, 0]]
    scores = [[2, 1, 0], [5, -5, 5], [-100, -100, 100], [100, 0, 0], [0, -200, 0], [0.1, 0.2, 0.3], [1e4, -1e4, 0]]
    focal = [{}, {"gamma": 0.0}, {"gamma": 1.0}, {"gamma": 0.5, "alpha": 0.7}]
    for smoothing in [0.0, 0.1]:
        for options in [{"name": CATEGORICAL}] + [{"name": "categorical_focal_crossentropy", **options} for options in focal]:
            yield {**options, "label_smoothing": smoothing}, onehot, shares
            yield {**options, "label_smoothing": smoothing, "from_logits": True}, onehot, scores
    yield "kl_divergence", onehot, shares
    yield "categorical_hinge", onehot, scores
    yield "categorical_hinge", onehot, shares
    labels = [[0], [1], [2], [0], [1], [2], [0]]
    for options in [{}, {"ignore_class": 1}]:
        yield {"name": SPARSE, **options}, labels, shares
        yield {"name": SPARSE, **options, "from_logits": True}, labels, scores
    for options in [{}, {"q": 0.2}]:
        yield {"name": "categorical_generalized_cross_entropy", **options}, labels, shares
    signs = [[-1, 1], [1, -1], [1, 1], [-1, -1], [1, -1], [1, 1]]
    margins = [[-2, 2], [-2, 2], [1, 1], [1, -1], [0, 0], [0.99999994, 1.0000001]]
    for loss in ["hinge", "squared_hinge"]:
        yield loss, signs, margins
        yield loss, [[max(value, 0) for value in row] for row in signs], margins


def metrics():
    for target, spec, targets, outputs in metric_rows():
        targets, outputs = np.array(targets, np.float32), np.array(outputs, np.float32)
        metric = objects.make(objects.METRICS, spec)
        metric.update_state(targets, outputs)
        yield {
            # The loss says what kind of target it is.
            "loss": target, "metric": text.component(spec), "targets": targets, "outputs": outputs,
            "value": float(metric.result()),
        }  # fmt: skip


def metric_rows():
    """(loss, metric, targets, outputs), for ties, thresholds met exactly, and quotients of nothing."""
    flag = [[0], [1], [1], [0], [1], [0]]
    ties = [[0.5], [0.5], [0.7], [0.7], [0.0], [1.0]]
    none, all_ = [[0]] * 6, [[1]] * 6
    high, low = [[0.9]] * 6, [[0.1]] * 6
    scores = ["binary_accuracy", "precision", "recall", "auc", {"name": "auc", "curve": "PR"}] + [
        {"name": name, "average": average, "threshold": 0.5}
        for name in ["f1_score", "f_beta_score"]
        for average in ["micro", "macro", "weighted"]
    ]
    for spec in scores:
        pairs = [(flag, ties), (flag, high), (flag, low), (none, ties), (all_, ties), (none, low), (all_, high)]
        for targets, outputs in pairs:
            yield BINARY, spec, targets, outputs
    for spec in ["auc", {"name": "auc", "curve": "PR"}, {"name": "auc", "num_thresholds": 5}]:
        exact = [[index / 199] for index in range(0, 200, 25)]
        yield BINARY, spec, [[index % 2] for index in range(8)], exact
        yield BINARY, spec, [[index % 2] for index in range(8)], [[0.25], [0.5], [0.75], [0.0], [1.0], [0.49999997], [0.75], [0.25]]
    labels = [[0], [1], [2], [1], [0], [2]]
    onehot = np.eye(3)[np.array(labels)[:, 0]].tolist()
    rows = [[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.1, 0.1, 0.1], [0.2, 0.3, 0.5], [0, 0, 0], [0.9, 0.05, 0.05]]
    top = [{"name": "top_k_categorical_accuracy", "k": k} for k in [1, 2]]
    averages = [{"name": "f1_score", "average": average} for average in ["micro", "macro", "weighted"]]
    for spec in ["categorical_accuracy", *top, *averages]:
        yield CATEGORICAL, spec, onehot, rows
    for spec in ["sparse_categorical_accuracy", *({**spec, "name": "sparse_" + spec["name"]} for spec in top)]:
        yield SPARSE, spec, labels, rows
    constant = [[2.0], [2.0], [2.0]]
    for targets, outputs in [(constant, constant), (constant, [[1.0], [2.0], [3.0]]), ([[1.0], [2.0], [3.0]], constant)]:
        for spec in ["r2_score", "root_mean_squared_error", "cosine_similarity"]:
            yield "mean_squared_error", spec, targets, outputs
    # Within a graph, as in its own `fit`, Keras cannot take `num_regressors`.
    for count in [1, 2, 3, 5]:
        spec = {"name": "r2_score", "num_regressors": count}
        yield "mean_squared_error", spec, [[1.0], [2.0], [4.0], [3.0]], [[1.5], [2.0], [3.0], [3.5]]
    yield "mean_squared_error", "cosine_similarity", [[0, 0], [1, 2]], [[1, 1], [0, 0]]


def make():
    head = {"versions": VERSIONS, "points": np.array(POINTS, np.float32), "rows": np.array(ROWS, np.float32)}
    sections = {"activations": activations(), "by_row": by_row(), "losses": losses(), "metrics": metrics()}
    return encode.lines(head, {name: list(map(encode.encode, rows)) for name, rows in sections.items()})
