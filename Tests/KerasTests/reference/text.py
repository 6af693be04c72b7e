"""Specs as nn's language. Keras's names stay as they are: nn has to know them."""

import re


def word(value):
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return value if re.fullmatch(r"[A-Za-z_][\w.]*(:\w+)?", value) else f'"{value}"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(word, value)) + "]"
    return component(value)


def options(spec, separator=" "):
    return separator.join(f"{key}={word(value)}" for key, value in spec.items() if key != "name")


def component(spec):
    """`adamw(learning_rate=0.01, weight_decay=0.1)`"""
    if isinstance(spec, str):
        return spec
    arguments = options(spec, ", ")
    return f"{spec['name']}({arguments})" if arguments else spec["name"]


def layer(spec):
    name = spec["name"]
    if name == "repeat":
        return f"repeat {spec['count']} {block(spec['layers'])}"
    if name == "residual":
        return f"residual {block(spec['layers'])}"
    if name == "parallel":
        return "parallel < " + " ".join(map(block, spec["branches"])) + " >"
    return " ".join(filter(None, [name, options(spec)]))


def block(layers):
    return f"< {layers_text(layers)} >" if layers else "< >"


def layers_text(layers):
    return "; ".join(map(layer, layers))


def data(features, targets, weight=None, path="table:rows"):
    text = f"{path} features={word(features)} target={word(targets)}"
    return f"{text} weight={weight}" if weight else text


def compile(spec):
    parts = [f"loss={component(spec['loss'])}"] if spec.get("loss") else []
    parts.append(f"optimizer={component(spec['optimizer'])}")
    parts += [f"{key}={word(value)}" for key, value in spec.get("compile", {}).items()]
    for key in ["metrics", "weighted_metrics"]:
        if spec.get(key):
            parts.append(f"{key}=[" + ", ".join(map(component, spec[key])) + "]")
    return " ".join(parts)


def fit(spec, others="table:others"):
    """`fit`'s arguments, and further fits on lines of their own."""
    arguments = dict(spec["fit"])
    arguments.pop("sample_weight", None)
    if "class_weight" in arguments:
        weights = arguments["class_weight"]
        arguments["class_weight"] = [weights.get(index, 1) for index in range(max(weights) + 1)]
    if arguments.pop("validation_data", None):
        arguments["validation_data"] = others
    text = " ".join(f"{key}={word(value)}" for key, value in {**arguments, "shuffle": False}.items())
    return "\nfit ".join([text] * spec.get("fits", 1))
