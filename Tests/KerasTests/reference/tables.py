"""The rows that every case trains on: one table of five features and targets of every kind.

52 rows, so that batches of 16 leave a last one of 4; a second table of 20 serves as `validation_data`.
"""

from .backend import np

FEATURES = [f"x{i}" for i in range(5)]

TARGETS = {
    "values": ["v0", "v1", "v2"],
    "value": ["v0"],
    "classes": ["class"],
    "onehot": ["o0", "o1", "o2"],
    "flags": ["f0", "f1"],
    "flag": ["f0"],
    "signs": ["s0", "s1"],
    "counts": ["n0", "n1", "n2"],
    "shares": ["p0", "p1", "p2"],
}

WEIGHT = "w"


def make(rows, seed, mixing):
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, 5)).astype(np.float32).round(3)
    hidden = np.tanh(x @ mixing[0])
    values = hidden @ mixing[1] + 0.1 * random.normal(size=(rows, 3))
    classes = np.argmax(hidden @ mixing[2] + 0.3 * random.normal(size=(rows, 3)), axis=1)
    flags = hidden @ mixing[3] + 0.3 * random.normal(size=(rows, 2)) > 0
    counts = random.poisson(np.exp(0.7 * hidden @ mixing[1]))
    shares = random.dirichlet([1, 2, 3], size=rows).round(2)
    shares[:, 2] = 1 - shares[:, 0] - shares[:, 1]
    weights = random.uniform(0, 2, size=rows).round(3)
    weights[[5, 17]] = 0
    columns = [x, values.round(3), classes[:, None], np.eye(3)[classes], flags, 2.0 * flags - 1, counts, shares, weights[:, None]]
    return dict(zip(FEATURES + [name for names in NAMES for name in names], np.hstack(columns).astype(np.float32).T))


NAMES = [
    TARGETS[kind] for kind in ["values", "classes", "onehot", "flags", "signs", "counts", "shares"]
] + [[WEIGHT]]  # fmt: skip


def make_tables():
    random = np.random.default_rng(2024)
    mixing = [random.normal(size=shape) for shape in [(5, 4), (4, 3), (4, 3), (4, 2)]]
    return {"rows": make(52, 1, mixing), "others": make(20, 2, mixing)}


TABLES = make_tables()


def matrix(columns, table="rows"):
    return np.stack([TABLES[table][name] for name in columns], axis=1)
