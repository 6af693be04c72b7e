extension Explanation {
  /// Models for other programs, and from them.
  static let exports: [Explanation] = [
    Explanation(
      "E0440", "a model that ONNX cannot hold",
      "ONNX compares texts as wholes, so it cannot compute the hash by which `encode hash` sorts them. A column for each of the commonest (`encode onehot max_categories=50`) goes.",
      wrong:
        "data iris.csv target=petal_width | encode hash columns=species buckets=8\nmodel < output > | fit epochs=1 seed=1 | save m.onnx",
      right:
        "data iris.csv target=petal_width | encode onehot columns=species\nmodel < output > | fit epochs=1 seed=1 | save m.onnx"
    ),
    Explanation(
      "E0441", "an ONNX file that holds no dense network",
      "`model FILE.onnx` reads what PyTorch, Keras and scikit-learn make of dense networks: products with sums, activations, normalizations, residual and parallel branches, and scaling and filling of columns in front. The message names the first node of the graph that is none of these. Where it is a preparation of texts or dates, export the network alone, and let nn prepare the columns."
    ),
    Explanation(
      "E0442", "names that do not fit a foreign network",
      "An ONNX file of another program names no columns and often no classes. `features=[…]`, `target=` and `classes=[…]` of `model` name them, in the network's order; without these the data at hand does. As many as the network has are needed."
    ),
    Explanation(
      "E0443", "names for a file that has its own",
      "`features=`, `target=` and `classes=` are for networks of other programs. What nn has saved knows its columns and classes.",
      wrong:
        "data iris.csv | model < output > | fit epochs=1 seed=1 | save m.safetensors\nmodel m.safetensors target=species | evaluate iris.csv",
      right:
        "data iris.csv | model < output > | fit epochs=1 seed=1 | save m.safetensors\nmodel m.safetensors | evaluate iris.csv"
    ),
    Explanation(
      "E1060", "a model that could not be exported",
      "Something in it has no place in a file of that kind. `save` it as .safetensors, which holds all."),
    Explanation(
      "W1060", "an ONNX file that asks for parts of dates",
      "No operator of ONNX reads a date. Where `encode date` has taken one apart, the file has an input for each part, `sold.year`, `sold.month` and so on, as numbers.",
      wrong:
        "data sales.csv target=price | encode date columns=sold\nmodel < output > | fit epochs=1 seed=1 | save m.onnx",
      right:
        "data sales.csv target=price | encode date columns=sold\nmodel < output > | fit epochs=1 seed=1 | save m.safetensors",
      files: [
        "sales.csv": "sold,price\n"
          + (1...28).map { "2013-\($0 % 12 + 1)-\($0),\($0 * 3 % 7)" }.joined(separator: "\n")
      ]),
  ]
}
