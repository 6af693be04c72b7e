"""Is what nn learns as good as what scikit-learn's MLP learns, from the same rows with the same layers?

    pip install -r Benchmarks/sklearn/requirements.txt
    make build && python Benchmarks/sklearn/compare.py [--seeds 10] [NAME…]

For each seed the table is cut into the same parts for both (written as CSV files for nn), both train with the same
layers, optimizer, rate, batch and number of epochs, and both are measured on the same test rows. What differs is what
neither can share: initial weights and the order of rows. Prints mean ± standard deviation over the seeds, the median, since
a small relu network that dies at birth pulls the mean, and the mean of the paired differences with its standard error.
"""

import argparse
import json
import subprocess
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROOT = Path(__file__).resolve().parent.parent.parent
BINARY = ROOT / ".build" / "release" / "nn"


@dataclass
class Task:
    name: str
    table: str
    targets: list
    #: what nn runs; {train}, {test} and {seed} are filled in
    source: str
    hidden: tuple
    #: scikit-learn's words for the same
    options: dict
    metric: str
    score: callable
    classes: bool = False
    scale: bool = True
    scale_target: bool = False
    test_share: float = 0.2
    seeds: int = 10
    text_columns: list = field(default_factory=list)
    #: columns that neither may look at, or that scikit-learn cannot read
    left_out: list = field(default_factory=list)
    #: makes numbers of dates for scikit-learn; nn does it itself
    with_dates: callable = lambda table: table
    #: numbers are missing: scikit-learn fills the median in and says where it did
    holes: bool = False
    #: categories in a smaller share of the rows become one
    min_frequency: float = None


ADAM = {"solver": "adam", "alpha": 0.0}

TASKS = [
    # scikit-learn has no absolute error to train with: it trains the squared one, and both are measured in the absolute.
    Task(
        "sentence", "data.csv", ["consumption_l_per_100km", "acceleration_s"],
        "model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mae opt=sgd metrics=mae\n"
        "fit {train} epochs=100 seed={seed}; evaluate {test}",
        (6, 6),
        {"solver": "sgd", "momentum": 0.0, "alpha": 0.0, "learning_rate_init": 0.01, "batch_size": 32, "max_iter": 100, "tol": 0.0},
        "test_mae", mean_absolute_error, scale=False, seeds=40),
    # The same layers with what both have.
    Task(
        "sentence, mse, adam", "data.csv", ["consumption_l_per_100km", "acceleration_s"],
        "model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mse lr=0.01 metrics=mae\n"
        "fit {train} epochs=100 seed={seed}; evaluate {test}",
        (6, 6), {**ADAM, "learning_rate_init": 0.01, "batch_size": 32, "max_iter": 100, "tol": 0.0},
        "test_mae", mean_absolute_error, scale=False, seeds=40),
    Task(
        "iris", "iris.csv", ["species"],
        "data {train} target=species | scale standard\nmodel < dense 12 relu; dense 8 relu; output >\n"
        "compile lr=0.01 metrics=accuracy; fit epochs=60 seed={seed}; evaluate {test}",
        (12, 8), {**ADAM, "learning_rate_init": 0.01, "batch_size": 32, "max_iter": 60},
        "test_accuracy", accuracy_score, classes=True, seeds=20),
    Task(
        "cars", "cars.csv", ["mpg"],
        "data {train} target=mpg | split val=25% seed={seed} | scale standard\nmodel < dense 32 relu; dense 16 relu; output >\n"
        "compile lr=0.01 metrics=[mae, r2]; fit epochs=500 patience=40 seed={seed}; evaluate {test}",
        (32, 16),
        {**ADAM, "learning_rate_init": 0.01, "batch_size": 32, "max_iter": 500, "early_stopping": True,
         "validation_fraction": 0.25, "n_iter_no_change": 40, "tol": 0.0},
        "test_r2", r2_score, text_columns=["origin"]),
    Task(
        "diamonds", "diamonds.csv", ["price"],
        "data {train} target=price | split val=12.5% seed={seed}\nscale standard | scale standard columns=price\n"
        "model < dense 64 relu; dense 32 relu; output >\n"
        "compile lr=0.003 metrics=[mae, r2]; fit epochs=15 batch=128 patience=5 seed={seed}; evaluate {test}",
        (64, 32),
        {**ADAM, "learning_rate_init": 0.003, "batch_size": 128, "max_iter": 15, "early_stopping": True,
         "validation_fraction": 0.125, "n_iter_no_change": 5, "tol": 0.0},
        "test_mae", mean_absolute_error, scale_target=True, seeds=5, text_columns=["cut", "color", "clarity"]),
    # Raw tables: holes, dates, texts of thousands of values, rows without a target. nn reads them as they are.
    Task(
        "penguins", "penguins*.csv", ["Body Mass (g)"],
        'data {train} target="Body Mass (g)" ignore=[studyName, "Sample Number", "Individual ID", Region, Stage, Comments]\n'
        "split val=20% seed={seed}\n"
        'impute median | encode date columns="Date Egg" parts=yearday cyclic=false\n'
        'scale standard | scale standard columns="Body Mass (g)"\n'
        "model < dense 16 relu; output > | compile loss=mse lr=0.01 metrics=[mae, r2]\n"
        "fit epochs=200 patience=20 seed={seed} | evaluate {test}",
        (16,),
        {**ADAM, "learning_rate_init": 0.01, "batch_size": 32, "max_iter": 200, "early_stopping": True,
         "validation_fraction": 0.2, "n_iter_no_change": 20, "tol": 0.0},
        "test_r2", r2_score, scale_target=True, seeds=20, holes=True,
        text_columns=["Species", "Island", "Clutch Completion", "Sex"],
        left_out=["studyName", "Sample Number", "Individual ID", "Region", "Stage", "Comments"],
        with_dates=lambda table: table.assign(**{"Date Egg": pd.to_datetime(table["Date Egg"]).dt.day_of_year})),
    Task(
        "flights", "large/flights*.csv", ["arr_delay"],
        "data {train} target=arr_delay ignore=[year, month, day, hour, minute, dep_time, arr_time, air_time, flight]\n"
        "split val=10% seed={seed} | impute median indicator\n"
        "encode date columns=time_hour | encode hash columns=tailnum buckets=64 | encode onehot min_frequency=0.5%\n"
        "scale standard | scale standard columns=arr_delay | model < dense 64 relu; dense 32 relu; output >\n"
        "compile loss=mse lr=0.001 metrics=[mae, r2] | fit epochs=20 batch=256 patience=3 seed={seed} | evaluate {test}",
        (64, 32),
        {**ADAM, "learning_rate_init": 0.001, "batch_size": 256, "max_iter": 20, "early_stopping": True,
         "validation_fraction": 0.1, "n_iter_no_change": 3, "tol": 0.0},
        "test_r2", r2_score, scale_target=True, seeds=3, holes=True, min_frequency=0.005,
        text_columns=["carrier", "origin", "dest", "tailnum"],
        # The date is in the columns month, day and hour, too.
        left_out=["year", "time_hour", "dep_time", "arr_time", "air_time", "flight"]),
]  # fmt: skip


def with_nn(task, train, test, seed):
    """The metric of nn's `evaluate`, from its JSON events."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {"train": Path(folder) / "train.csv", "test": Path(folder) / "test.csv"}
        train.to_csv(paths["train"], index=False)
        test.to_csv(paths["test"], index=False)
        source = task.source.format(train=f"'{paths['train']}'", test=f"'{paths['test']}'", seed=seed)
        done = subprocess.run([BINARY, "run", "--json", "-e", source], capture_output=True, text=True)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0:
            raise SystemExit(f"nn failed on {task.name}:\n{source}\n{done.stdout[-2000:]}{done.stderr}")
    (evaluated,) = [event for event in events if event["event"] == "evaluate"]
    return float(evaluated[task.metric])


def with_sklearn(task, train, test, seed):
    kind = MLPClassifier if task.classes else MLPRegressor
    model = kind(hidden_layer_sizes=task.hidden, activation="relu", random_state=seed, **task.options)
    if task.scale_target:
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
    features = [name for name in train.columns if name not in task.targets + task.left_out]
    train, test = (task.with_dates(part.dropna(subset=task.targets)) for part in (train, test))
    if task.scale:
        numeric = [name for name in features if name not in task.text_columns]
        model = make_pipeline(
            ColumnTransformer(
                [("scale", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()) if task.holes
                  else StandardScaler(), numeric),
                 ("onehot", OneHotEncoder(handle_unknown="infrequent_if_exist" if task.min_frequency else "ignore",
                                          min_frequency=task.min_frequency, sparse_output=False), task.text_columns)]),
            model)  # fmt: skip
    target = task.targets if len(task.targets) > 1 else task.targets[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(train[features], train[target])
    return float(task.score(test[target], model.predict(test[features])))


def compare(task, seeds):
    paths = sorted((ROOT / "scripts").glob(task.table))
    if not paths:
        print(f"| {task.name} | its table is not there: scripts/tables/make_tables.py --large makes it |", flush=True)
        return
    table = pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)
    pairs = []
    for seed in range(1, seeds + 1):
        stratify = table[task.targets[0]] if task.classes else None
        train, test = train_test_split(table, test_size=task.test_share, random_state=seed, stratify=stratify)
        pairs.append((with_nn(task, train, test, seed), with_sklearn(task, train, test, seed)))
    ours, theirs = np.array(pairs).T
    difference = ours - theirs
    error = difference.std(ddof=1) / np.sqrt(len(difference)) if len(difference) > 1 else float("nan")
    sd = (lambda values: values.std(ddof=1)) if len(difference) > 1 else (lambda values: float("nan"))
    print(
        f"| {task.name} | {task.metric} | {seeds} | {ours.mean():.4g} ± {sd(ours):.2g} ({np.median(ours):.4g}) | "
        f"{theirs.mean():.4g} ± {sd(theirs):.2g} ({np.median(theirs):.4g}) | {difference.mean():+.2g} ± {error:.2g} |",
        flush=True)  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, help="runs a task; by default 20, 10 or 5, by its size")
    parser.add_argument("names", nargs="*", help="tasks; by default all")
    arguments = parser.parse_args()
    print("| Task | Metric | Seeds | nn, mean ± sd (median) | scikit-learn | nn − scikit-learn, paired |\n|---|---|---|---|---|---|")
    for task in TASKS:
        if not arguments.names or task.name in arguments.names:
            compare(task, arguments.seeds or task.seeds)


if __name__ == "__main__":
    main()
