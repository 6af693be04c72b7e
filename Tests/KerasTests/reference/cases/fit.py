"""What `fit` takes: batches, weights of rows and classes, validation, steps, and the callbacks that change a training."""

from . import ADAM, BINARY, CATEGORICAL, HIDDEN, MSE, SIGMOID, SOFTMAX, SPARSE, case, dense, layer

WILD = {"name": "sgd", "learning_rate": 0.4, "momentum": 0.8}
ACCURACY = ["sparse_categorical_accuracy"]


def cases():
    yield from batches()
    yield from weights()
    yield from validation()
    yield from steps()
    yield from early_stopping()
    yield from reduce_lr()
    yield from again()


def batches():
    yield case("one batch", "values", HIDDEN, batch_size=64)
    yield case("batch of one", "values", HIDDEN, optimizer={"name": "sgd", "learning_rate": 0.01}, batch_size=1, epochs=3)
    yield case(
        "the sentence's network", "values", [dense(6, "relu"), dense(6, "relu"), dense(3)], "mean_absolute_error",
        {"name": "sgd"}, batch_size=32)  # fmt: skip


def weights():
    yield case("sample weights mse", "values", HIDDEN, sample_weight=True, metrics=["mean_absolute_error"])
    yield case("sample weights mae", "values", HIDDEN, "mean_absolute_error", ADAM, sample_weight=True)
    yield case("sample weights binary", "flags", SIGMOID, BINARY, sample_weight=True)
    yield case("sample weights categorical", "onehot", SOFTMAX, CATEGORICAL, sample_weight=True)
    yield case("sample weights sparse", "classes", SOFTMAX, SPARSE, sample_weight=True, metrics=ACCURACY)
    yield case("sample weights, ignored class", "classes", SOFTMAX, {"name": SPARSE, "ignore_class": 1}, sample_weight=True)
    yield case("sample weights cosine", "values", HIDDEN, "cosine_similarity", sample_weight=True)
    yield case("sample weights hinge", "signs", [dense(7, "tanh"), dense(2)], "hinge", sample_weight=True)
    yield case("sample weights focal", "flags", SIGMOID, "binary_focal_crossentropy", sample_weight=True)
    yield case(
        "sample weights, split off rows, l2", "values", [dense(7, "tanh", l2=0.01), dense(3)], sample_weight=True,
        validation_split=0.3, metrics=["mean_absolute_error"])  # fmt: skip
    three = {0: 0.5, 1: 2.0, 2: 1.25}
    yield case("class weights sparse", "classes", SOFTMAX, SPARSE, class_weight=three, metrics=ACCURACY)
    yield case("class weights one-hot", "onehot", SOFTMAX, CATEGORICAL, class_weight=three)
    yield case(
        "class weights binary", "flag", [dense(7, "tanh"), dense(1, "sigmoid")], BINARY, class_weight={0: 0.3, 1: 1.5})  # fmt: skip
    yield case("class weights hinge", "flag", [dense(7, "tanh"), dense(1)], "hinge", class_weight={0: 0.3, 1: 1.5})
    yield case(
        "class weights, split off rows", "classes", SOFTMAX, SPARSE, class_weight=three, validation_split=0.25,
        metrics=ACCURACY)  # fmt: skip
    yield case("class weights of 0", "classes", SOFTMAX, SPARSE, class_weight={0: 1.0, 1: 0.0, 2: 2.0})


def validation():
    yield case("validation split", "values", HIDDEN, validation_split=0.25, metrics=["mean_absolute_error", "r2_score"])
    yield case("validation split of classes", "classes", SOFTMAX, SPARSE, ADAM, validation_split=0.1, metrics=ACCURACY)
    yield case("validation data", "values", HIDDEN, validation_data=True, metrics=["mean_absolute_error", "r2_score"])
    yield case("validation data, weighted rows", "values", HIDDEN, validation_data=True, sample_weight=True)
    yield case("validation data of classes", "classes", SOFTMAX, SPARSE, validation_data=True, metrics=ACCURACY)
    yield case(
        "validation data, ignored class", "classes", SOFTMAX, {"name": SPARSE, "ignore_class": 0}, validation_data=True)  # fmt: skip
    for every in [2, 3]:
        yield case(
            f"validation every {every} epochs", "values", HIDDEN, validation_split=0.25, validation_freq=every, epochs=7,
            metrics=["mean_absolute_error"])  # fmt: skip
    yield case("validation in some epochs", "values", HIDDEN, validation_data=True, validation_freq=[1, 4, 6], epochs=7)


def steps():
    for count in [1, 2, 3, 4]:
        yield case(f"{count} steps an epoch", "values", HIDDEN, steps_per_epoch=count, epochs=6)
    yield case(
        "steps an epoch and validation", "values", HIDDEN, steps_per_epoch=2, validation_split=0.25,
        metrics=["mean_absolute_error"])  # fmt: skip


def early_stopping():
    """A learning rate at which val_loss gets worse again, so that each rule stops at an epoch of its own."""
    base = {"name": "early_stopping", "monitor": "val_loss", "patience": 2, "restore_best_weights": True}
    for label, options in [
        ("stop and restore", {}),
        ("stop without restoring", {"restore_best_weights": False}),
        ("patience 0", {"patience": 0}),
        ("patience 1", {"patience": 1}),
        ("patience not reached", {"patience": 50}),
        ("min_delta", {"min_delta": 0.15, "patience": 5}),
        ("min_delta not reached", {"min_delta": 0.3, "patience": 6}),
        ("baseline", {"baseline": 0.5, "patience": 3}),
        ("baseline never beaten", {"baseline": 1e-4, "patience": 3}),
        ("start_from_epoch", {"start_from_epoch": 4}),
        ("mode max on a loss", {"mode": "max"}),
        ("mode min", {"mode": "min"}),
        ("monitor the training loss", {"monitor": "loss", "min_delta": 0.02, "patience": 1}),
    ]:
        yield case(
            f"early stopping: {label}", "values", HIDDEN, MSE, WILD, epochs=10, validation_split=0.3,
            callbacks=[{**base, **options}])  # fmt: skip
    yield case(
        "early stopping: on accuracy", "classes", SOFTMAX, SPARSE, WILD, epochs=10, validation_split=0.3,
        metrics=["accuracy"], callbacks=[{**base, "monitor": "val_accuracy"}])  # fmt: skip
    yield case(
        "early stopping: validation every 2 epochs", "values", HIDDEN, MSE, WILD, epochs=10, validation_split=0.3,
        validation_freq=2, callbacks=[base])  # fmt: skip
    yield case("patience of fit", "values", HIDDEN, MSE, WILD, epochs=10, validation_split=0.3, patience=2)
    average = {**WILD, "use_ema": True, "ema_momentum": 0.5}
    yield case(
        "early stopping: with an average", "values", HIDDEN, MSE, average, epochs=10, validation_split=0.3, callbacks=[base])  # fmt: skip
    yield case(
        "early stopping: not restored, with an average", "values", HIDDEN, MSE, average, epochs=10, validation_split=0.3,
        callbacks=[{**base, "restore_best_weights": False}])  # fmt: skip


def reduce_lr():
    base = {"name": "reduce_lr_on_plateau", "monitor": "val_loss", "factor": 0.5, "patience": 2}
    for label, options in [
        ("by half", {}),
        ("patience 0", {"patience": 0}),
        ("patience 1", {"patience": 1}),
        ("by its default", {"factor": 0.1}),
        ("min_delta", {"min_delta": 0.1, "patience": 1}),
        ("cooldown", {"cooldown": 2, "patience": 1}),
        ("min_lr", {"min_lr": 0.15, "patience": 1}),
        ("mode max on a loss", {"mode": "max", "patience": 1}),
        ("mode min", {"mode": "min", "patience": 1}),
        ("monitor the training loss", {"monitor": "loss", "patience": 1, "min_delta": 0.05}),
    ]:
        yield case(
            f"reduce_lr: {label}", "values", HIDDEN, MSE, WILD, epochs=10, validation_split=0.3,
            callbacks=[{**base, **options}])  # fmt: skip
    yield case(
        "reduce_lr: every default", "values", HIDDEN, MSE, WILD, epochs=14, validation_split=0.3,
        callbacks=["reduce_lr_on_plateau"])  # fmt: skip
    yield case(
        "reduce_lr: adam", "values", HIDDEN, MSE, {"name": "adam", "learning_rate": 0.3}, epochs=10, validation_split=0.3,
        callbacks=[{**base, "patience": 1}])  # fmt: skip
    stopping = {"name": "early_stopping", "monitor": "val_loss", "patience": 4, "restore_best_weights": True}
    yield case(
        "reduce_lr and early stopping", "values", HIDDEN, MSE, WILD, epochs=10, validation_split=0.3,
        callbacks=[base, stopping])  # fmt: skip


def again():
    """A second fit goes on: with the optimizer's memory and counts, the rate, the statistics, the random numbers."""
    for name, options in {
        "sgd": {"momentum": 0.9}, "adam": {}, "nadam": {}, "adafactor": {}, "ftrl": {}, "muon": {}, "lamb": {}, "rmsprop": {"centered": True},
    }.items():  # fmt: skip
        yield case(
            f"fit again: {name}", "values", HIDDEN, MSE, {"name": name, "learning_rate": 0.01, **options}, fits=2, epochs=2)  # fmt: skip
    schedule = {"name": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.8}
    sgd = {"name": "sgd", "learning_rate": 0.05}
    for label, options in [
        ("a schedule", {"learning_rate": schedule}), ("accumulation", {"gradient_accumulation_steps": 3}),
        ("an average now and then", {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3}),
    ]:  # fmt: skip
        yield case(f"fit again: {label}", "values", HIDDEN, MSE, {**sgd, **options}, fits=2, epochs=2, validation_split=0.25)
    plateau = {"name": "reduce_lr_on_plateau", "monitor": "val_loss", "factor": 0.5, "patience": 1}
    yield case("fit again: reduced rates", "values", HIDDEN, MSE, WILD, fits=2, validation_split=0.3, callbacks=[plateau])
    layers = [dense(6, "tanh"), layer("batch_normalization", momentum=0.9), layer("dropout", rate=0.2), dense(3)]
    yield case("fit again: statistics and dropout", "values", layers, fits=2, epochs=2, validation_split=0.25)
    yield case("fit again: steps an epoch", "values", HIDDEN, fits=2, epochs=2, steps_per_epoch=3)
    yield case(
        "fit again: validation every 2 epochs", "values", HIDDEN, fits=2, epochs=3, validation_split=0.25, validation_freq=2)  # fmt: skip
