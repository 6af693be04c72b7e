"""The same network for features in another order.

Every index below is where a place of the permuted array is found in the original: twin = original[index].
"""

from .backend import np
from .objects import named

# Layers that treat every unit alike, with a weight for each at most.
ELEMENTWISE = {
    "activation", "dropout", "alpha_dropout", "gaussian_dropout", "gaussian_noise", "batch_normalization",
    "layer_normalization", "rms_normalization", "unit_normalization", "prelu", "leaky_relu",
}  # fmt: skip


class CannotPermute(Exception):
    pass


class Permutation:
    """`weights`: nn's name → an index for each axis, None for one that stays; `draws`: a path's index of units."""

    def __init__(self, layers, order):
        self.order = order
        self.weights = {}
        self.draws = {}
        self.sequence(layers, "", list(order), stays=True)

    def sequence(self, layers, prefix, order, wanted=None, stays=False, first=0):
        """Gives the order of the outputs. They come in the `wanted` order if there is one, unpermuted if `stays`."""
        layers = [spec for spec in layers if spec["name"] != "input"]
        last = max((i for i, spec in enumerate(layers) if spec["name"] in ("dense", "output")), default=None)
        for index, spec in enumerate(layers):
            order = self.apply(spec, f"{prefix}layers.{first + index}", order, wanted if index == last else None)
        if (wanted is not None or stays) and order != wanted:
            raise CannotPermute
        return order

    def apply(self, spec, path, order, wanted):
        name = spec["name"]
        if name == "repeat":
            for copy in range(spec["count"]):
                order = self.sequence(spec["layers"], path + ".", order, first=copy * len(spec["layers"]))
            return order
        if name == "residual":
            return self.sequence(spec["layers"], path + ".", order, wanted=order, stays=True)
        if name == "parallel":
            if order is not None and any(not self.mixes(branch) for branch in spec["branches"]):
                raise CannotPermute
            for index, branch in enumerate(spec["branches"]):
                self.sequence(branch, f"{path}.branches.{index}.", order, stays=True)
            return None
        if name in ("dense", "output"):
            halves = named(spec.get("activation", "linear"))["name"] == "glu" and wanted is not None
            columns = wanted + [len(wanted) + i for i in wanted] if halves else wanted
            self.weights[path + ".kernel"] = [order, columns]
            self.weights[path + ".bias"] = [columns]
            return wanted
        if name not in ELEMENTWISE or named(spec.get("activation", ""))["name"] == "glu" and order is not None:
            raise CannotPermute
        for weight in ["gamma", "beta", "moving_mean", "moving_variance", "alpha"]:
            self.weights[f"{path}.{weight}"] = [order]
        self.draws[path] = order
        return order

    def mixes(self, branch):
        return any(spec["name"] == "dense" or self.mixes(spec.get("layers", [])) for spec in branch)

    def forward(self, name, array):
        for axis, index in enumerate(self.weights[name]):
            if index is not None:
                array = np.take(array, index, axis=axis)
        return array

    def back(self, name, array):
        for axis, index in enumerate(self.weights[name]):
            if index is not None:
                array = np.take(array, np.argsort(index), axis=axis)
        return array
