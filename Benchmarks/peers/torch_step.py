"""Microseconds a training step in PyTorch, eager, with its fused optimizers; `--compile` compiles the network first.

    python torch_step.py WORK [--compile]
"""

import json
import sys
import time

import numpy as np
import torch

from works import data, weights, work

widths, loss_name, optimizer, batch, rows, epochs = work(sys.argv[1])
x, y = data(widths, loss_name, rows)
x, y = torch.from_numpy(x), torch.from_numpy(y)
layers = []
for at, (inputs, units) in enumerate(zip(widths, widths[1:])):
    layers.append(torch.nn.Linear(inputs, units))
    if at + 2 < len(widths):
        layers.append(torch.nn.ReLU())
model = torch.nn.Sequential(*layers)
with torch.no_grad():
    for parameter, value in zip(model.parameters(), weights(widths)):
        parameter.copy_(torch.from_numpy(value).T if value.ndim == 2 else torch.from_numpy(value))
if "--compile" in sys.argv:
    model = torch.compile(model)
loss = {"mae": torch.nn.L1Loss(), "mse": torch.nn.MSELoss(), "ce": torch.nn.CrossEntropyLoss()}[loss_name]
if loss_name == "ce":
    y = y.long()
if optimizer == "adam":
    opt = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7, fused=True)
else:
    opt = torch.optim.SGD(model.parameters(), lr=0.01, fused=True)

steps = rows // batch
times = []
for _ in range(epochs + 1):
    start = time.perf_counter()
    order = torch.randperm(rows)
    for at in range(0, steps * batch, batch):
        chosen = order[at : at + batch]
        opt.zero_grad(set_to_none=True)
        value = loss(model(x[chosen]), y[chosen])
        value.backward()
        opt.step()
    times.append((time.perf_counter() - start) / steps * 1e6)
times = times[1:]
print(json.dumps({"step_us": float(np.median(times)), "best_us": min(times), "loss": float(value)}))
