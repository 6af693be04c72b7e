"""Networks drawn at random, exported by PyTorch, scikit-learn or Keras, as nn opens them, against ONNX Runtime's or Keras's answers.

    python -m Exports.foreign torch|sklearn|keras --nn … [--count 50] [--seed 0]      (from Tests; see make_foreign.py for the Pythons)
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import warnings

import numpy

from .compare import TOLERANCE, read_table
from .make_foreign import export_torch

WIDTHS = [1, 2, 5, 8, 33, 64, 300]


def rows_of(draw, width):
    generator = numpy.random.default_rng(draw.randrange(1 << 30))
    return generator.normal(size=(12, width)).astype("float32")


def draw_torch(draw, path):
    import torch
    from torch import nn

    torch.manual_seed(draw.randrange(1 << 30))
    activations = [
        nn.ReLU, nn.LeakyReLU, lambda: nn.LeakyReLU(0.2), nn.ELU, lambda: nn.ELU(0.5), nn.SELU, nn.CELU, nn.GELU,
        lambda: nn.GELU(approximate="tanh"), nn.SiLU, nn.Mish, nn.Softplus, nn.Softsign, nn.Sigmoid, nn.Tanh, nn.LogSigmoid,
        nn.Hardtanh, nn.Hardsigmoid, nn.Hardswish, nn.Hardshrink, nn.Softshrink, nn.Tanhshrink, nn.ReLU6, nn.PReLU,
        nn.Identity, lambda: nn.Hardshrink(0.2), lambda: nn.Softshrink(0.3), lambda: nn.Softmax(dim=1), lambda: nn.LogSoftmax(dim=1),
    ]

    class Residual(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, x):
            return x + self.inner(x)

    class Side(nn.Module):
        def __init__(self, *branches):
            super().__init__()
            self.branches = nn.ModuleList(branches)

        def forward(self, x):
            return torch.cat([branch(x) for branch in self.branches], dim=1)

    width = inputs = draw.choice([1, 3, 7])
    layers = []
    for _ in range(draw.randint(1, 5)):
        kind = draw.choice(["linear"] * 4 + ["bare", "norm", "layernorm", "residual", "side", "dropout"])
        units = draw.choice(WIDTHS)
        if kind in ("linear", "bare"):
            layers += [nn.Linear(width, units, bias=draw.random() < 0.8)] + ([] if kind == "bare" else [draw.choice(activations)()])
            width = units
        elif kind == "norm":
            layers.append(nn.BatchNorm1d(width, affine=draw.random() < 0.7))
            layers[-1].running_mean.uniform_(-1, 1)
            layers[-1].running_var.uniform_(0.5, 2)
        elif kind == "layernorm":
            layers.append(nn.LayerNorm(width, elementwise_affine=draw.random() < 0.7))
        elif kind == "residual":
            layers.append(Residual(nn.Sequential(nn.Linear(width, units), draw.choice(activations)(), nn.Linear(units, width))))
        elif kind == "side":
            layers.append(Side(nn.Linear(width, 3), nn.Sequential(nn.Linear(width, units), draw.choice(activations)())))
            width = units + 3
        else:
            layers.append(nn.Dropout(0.3))
    layers.append(nn.Linear(width, draw.choice([1, 2, 4])))
    network = nn.Sequential(*layers).eval()
    x = torch.from_numpy(rows_of(draw, inputs))
    exporter = "script" if draw.random() < 0.5 else "dynamo"
    export_torch(network, x, path, exporter, external_data=draw.random() < 0.5)
    return inputs


def draw_sklearn(draw, path):
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

    warnings.filterwarnings("ignore")
    inputs = draw.choice([1, 3, 7])
    generator = numpy.random.default_rng(draw.randrange(1 << 30))
    x = (generator.normal(size=(90, inputs)) * generator.uniform(0.1, 300, inputs) + generator.uniform(-50, 50, inputs))
    x = x.astype("float32")
    y = x[:, 0] / x[:, 0].std() + generator.normal(size=90) / 3
    options = dict(
        hidden_layer_sizes=tuple(draw.choice([2, 5, 30]) for _ in range(draw.randint(1, 3))), max_iter=15, random_state=0,
        activation=draw.choice(["relu", "tanh", "logistic", "identity"]))
    steps = []
    if draw.random() < 0.4:
        steps.append(SimpleImputer(strategy=draw.choice(["mean", "median"])))
    if draw.random() < 0.8:
        steps.append(draw.choice([StandardScaler, MinMaxScaler, RobustScaler, MaxAbsScaler])())
    # Of several targets skl2onnx writes one column, [rows · targets, 1], which nn refuses.
    kind = draw.choice(["numbers", "two", "three", "texts"])
    if kind == "numbers":
        steps.append(MLPRegressor(**options))
    else:
        steps.append(MLPClassifier(**options))
        y = y > 0 if kind == "two" else numpy.digitize(y, [-0.5, 0.5])
        if kind == "texts":
            y = numpy.array(["low", "mid", "top"])[y]
    model = make_pipeline(*steps).fit(x, y)
    extra = {id(steps[-1]): {"zipmap": False}} if kind in ("two", "three", "texts") else None
    path.write_bytes(
        to_onnx(model, initial_types=[("X", FloatTensorType([None, inputs]))], options=extra, target_opset=17).SerializeToString())
    return inputs


def draw_keras(draw, path):
    """Also what Keras itself answers, for its Python need not have ONNX Runtime."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    from keras import layers

    keras.utils.set_random_seed(draw.randrange(1 << 30))
    activations = [
        "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "softsign", "tanh", "sigmoid", "hard_sigmoid", "relu6",
        "exponential", "mish", "linear", "softmax", "log_softmax",
    ]
    inputs = draw.choice([1, 3, 7])
    flow = first = keras.Input((inputs,))
    kind = ""
    for _ in range(draw.randint(1, 4)):
        # Keras's exporter takes a LayerNormalization apart, which nn refuses, and one activation on another is no layer of a network.
        kinds = ["dense"] * 4 + ["norm", "add", "side", "dropout"] + (["activation"] if kind in ("norm", "add") else [])
        kind = draw.choice(kinds)
        units = draw.choice(WIDTHS)
        if kind == "dense":
            flow = layers.Dense(units, activation=draw.choice(activations), use_bias=draw.random() < 0.8)(flow)
        elif kind == "norm":
            norm = layers.BatchNormalization()
            flow = norm(flow)
            generator = numpy.random.default_rng(draw.randrange(1 << 30))
            norm.set_weights([generator.uniform(0.5, 1.5, w.shape) for w in norm.get_weights()])
        elif kind == "add":
            flow = layers.Add()([flow, layers.Dense(flow.shape[-1], activation=draw.choice(activations))(flow)])
        elif kind == "side":
            flow = layers.Concatenate()([layers.Dense(3, activation="tanh")(flow), layers.Dense(units, activation="relu")(flow)])
        elif kind == "activation":
            flow = layers.Activation(draw.choice(activations))(flow)
        else:
            flow = layers.Dropout(0.2)(flow)
    model = keras.Model(first, layers.Dense(draw.choice([1, 3]))(flow))
    model(rows_of(draw, inputs))  # which its exporter needs
    model.export(str(path), format="onnx", verbose=False)
    return inputs, lambda x: (numpy.asarray(model(x)), [f"{first.name}"])


def answers_of_runtime(path, x):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    outputs = session.run(None, {session.get_inputs()[0].name: x})
    answers = next(o for o in outputs if getattr(o, "dtype", None) == numpy.float32)
    # An input of one column has the column's name.
    return answers, [value.name for value in session.get_inputs()]


def run_case(kind, nn, seed, folder):
    draw = random.Random(seed)
    path = folder / "net.onnx"
    inputs = {"torch": draw_torch, "sklearn": draw_sklearn, "keras": draw_keras}[kind](draw, path)
    answer = lambda x: answers_of_runtime(path, x)
    if isinstance(inputs, tuple):
        inputs, answer = inputs
    x = rows_of(draw, inputs) * numpy.float32(20 if kind == "sklearn" else 1)
    expected, names = answer(x)
    if inputs > 1:
        names = [f"column{i + 1}" for i in range(inputs)]
    (folder / "rows.csv").write_text(
        "\n".join([",".join(names)] + [",".join(repr(float(v)) for v in row) for row in x]) + "\n")
    result = subprocess.run(
        [nn, "predict", "net.onnx", "rows.csv", "--proba"], cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    table = read_table(result.stdout)
    numbers = [name for name in table if name.startswith("p(")] or list(table)
    if expected.shape[1] == 1 and len(numbers) == 2:
        numbers = numbers[1:]
    found = numpy.array([[float(v) for v in table[name]] for name in numbers]).T
    if found.shape != expected.shape:
        raise RuntimeError(f"{found.shape} answers, and not {expected.shape}")
    far = numpy.abs(found - expected).max() / max(1, numpy.abs(expected).max())
    if not far <= TOLERANCE:
        raise RuntimeError(f"answers differ by {far:.1e}")
    return far


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["torch", "sklearn", "keras"])
    parser.add_argument("--nn", required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    nn = str(pathlib.Path(options.nn).resolve())
    failed, worst = 0, 0.0
    for seed in range(options.seed, options.seed + options.count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                worst = max(worst, run_case(options.kind, nn, seed, pathlib.Path(folder)))
            except Exception as error:  # every case is to be told of
                failed += 1
                print(f"seed {seed}: {type(error).__name__}: {str(error)[:900]}", flush=True)
    print(f"{options.count - failed} of {options.count} networks of {options.kind} agree to {TOLERANCE}; farthest {worst:.1e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
