"""ONNX files as PyTorch, Keras and scikit-learn write them, with ONNX Runtime's answers: Tests/NNModelIOTests/Fixtures/onnx.

    python -m Exports.make_foreign torch|sklearn|keras      (from Tests; each with a Python that has it, and onnxruntime)
"""

import json
import os
import pathlib
import sys

import numpy

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "NNModelIOTests" / "Fixtures" / "onnx"


def rows(width):
    return numpy.random.default_rng(7).normal(size=(6, width)).astype("float32")


def answer(path, width, scale=1.0):
    """What ONNX Runtime gives for a few rows: the numbers, not the labels."""
    import onnxruntime

    x = rows(width) * numpy.float32(scale)
    session = onnxruntime.InferenceSession(str(path))
    inputs = session.get_inputs()
    feeds = {inputs[0].name: x} if len(inputs) == 1 else {v.name: x[:, [i]] for i, v in enumerate(inputs)}
    outputs = [value for value in session.run(None, feeds) if getattr(value, "dtype", None) == numpy.float32]
    return {"rows": x.tolist(), "outputs": outputs[0].tolist()}


def write(answers, kind):
    (FOLDER / f"{kind}.json").write_text(json.dumps(answers, indent=1) + "\n")


def export_torch(network, x, path, exporter, external_data):
    """By PyTorch's `script` exporter or by its `dynamo` one, for batches of any length."""
    import torch

    names = dict(input_names=["x"], output_names=["y"])
    if exporter == "script":
        torch.onnx.export(
            network, (x,), str(path), **names, dynamo=False, dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
    else:
        torch.onnx.export(
            network, (x,), str(path), **names, dynamo=True, dynamic_shapes=({0: torch.export.Dim("batch")},),
            external_data=external_data, verbose=False)


def torch_files():
    import torch
    from torch import nn

    torch.manual_seed(0)

    class Block(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.inner = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))

        def forward(self, x):
            return x + self.inner(x)

    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            self.left = nn.Sequential(nn.Linear(4, 3), nn.Tanh())
            self.right = nn.Linear(4, 2)
            self.end = nn.Linear(5, 2)

        def forward(self, x):
            return self.end(torch.cat([self.left(x), self.right(x)], dim=1))

    networks = {
        "classifier": nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 3), nn.Softmax(dim=1)),
        "regression": nn.Sequential(
            nn.BatchNorm1d(4), nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 8), nn.SiLU(), nn.BatchNorm1d(8),
            nn.Linear(8, 2)),
        "activations": nn.Sequential(
            nn.Linear(4, 6), nn.LeakyReLU(0.05), nn.Linear(6, 6), nn.ELU(0.7), nn.Linear(6, 6), nn.SELU(), nn.Linear(6, 6),
            nn.Softplus(), nn.Linear(6, 6), nn.Mish(), nn.Linear(6, 6), nn.Hardswish(), nn.Linear(6, 6), nn.ReLU6(),
            nn.Linear(6, 6), nn.PReLU(), nn.Linear(6, 6), nn.GELU(approximate="tanh"), nn.Linear(6, 6), nn.Hardtanh(),
            nn.Linear(6, 6), nn.Softsign(), nn.Linear(6, 6), nn.LogSigmoid(), nn.Linear(6, 1), nn.Sigmoid()),
        "residual": nn.Sequential(nn.Linear(4, 6), Block(6), nn.Tanh(), Block(6), nn.Linear(6, 1)),
        "branches": Wide(),
        "shrinks": nn.Sequential(
            nn.Linear(4, 6), nn.Hardshrink(0.2), nn.Linear(6, 6), nn.Softshrink(0.3), nn.Linear(6, 6), nn.Tanhshrink(),
            nn.Linear(6, 1)),
    }
    answers = {}
    for name, network in networks.items():
        for module in network.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.running_mean.uniform_(-1, 1)
                module.running_var.uniform_(0.5, 2)
        network.eval()
        for exporter in ["script", "dynamo"]:
            path = FOLDER / f"torch-{name}-{exporter}.onnx"
            x = torch.from_numpy(rows(4))
            export_torch(network, x, path, exporter, external_data=name == "branches")
            answers[path.name] = answer(path, 4)
    write(answers, "torch")


def sklearn_files():
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    r = numpy.random.default_rng(0)
    x = (r.normal(size=(80, 3)) * [1, 20, 300] + [0, 5, -100]).astype("float32")
    y = x[:, 0] + x[:, 1] / 10
    options = dict(hidden_layer_sizes=(6, 5), max_iter=40, random_state=0)
    models = {
        "classifier": make_pipeline(StandardScaler(), MLPClassifier(**options)).fit(x, numpy.digitize(y, [-1, 1])),
        "texts": make_pipeline(StandardScaler(), MLPClassifier(activation="tanh", **options)).fit(
            x, numpy.array(["low", "mid", "top"])[numpy.digitize(y, [-1, 1])]),
        "binary": make_pipeline(MinMaxScaler(), MLPClassifier(activation="logistic", **options)).fit(x, y > 0),
        "regression": make_pipeline(SimpleImputer(), StandardScaler(), MLPRegressor(**options)).fit(x, y),
        "columns": make_pipeline(StandardScaler(), MLPRegressor(**options)).fit(x, y),
    }
    answers = {}
    for name, model in models.items():
        path = FOLDER / f"sklearn-{name}.onnx"
        types = [("X", FloatTensorType([None, 3]))]
        final = model.steps[-1][1] if hasattr(model, "steps") else model
        extra = {id(final): {"zipmap": name == "texts"}} if hasattr(final, "predict_proba") else None
        if name == "columns":
            from sklearn.compose import ColumnTransformer
            import pandas

            frame = pandas.DataFrame(x, columns=["a", "b", "c"])
            model = make_pipeline(
                ColumnTransformer([("scale", StandardScaler(), ["a", "b", "c"])]), MLPRegressor(**options)).fit(frame, y)
            types = [(column, FloatTensorType([None, 1])) for column in frame.columns]
        path.write_bytes(to_onnx(model, initial_types=types, options=extra, target_opset=17).SerializeToString())
        answers[path.name] = answer_of_sklearn(path)
    write(answers, "sklearn")


def answer_of_sklearn(path):
    result = answer(path, 3, scale=30) if "texts" not in path.name else None
    if result is None:
        import onnxruntime

        x = rows(3) * numpy.float32(30)
        maps = onnxruntime.InferenceSession(str(path)).run(None, {"X": x})[1]
        result = {"rows": x.tolist(), "outputs": [list(map(float, m.values())) for m in maps]}
    return result


def keras_files():
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    hidden = layers.Dense(6, activation="relu")(inputs)
    residual = layers.Add()([hidden, layers.Dense(6, activation="tanh")(hidden)])
    models = {
        "classifier": keras.Sequential(
            [keras.Input((4,)), layers.Rescaling(0.1, offset=-0.3), layers.Dense(8, activation="relu"), layers.Dropout(0.1),
             layers.Dense(3, activation="softmax")]),
        "regression": keras.Sequential(
            [keras.Input((4,)), layers.Dense(8, activation="gelu"), layers.BatchNormalization(), layers.Dense(8),
             layers.BatchNormalization(), layers.Activation("silu"), layers.Dense(2)]),
        "activations": keras.Sequential(
            [keras.Input((4,))] + [layers.Dense(5, activation=a) for a in [
                "leaky_relu", "elu", "selu", "softplus", "softsign", "tanh", "hard_sigmoid", "relu6", "exponential", "mish"]]
            + [layers.Dense(1, activation="sigmoid")]),
        "residual": keras.Model(inputs, layers.Dense(1)(residual)),
    }
    answers = {}
    for name, model in models.items():
        for layer in model.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.set_weights([numpy.random.default_rng(i).uniform(0.5, 1.5, w.shape) for i, w in enumerate(layer.get_weights())])
        model(rows(4))
        path = FOLDER / f"keras-{name}.onnx"
        model.export(str(path), format="onnx", verbose=False)
        answers[path.name] = {
            "rows": rows(4).tolist(), "outputs": numpy.asarray(model(rows(4))).tolist()}
    write(answers, "keras")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    {"torch": torch_files, "sklearn": sklearn_files, "keras": keras_files}[sys.argv[1]]()
