"""Writes a.onnx and c.onnx, the networks of works A and C, for ort_infer.c.

    python ort_models.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from works import WORKS, weights


def write(name, path):
    widths, loss = WORKS[name][:2]
    nodes, tensors, at = [], [], "x"
    for layer, (kernel, bias) in enumerate(zip(*[iter(weights(widths))] * 2)):
        tensors += [numpy_helper.from_array(kernel, f"w{layer}"), numpy_helper.from_array(bias, f"b{layer}")]
        nodes.append(helper.make_node("Gemm", [at, f"w{layer}", f"b{layer}"], [f"z{layer}"]))
        at = f"z{layer}"
        last = layer + 2 == len(widths)
        if not last or loss == "ce":
            nodes.append(helper.make_node("Softmax" if last else "Relu", [at], [f"a{layer}"]))
            at = f"a{layer}"
    nodes.append(helper.make_node("Identity", [at], ["y"]))
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, widths[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, widths[-1]])], tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write("A", folder / "a.onnx")
    write("C", folder / "c.onnx")
