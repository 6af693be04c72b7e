"""Every schedule with each of its options, past its end and around its steps."""

from . import HIDDEN, case, label

EXPONENTIAL = {"name": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.8}
POLYNOMIAL = {"name": "polynomial_decay", "initial_learning_rate": 0.1, "decay_steps": 9}
INVERSE = {"name": "inverse_time_decay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.8}
COSINE = {"name": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 15}
RESTARTS = {"name": "cosine_decay_restarts", "initial_learning_rate": 0.1, "first_decay_steps": 5}

SCHEDULES = [
    EXPONENTIAL, {**EXPONENTIAL, "staircase": True},
    {"name": "piecewise_constant_decay", "boundaries": [4, 11], "values": [0.1, 0.03, 0.005]},
    {"name": "piecewise_constant_decay", "boundaries": [0], "values": [0.1, 0.05]},
    POLYNOMIAL, {**POLYNOMIAL, "end_learning_rate": 0.02}, {**POLYNOMIAL, "power": 2.0}, {**POLYNOMIAL, "power": 0.5},
    {**POLYNOMIAL, "cycle": True},
    INVERSE, {**INVERSE, "staircase": True},
    COSINE, {**COSINE, "alpha": 0.1}, {**COSINE, "warmup_target": 0.15, "warmup_steps": 4},
    {**COSINE, "warmup_target": 0.15, "warmup_steps": 4, "alpha": 0.2, "initial_learning_rate": 0.0},
    {**COSINE, "warmup_target": 0.15},
    RESTARTS, {**RESTARTS, "t_mul": 1.5}, {**RESTARTS, "m_mul": 0.7}, {**RESTARTS, "t_mul": 1.0, "alpha": 0.1},
]  # fmt: skip


def cases():
    for schedule in SCHEDULES:
        options = {key: value for key, value in schedule.items() if key != "initial_learning_rate"}
        yield case(label(options), "values", HIDDEN, optimizer={"name": "sgd", "learning_rate": schedule}, epochs=6)
    for name in ["adam", "adamw", "adafactor", "muon", "ftrl", "nadam", "lion"]:
        rate = {**EXPONENTIAL, "initial_learning_rate": 0.01}
        yield case(f"{name} with a schedule", "values", HIDDEN, optimizer={"name": name, "learning_rate": rate})
    yield case(
        "a schedule with accumulation", "values", HIDDEN,
        optimizer={"name": "sgd", "learning_rate": EXPONENTIAL, "gradient_accumulation_steps": 3, "weight_decay": 0.1})  # fmt: skip
    yield case("compile: a schedule", "values", HIDDEN, optimizer="sgd", compile={"learning_rate": COSINE})
