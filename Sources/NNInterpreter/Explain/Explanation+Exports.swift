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
