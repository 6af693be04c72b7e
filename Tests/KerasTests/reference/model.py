"""A Keras model from the specs of a model block, with nn's names for its weights."""

from .backend import keras
from . import draws, objects

# nn saves the scale of every normalization under one name.
SUFFIXES = {"scale": "gamma"}


class Halving(keras.layers.Layer):
    def call(self, x):
        return keras.activations.glu(x)

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] // 2)


class Built:
    """`weights`: nn's name → Keras's variable, in nn's order; `random`: (layer, kind, path, units) of what draws."""

    def __init__(self, layers, width, output=None):
        self.weights = {}
        self.random = []
        self.output = output
        inputs = keras.Input((width,))
        self.model = keras.Model(inputs, self.sequence(inputs, layers, ""))
        self.draws = {}

    def sequence(self, x, layers, prefix, first=0):
        # nn's engine knows no `input`, and counts without it.
        for index, spec in enumerate(layer for layer in layers if layer["name"] != "input"):
            x = self.apply(x, spec, f"{prefix}layers.{first + index}")
        return x

    def apply(self, x, spec, path):
        name = spec["name"]
        if name == "repeat":
            for copy in range(spec["count"]):
                x = self.sequence(x, spec["layers"], path + ".", copy * len(spec["layers"]))
            return x
        if name == "residual":
            return keras.layers.Add()([x, self.sequence(x, spec["layers"], path + ".")])
        if name == "parallel":
            branches = [
                self.sequence(x, branch, f"{path}.branches.{index}.") for index, branch in enumerate(spec["branches"])
            ]
            return keras.layers.Concatenate()(branches)
        if name == "output":
            spec = {"name": "dense", **self.output}
        # Keras does not see that `glu` halves the width where it is an argument of a layer.
        halves = objects.named(spec.get("activation") or "linear")["name"] == "glu"
        penalty = {key: value for key, value in spec.items() if halves and key.startswith("activity_")}
        plain = {key: value for key, value in spec.items() if key not in penalty}
        if halves:
            plain["activation"] = "linear"
        # Named by its path, for an optimizer that leaves out weights by their names.
        layer = objects.LAYERS[spec["name"]](**objects.layer_arguments(plain), name=path)
        units = x.shape[-1]
        y = Halving(**objects.layer_arguments(penalty))(layer(x)) if halves else layer(x)
        for variable in layer.weights:
            if variable.name != "seed_generator_state":
                self.weights[f"{path}.{SUFFIXES.get(variable.name, variable.name)}"] = variable
        if spec["name"] in draws.PURPOSES:
            self.random.append((layer, spec["name"], path, units))
        return y

    def draw(self, seed, steps, rows):
        """Gives the random layers nn's numbers for a fit of so many steps."""
        for layer, kind, path, units in self.random:
            if not hasattr(layer, "seed_generator"):
                continue
            rate = getattr(layer, "rate", None)
            self.draws[path] = layer.seed_generator = draws.Draws(kind, rate, seed, path, steps, rows, units)


def flattened(layers):
    """The layers one after the other, with `repeat` written out."""
    for spec in layers:
        if spec["name"] == "repeat":
            for _ in range(spec["count"]):
                yield from flattened(spec["layers"])
        elif spec["name"] != "input":
            yield spec


def unjudged(layers, prefix=""):
    """Biases that feed a batch normalization: their gradient is 0 but for rounding, so they go where rounding goes."""
    names = []
    inside = [spec for spec in layers if spec["name"] != "input"]

    def first(spec):
        return next(flattened([spec]), {"name": ""})["name"]

    for index, spec in enumerate(inside):
        path = f"{prefix}layers.{index}"
        following = first(inside[index + 1]) if index + 1 < len(inside) else ""
        if spec["name"] == "repeat":
            copies = [layer for _ in range(spec["count"]) for layer in spec["layers"]]
            names += unjudged(copies + inside[index + 1 : index + 2], path + ".")
        elif spec["name"] == "residual":
            names += unjudged(spec["layers"], path + ".")
        elif spec["name"] == "parallel":
            for number, branch in enumerate(spec["branches"]):
                names += unjudged(branch, f"{path}.branches.{number}.")
        elif spec["name"] == "dense" and following == "batch_normalization":
            if objects.named(spec.get("activation", "linear"))["name"] == "linear" and spec.get("use_bias", True):
                names.append(path + ".bias")
    return names
