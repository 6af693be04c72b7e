"""Every loss as a metric, and every metric with each of its options, while training, in validation and evaluated."""

from . import BINARY, CATEGORICAL, HIDDEN, LOGITS2, MSE, SIGMOID, SOFTMAX, SPARSE, case, dense

NUMBERS = [
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
    "root_mean_squared_error", "log_cosh_error", "cosine_similarity", "r2_score",
]  # fmt: skip


def cases():
    watched = {"validation_split": 0.25}
    yield case("of numbers", "values", HIDDEN, metrics=NUMBERS, **watched)
    yield case("of one number", "value", [dense(7, "tanh"), dense(1)], metrics=NUMBERS, **watched)
    yield case("of numbers, weighted rows", "values", HIDDEN, metrics=NUMBERS, sample_weight=True, **watched)
    yield case(
        "r2 by aggregation", "values", HIDDEN,
        metrics=[{"name": "r2_score", "class_aggregation": way} for way in ["uniform_average", "variance_weighted_average"]],
        **watched)  # fmt: skip
    yield case("of counts", "counts", [dense(7, "tanh"), dense(3, "softplus")], "poisson", metrics=["poisson", *NUMBERS])
    yield case("of shares", "shares", SOFTMAX, "kl_divergence", metrics=["kl_divergence", CATEGORICAL, "cosine_similarity"])
    hinges = ["hinge", "squared_hinge"]
    yield case("hinges", "signs", [dense(7, "tanh"), dense(2, "tanh")], "hinge", metrics=hinges)
    yield case("hinges of 0 and 1", "flags", LOGITS2, "hinge", metrics=hinges)
    yield case("categorical hinge", "onehot", HIDDEN, "categorical_hinge", metrics=["categorical_hinge"])
    correlations = ["pearson_correlation", "concordance_correlation"]
    yield case("correlations", "values", HIDDEN, metrics=correlations, **watched)
    yield from binary(watched)
    yield from rates(watched)
    yield from classes(watched)
    yield from weighted(watched)


def binary(watched):
    # Keras's `accuracy` of several columns compares the largest, which nn leaves to `categorical_accuracy`.
    accuracies = ["binary_accuracy", {"name": "binary_accuracy", "threshold": 0.4}]
    crossentropies = [BINARY, {"name": BINARY, "label_smoothing": 0.2}]
    counts = [
        "precision", "recall", {"name": "precision", "thresholds": 0.4}, {"name": "recall", "thresholds": 0.6},
    ]  # fmt: skip
    one = [dense(7, "tanh"), dense(1, "sigmoid")]
    yield case("of one flag", "flag", one, BINARY, metrics=["accuracy", *accuracies, *crossentropies, *counts], **watched)
    yield case("of two flags", "flags", SIGMOID, BINARY, metrics=accuracies + crossentropies + counts, **watched)
    logits = [{"name": "binary_accuracy", "threshold": 0.0}, {"name": BINARY, "from_logits": True}, {"name": "auc", "from_logits": True}]
    yield case("of logits", "flags", LOGITS2, {"name": BINARY, "from_logits": True}, metrics=logits, **watched)
    areas = [
        {"name": "auc", **options}
        for options in [
            {}, {"curve": "PR"}, {"summation_method": "minoring"}, {"summation_method": "majoring"},
            {"curve": "PR", "summation_method": "minoring"}, {"curve": "PR", "summation_method": "majoring"},
            {"num_thresholds": 20}, {"num_thresholds": 20, "curve": "PR"}, {"num_thresholds": 3}, {"curve": "PRGAIN"},
            {"thresholds": [0.2, 0.5, 0.7]},
        ]
    ]  # fmt: skip
    yield case("areas", "flag", one, BINARY, metrics=areas, **watched)
    yield case("areas of two flags", "flags", SIGMOID, BINARY, metrics=areas, **watched)
    labelled = [
        {"name": "auc", "multi_label": True, **options}
        for options in [{}, {"curve": "PR"}, {"label_weights": [0.3, 0.7]}]
    ]
    yield case("areas of each of two flags", "flags", SIGMOID, BINARY, metrics=labelled, **watched)
    yield case("areas of saturated outputs", "flag", one, BINARY, metrics=areas, scale=20.0, epochs=3)
    scores = [
        {"name": name, "average": average, "threshold": threshold, **beta}
        for name, beta in [("f1_score", {}), ("f_beta_score", {"beta": 2.0})]
        for average in ["micro", "macro", "weighted"]
        for threshold in [0.4, None]
    ]
    yield case("f scores of one flag", "flag", one, BINARY, metrics=scores, **watched)
    yield case("f scores of two flags", "flags", SIGMOID, BINARY, metrics=scores, **watched)
    picked = [
        {"name": name, **options}
        for name in ["precision", "recall"]
        for options in [{"class_id": 1}, {"class_id": 0, "thresholds": 0.3}]
    ]
    yield case("of one of two flags", "flags", SIGMOID, BINARY, metrics=picked, **watched)


def rates(watched):
    counts = [
        {"name": name, **options}
        for name in ["true_positives", "true_negatives", "false_positives", "false_negatives"]
        for options in [{}, {"thresholds": 0.4}]
    ]
    best = [
        {"name": name, bound: 0.6, **options}
        for name, bound in [
            ("sensitivity_at_specificity", "specificity"), ("specificity_at_sensitivity", "sensitivity"),
            ("precision_at_recall", "recall"), ("recall_at_precision", "precision"),
        ]
        for options in [{}, {"num_thresholds": 7}]
    ]  # fmt: skip
    one = [dense(7, "tanh"), dense(1, "sigmoid")]
    yield case("counts and rates of one flag", "flag", one, BINARY, metrics=counts + best, **watched)
    yield case("counts of two flags", "flags", SIGMOID, BINARY, metrics=counts + best, **watched)
    picked = [{**spec, "class_id": 1} for spec in best]
    yield case("rates of one of two flags", "flags", SIGMOID, BINARY, metrics=picked, **watched)


def weighted(watched):
    """Metrics in which the rows' weights count."""
    more = {"sample_weight": True, **watched}
    yield case(
        "weighted, of numbers", "values", HIDDEN, metrics=["mean_absolute_error"],
        weighted_metrics=[*NUMBERS, "pearson_correlation"], **more)  # fmt: skip
    decisions = [
        "binary_accuracy", "precision", "recall", "auc", {"name": "auc", "curve": "PR"}, "true_positives",
        {"name": "f1_score", "average": "macro", "threshold": 0.5}, {"name": "precision_at_recall", "recall": 0.6},
    ]  # fmt: skip
    yield case(
        "weighted, of one flag", "flag", [dense(7, "tanh"), dense(1, "sigmoid")], BINARY, weighted_metrics=decisions, **more)  # fmt: skip
    yield case("weighted, of two flags", "flags", SIGMOID, BINARY, weighted_metrics=decisions, **more)
    averages = [{"name": "f1_score", "average": average} for average in ["micro", "macro", "weighted"]]
    ranked = ["categorical_accuracy", {"name": "top_k_categorical_accuracy", "k": 2}, CATEGORICAL, *averages]
    yield case("weighted, of classes", "onehot", SOFTMAX, CATEGORICAL, weighted_metrics=ranked, **more)
    sparse = ["sparse_categorical_accuracy", SPARSE, {"name": "sparse_top_k_categorical_accuracy", "k": 2}]
    yield case("weighted, of sparse classes", "classes", SOFTMAX, SPARSE, weighted_metrics=sparse, **more)
    yield case(
        "weighted by class", "classes", SOFTMAX, SPARSE, weighted_metrics=sparse, class_weight={0: 0.5, 1: 2.0, 2: 1.25},
        **watched)  # fmt: skip


def classes(watched):
    onehot = [
        "accuracy", "categorical_accuracy", {"name": "top_k_categorical_accuracy", "k": 2}, "top_k_categorical_accuracy",
        CATEGORICAL, {"name": CATEGORICAL, "label_smoothing": 0.1}, "precision", "recall",
        {"name": "precision", "class_id": 1}, {"name": "recall", "class_id": 2}, {"name": "precision", "top_k": 1},
        {"name": "recall", "top_k": 2}, MSE,
    ]  # fmt: skip
    yield case("of one-hot classes", "onehot", SOFTMAX, CATEGORICAL, metrics=onehot, **watched)
    yield case(
        "of one-hot classes, from logits", "onehot", HIDDEN, {"name": CATEGORICAL, "from_logits": True},
        metrics=["categorical_accuracy", {"name": CATEGORICAL, "from_logits": True}], **watched)  # fmt: skip
    scores = [
        {"name": name, "average": average, **beta}
        for name, beta in [("f1_score", {}), ("f_beta_score", {"beta": 0.5})]
        for average in ["micro", "macro", "weighted"]
    ]
    yield case("f scores of classes", "onehot", SOFTMAX, CATEGORICAL, metrics=scores, **watched)
    sparse = [
        "accuracy", "sparse_categorical_accuracy", {"name": "sparse_top_k_categorical_accuracy", "k": 2},
        "sparse_top_k_categorical_accuracy", SPARSE, {"name": SPARSE, "ignore_class": 1},
    ]  # fmt: skip
    yield case("of sparse classes", "classes", SOFTMAX, SPARSE, metrics=sparse, **watched)
    yield case(
        "of sparse classes, from logits", "classes", HIDDEN, {"name": SPARSE, "from_logits": True},
        metrics=["accuracy", {"name": SPARSE, "from_logits": True}], **watched)  # fmt: skip
    yield case("of sparse classes, weighted rows", "classes", SOFTMAX, SPARSE, metrics=sparse, sample_weight=True, **watched)
    yield case("huber", "values", HIDDEN, metrics=["huber", {"name": "huber", "delta": 0.3}])
    focal = ["binary_focal_crossentropy", "categorical_focal_crossentropy"]
    gce = "categorical_generalized_cross_entropy"
    yield case(gce, "classes", SOFTMAX, gce, metrics=[{"name": gce, "q": 0.5}, {"name": gce, "q": 0.3}])
    balanced = {"name": focal[0], "gamma": 1.0, "alpha": 0.6, "apply_class_balancing": True, "label_smoothing": 0.1}
    yield case("focal of flags", "flags", SIGMOID, focal[0], metrics=[BINARY, focal[0], balanced])
    yield case(
        "focal of logits", "flags", LOGITS2, {"name": focal[0], "from_logits": True},
        metrics=[{"name": focal[0], "from_logits": True}])  # fmt: skip
    yield case(
        "focal of classes", "onehot", SOFTMAX, focal[1],
        metrics=[CATEGORICAL, focal[1], {"name": focal[1], "gamma": 1.0, "alpha": 0.6, "label_smoothing": 0.1}])  # fmt: skip
    yield case(
        "focal of logits of classes", "onehot", HIDDEN, {"name": focal[1], "from_logits": True},
        metrics=[{"name": focal[1], "from_logits": True}])  # fmt: skip
