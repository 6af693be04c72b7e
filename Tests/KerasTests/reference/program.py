"""The nn binary: runs a script, and reads its events and the files that it saved."""

import json
import subprocess

from .backend import np

# What an `epoch` event has beside values.
KEYS = {"event", "fit", "run", "epoch", "epochs", "lr", "seconds"}


class Refused(Exception):
    """nn did not run the script."""


def run(binary, folder, script):
    """nn's events."""
    (folder / "draw.nn").write_text(script)
    done = subprocess.run(
        [binary, "run", "--json", "--threads", "1", "draw.nn"], cwd=folder, capture_output=True, text=True)  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0:
        errors = [f"{event['code']} {event['message']}" for event in events if event["event"] == "error"]
        raise Refused("; ".join(errors) or f"status {done.returncode}: {done.stderr.strip()}")
    return events


def result(events, spec, final):
    """What a fit and an evaluation told, as `Training.run` gives it."""
    epochs = [event for event in events if event["event"] == "epoch"]
    stop = [event for event in events if event["event"] == "stop"][-1]
    evaluated = [event for event in events if event["event"] == "evaluate"][-1]
    names = [callback if isinstance(callback, str) else callback["name"] for callback in spec["fit"].get("callbacks", [])]
    stopping = None
    if "early_stopping" in names:
        stopping = {"stopped": stop["reason"] == "early_stopping", "best_epoch": stop["best_epoch"]}
    return {
        "history": [[float(value) for key, value in event.items() if key not in KEYS] for event in epochs],
        "rates": [event["lr"] for event in epochs] if "reduce_lr_on_plateau" in names else None,
        "evaluated": [float(value) for key, value in evaluated.items() if key.startswith("test_")],
        "stopping": stopping,
        "final": final,
    }


def tensors(path):
    """A safetensors file's weights, without the optimizer's state."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    weights = {}
    for name, entry in header.items():
        if name == "__metadata__" or name.startswith("optimizer."):
            continue
        start, end = entry["data_offsets"]
        values = np.frombuffer(content[8 + size + start : 8 + size + end], "<f4")
        weights[name] = values.reshape(entry["shape"])
    return weights
