"""JSON with float32 numbers in the fewest digits that read back as the same float32."""

import json

from .backend import np


def number(value):
    """JSON has no words for what is not finite, so those are strings."""
    value = np.float32(value)
    if np.isnan(value):
        return '"nan"'
    if np.isinf(value):
        return '"inf"' if value > 0 else '"-inf"'
    text = np.format_float_scientific(value, trim="-", exp_digits=1)
    plain = np.format_float_positional(value, trim="-")
    return plain if len(plain) <= len(text) else text


def encode(value):
    if isinstance(value, np.ndarray):
        return '{"shape":%s,"values":[%s]}' % (encode(list(value.shape)), ",".join(map(number, value.ravel())))
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{encode(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(encode, value)) + "]"
    if isinstance(value, (float, np.floating)):
        return number(value)
    return json.dumps(value)


def lines(head, sections):
    """An object with `head`'s entries and, under each section's name, an array or object with an entry on each line."""
    text = encode(head)[:-1]
    for name, rows in sections.items():
        if isinstance(rows, dict):
            text += f",\n{json.dumps(name)}:{{\n" + ",\n".join(f"{json.dumps(k)}:{v}" for k, v in rows.items()) + "\n}"
        else:
            text += f",\n{json.dumps(name)}:[\n" + ",\n".join(rows) + "\n]"
    return text + "}\n"
