"""What the real Keras does, written down for KerasTests to hold nn against.

    pip install -r reference/requirements.txt     (from Tests/KerasTests, as everything here)
    python -m reference.make_fixtures             every fixture
    python -m reference.make_fixtures adam fit    those whose kind or name has one of the words; the others stay
    python -m reference.parity --help             networks drawn at random, Keras and the nn binary side by side

A case is a spec: a dictionary in Keras's own words ({"name": "batch_normalization", "momentum": 0.9}).
`model.py` makes a Keras model of it and `text.py` a piece of nn's language, so no list of names stands between the
two: what Keras calls a thing must be a name in nn's catalog. The cases are in `cases/`, a file for each kind.

Rounding alone can move a run, so each case is trained again with the feature columns permuted, which changes
the order of sums and nothing else (`permute.py`). `twin` is how far the two differ by the measure of the tests:
max|a-b| / max(1e-2, max|a|) for a tensor, |a-b| / max(1e-3, |a|) for a loss. A case whose twins differ by more than a
fifth of the tolerance is given other initial weights.
"""
