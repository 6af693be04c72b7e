"""Writes python.safetensors, and reads ours.safetensors with the reference implementation.

    pip install safetensors numpy
    python make_fixtures.py
"""

from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

here = Path(__file__).parent
save_file(
    {
        "a.kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
        "a.bias": np.array([0.1, -1e-45, 3.4028235e38], dtype=np.float32),
        "scalar": np.array(7.5, dtype=np.float32),
        "empty": np.zeros((0, 2), dtype=np.float32),
    },
    here / "python.safetensors",
    metadata={"format": "pt", "note": 'größe "x"'},
)

ours = here / "ours.safetensors"
if ours.exists():
    with safe_open(ours, framework="numpy") as file:
        print(file.metadata())
        for name in file.keys():
            tensor = file.get_tensor(name)
            print(repr(name), tensor.dtype, tensor.shape, tensor.tolist())
