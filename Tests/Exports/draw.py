"""A table, its preparation and a network, drawn by a seed."""

import datetime
import random

ACTIVATIONS = [
    "relu", "relu6", "relu(negative_slope=0.1, max_value=2, threshold=0.3)", "relu(threshold=-0.5, max_value=3)",
    "leaky_relu(0.1)", "elu", "elu(alpha=0.7)", "celu(alpha=0.8)", "selu", "gelu", "gelu(approximate=true)", "silu",
    "mish", "softplus", "softsign", "squareplus", "sigmoid", "log_sigmoid", "tanh", "tanh_shrink", "hard_sigmoid",
    "hard_silu", "hard_tanh", "hard_shrink(0.2)", "soft_shrink(0.2)", "sparse_plus", "sparse_sigmoid",
    "threshold(0.1, -0.2)", "softmax", "log_softmax", "sparsemax", "linear", "exponential", "squareplus(b=2)",
    "leaky_relu(negative_slope=0.02)", "softmax", "hard_shrink", "soft_shrink",
]
DATE_PARTS = ["year", "month", "day", "weekday", "yearday", "hour", "minute", "second", "days"]
TEXTS = ["red", "green", "blue", "dark red", "été", "日本", 'say "x"', "a,b", "what??!", "back\\slash", "percent %d"]


FORMATS = [
    "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:00Z", "%d %B %Y, %H:%M", "%b %d, %Y %H:%M",
    "%Y%m%d %H%M", "%a, %d %b %Y %H:%M:00 +0100", "%d.%m.%Y %I:%M %p",
]


def quote(names) -> str:
    return ", ".join('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in names)


class Case:
    """What is drawn: `columns` by name with their kind, `rows` for training and `new` ones, the script's lines."""

    def __init__(self, seed: int):
        self.seed = seed
        self.random = random.Random(seed)
        self.columns: dict[str, str] = {}
        self.dates: dict[str, datetime.datetime] = {}
        self.hashes = self.random.random() < 0.1
        self.types: list[str] = []
        self.levels: dict[str, list[str]] = {}
        self.draw_columns()
        self.draw_target()
        self.rows = [self.row(known=True) for _ in range(self.random.randint(60, 140))]
        self.new = [self.row(known=False) for _ in range(25)]
        self.script = self.draw_script()

    # Columns

    def draw_columns(self):
        r = self.random
        for i in range(r.randint(1, 6)):
            kind = r.choice(["number"] * 3 + ["text"] * 2 + ["code", "date"])
            name = r.choice([f"c{i}", f"col {i}", f"größe-{i}", f"x.{i}", f"int{i}"])
            self.columns[name] = kind
            if kind == "text":
                self.levels[name] = r.sample(TEXTS, r.randint(2, 6))
            elif kind == "code":
                self.levels[name] = [str(n) for n in r.sample(range(40), r.randint(2, 6))]
                self.types.append(f'"{name}:categorical"')
        if all(kind == "date" for kind in self.columns.values()):
            self.columns["plain"] = "number"
        self.scale = {name: 10 ** r.uniform(-2, 4) for name in self.columns}
        self.holes = {name: r.random() < 0.5 for name in self.columns}

    def draw_target(self):
        r = self.random
        self.task = r.choice(["numbers", "numbers", "binary", "classes", "margins"])
        self.targets = ["y"]
        if self.task == "numbers" and r.random() < 0.4:
            self.targets = ["y", "second y"]
        if self.task == "margins" and r.random() < 0.4:
            self.classes = ["a", "b", "c"]
        elif self.task in ("binary", "margins"):
            self.classes = ["no", "yes"]
        elif self.task == "classes":
            self.classes = r.choice([["a", "b", "c"], ["1", "2", "10"], ["ü", "x y", "z", "w"]])
        # `calibrate` refuses probabilities of nothing, so that there is something to learn: the first column tells the class.
        self.learns = self.task in ("binary", "classes") and r.random() < 0.4

    # Rows

    def cell(self, name: str, known: bool) -> str:
        r = self.random
        kind = self.columns[name]
        if self.holes[name] and r.random() < 0.15:
            return ""
        if kind == "number":
            return f"{r.gauss(3, 1) * self.scale[name]:.{r.randint(0, 6)}g}"
        if kind == "date":
            day = datetime.datetime(2012, 1, 1) + datetime.timedelta(minutes=r.randint(0, 1_500_000))
            text = day.strftime(r.choice(FORMATS))
            self.dates[text] = day
            return text
        if not known and r.random() < 0.2:
            return r.choice(["unheard of", "999", "RED", " "[:0] + "x"])
        level = r.choice(self.levels[name])
        if kind == "code" and not known and r.random() < 0.3:
            return level + ".0"
        return level

    def row(self, known: bool) -> list[str]:
        r = self.random
        cells = [self.cell(name, known) for name in self.columns]
        if self.task == "numbers":
            return cells + [f"{r.gauss(10, 4) * 100:.6g}" for _ in self.targets]
        return cells + [self.told_by(cells[0]) if self.learns and r.random() < 0.8 else r.choice(self.classes)]

    def told_by(self, cell: str) -> str:
        name, kind = next(iter(self.columns.items()))
        if cell == "":
            return self.classes[0]
        if kind == "date":
            return self.classes[self.dates[cell].year % len(self.classes)]
        if kind == "number":
            # Around 3, as they are drawn.
            return self.classes[max(0, min(len(self.classes) - 1, int(float(cell) / self.scale[name] - 2)))]
        return self.classes[self.levels[name].index(cell) % len(self.classes)] if cell in self.levels[name] else self.classes[0]

    # The script

    def draw_script(self) -> list[str]:
        r = self.random
        quoted = ", ".join(f'"{name}"' for name in self.targets)
        types = f" types=[{', '.join(self.types)}]" if self.types else ""
        lines = [f"data train.csv target=[{quoted}]{types}"]
        of_kind = lambda *kinds: [name for name, kind in self.columns.items() if kind in kinds]
        dates = of_kind("date")
        if dates:
            cyclic = r.choice(["", " cyclic=false"])
            parts = ""
            if r.random() < 0.3:
                parts = f" parts=[{', '.join(r.sample(DATE_PARTS, r.randint(1, len(DATE_PARTS))))}]"
            lines.append(f"encode date columns=[{quote(dates)}]{cyclic}{parts}")
        texts = of_kind("text", "code")
        lines += self.encoding(texts)
        indicator = r.choice(["", " indicator"])
        numbers = of_kind("number")
        if any(self.holes[name] for name in numbers):
            kinds = ["mean", "median", "mode", "0"]
            if len(numbers) > 1 and r.random() < 0.4:
                lines.append(f"impute {r.choice(kinds)} columns=[{quote(numbers[:1])}]{r.choice(['', ' indicator'])}")
                lines.append(f"impute {r.choice(kinds)} columns=[{quote(numbers[1:])}]{indicator}")
            else:
                lines.append(f"impute {r.choice(kinds)}{indicator}")
        elif texts and r.random() < 0.3:
            lines.append("impute mode" + indicator)
        scales = ["standard", "minmax", "robust", "quantile"]
        # Years that nobody scales are too much for `exponential`.
        if len(numbers) > 1 and not dates and r.random() < 0.4:
            lines.append(f"scale {r.choice(scales)} columns=[{quote(numbers[:1])}]")
            lines.append(f"scale {r.choice(scales)} columns=[{quote(numbers[1:])}]")
        else:
            lines.append("scale " + r.choice(scales))
        if self.task == "numbers":
            named = r.choice([quoted, '"y"'])
            lines.append(f"scale {r.choice(['standard', 'minmax', 'robust'])} columns=[{named}]")
        if self.task in ("binary", "classes") and r.random() < 0.2:
            lines.append("balance")
        return lines + self.training("\n".join(lines))

    def encoding(self, texts) -> list[str]:
        """One way for all texts, or for each its own."""
        r = self.random
        ways = ["onehot", "ordinal", "onehot min_frequency=0.2", "onehot min_frequency=9", "onehot max_categories=3"]
        if texts and self.hashes:
            ways = [f"hash buckets={r.randint(2, 9)}"]
        if len(texts) > 1 and r.random() < 0.4:
            lines = []
            for name in texts:
                way = r.choice(ways + ["ordinal in order"])
                if way == "ordinal in order":
                    # Those that training may show, and one that it does not.
                    way = f"ordinal order=[{quote(r.sample(self.levels[name], len(self.levels[name])) + ['none such'])}]"
                lines.append(f"encode {way} columns=[{quote([name])}]")
            return lines
        if texts and (self.hashes or r.random() < 0.5):
            return [f"encode {r.choice(ways)}"]
        return []

    def training(self, preparation: str) -> list[str]:
        """The network with its fit, many of them at times, and what is behind it."""
        r = self.random
        lines = self.network()
        self.threshold = r.choice([0.3, 0.8]) if self.task == "binary" and r.random() < 0.5 else None
        behind = [f"threshold {self.threshold}"] if self.threshold else []
        if self.learns:
            method = r.choice(["temperature", "platt"]) if self.task == "binary" else "temperature"
            fit = f"fit epochs=30 batch=16 seed={self.seed}"
            return ["split val=30% seed=1", *lines, fit, f"calibrate {method}", *behind]
        if r.random() < 0.15:
            # What folds have prepared differs, and a network can make up for straight scalings alone.
            straight = "quantile" not in preparation and not any(self.holes.values())
            straight = straight and set(self.columns.values()) == {"number"}
            runs, seed = ("folds 3", f" seed={self.seed}") if straight else (f"seeds 2 seed={self.seed}", "")
            return [runs + " {", *lines, f"fit epochs={r.choice([1, 3])} batch=16{seed}", "}", "ensemble", *behind]
        return [*lines, f"fit epochs={r.choice([0, 1, 3])} batch=16 seed={self.seed}", *behind]

    def network(self) -> list[str]:
        r = self.random
        layers = []
        for _ in range(r.randint(1, 4)):
            layers += self.layer(depth=0)
        loss = ""
        if self.task == "margins":
            if len(self.classes) > 2:
                layers.append(f"dense {len(self.classes)}")
                loss = "loss=categorical_hinge"
            else:
                layers.append("dense 1" + r.choice(["", " tanh"]))
                loss = "loss=" + r.choice(["hinge", "squared_hinge"])
        elif self.task == "binary" and r.random() < 0.3:
            layers.append("dense 1")
            loss = "loss=binary_crossentropy(from_logits=true)"
        elif self.task == "classes" and r.random() < 0.3:
            layers.append(f"dense {len(self.classes)}")
            loss = "loss=sparse_categorical_crossentropy(from_logits=true)"
        else:
            layers.append("output")
        compiled = [f"compile {loss} lr={0.01 if self.learns else 0.003}"]
        return ["model < " + "; ".join(layers) + " >"] + compiled

    def layer(self, depth: int) -> list[str]:
        r = self.random
        units = r.choice([1, 3, 8, 17, 32])
        kinds = ["dense"] * 5 + [
            "glu", "batchnorm", "layernorm", "rmsnorm", "unit_norm", "prelu", "activation", "dropout 20%", "noise 0.1",
            "gaussian_dropout 0.1", "alpha_dropout 0.1", "leaky_relu", "leaky_relu 0.1", "rmsnorm epsilon=0.01",
        ]
        if depth < 2:
            kinds += ["residual", "parallel", "repeat"]
        kind = r.choice(kinds)
        if kind == "dense":
            return [f"dense {units} {r.choice(ACTIVATIONS)}" + r.choice(["", "", " bias=false"])]
        if kind == "glu":
            return [f"dense {2 * units} glu"]
        if kind == "activation":
            if r.random() < 0.1:
                return [f"dense {2 * units}", "activation glu"]
            return ["activation " + r.choice([a for a in ACTIVATIONS if a != "exponential"])]
        if kind in ("batchnorm", "layernorm"):
            return [kind + r.choice(["", " scale=false", " center=false", " epsilon=0.01"])]
        if kind == "residual":
            middle = r.choice(["", "batchnorm; ", "layernorm; ", "prelu; "])
            return [f"dense {units}", f"residual < dense {units + 1} tanh; {middle}dense {units} >"]
        if kind == "parallel":
            inner = "; ".join(self.layer(depth + 1))
            more = r.choice(["", " < >", " < layernorm >"])
            return [f"parallel < < {inner} > < dense 4 {r.choice(ACTIVATIONS)}; dense 3 >{more} >"]
        if kind == "repeat":
            return [f"repeat {r.randint(1, 3)} < {'; '.join(self.layer(depth + 1))} >"]
        return [kind]
