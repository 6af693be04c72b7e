import NNData
import NNEngine
import NNReport

/// A loss that stopped being finite, with what the script says of its layers and the file of its rows.
struct Diverged: Sendable {
  let divergence: Divergence
  /// The batch's rows in the file, from 1 behind the header, in the batch's order; nil where the file does not tell.
  let rows: [Int]?
  let path: String
  /// The network's inputs.
  let columns: [String]
  let loss: String
  /// The layers' names and their activations.
  let layers: [(name: String, activation: String?)]
  /// The activation of `output`.
  let output: String?

  /// For messages: which rows, how steep, and why.
  var notes: [String] {
    [
      batch,
      "the gradient's norm is \(Self.number(divergence.gradientNorm)), with a learning rate of \(Self.number(divergence.learningRate))",
      "likely cause: \(cause.text)",
    ]
  }

  /// What to do about the likely cause.
  var fix: String { cause.fix + ", and `why` shows every layer's range" }

  private var batch: String {
    guard let rows else { return "the batch has \(counted(divergence.rows.count, "row"))" }
    let first = rows.prefix(8).map { "\($0)" }.joined(separator: ", ")
    let others = rows.count > 8 ? " and \(rows.count - 8) more" : ""
    return "the batch is \(rows.count == 1 ? "row" : "rows") \(first)\(others) of \(shown(path))"
  }

  // MARK: Why

  /// Beyond this, weights that begin below 1 have run away.
  private static let grown = 1e3

  private var cause: (text: String, fix: String) {
    let extents = divergence.extents
    let weights = extents.filter { $0.kind == .weight }.map(\.magnitude).max() ?? 0
    let isGrown = weights > Self.grown
    if isGrown, let column = unscaled { return column }
    if isGrown {
      return (
        "the weights have grown to \(Self.number(weights)): the learning rate is too high",
        "try `lr=\(Self.number(divergence.learningRate / 100))`"
      )
    }
    if let layer = divergence.layer, activation(of: layer) == "exponential" {
      return (
        "`exponential` in layer \(layer) overflows",
        "`softplus` grows more slowly; or `scale standard` before the fit"
      )
    }
    let predictions = extents.last { $0.kind == .output }
    if divergence.layer == nil, loss == "poisson", let predictions, predictions.minimum <= 0 {
      return (
        "`poisson` takes the logarithm of what is predicted, and the least is \(Self.number(predictions.minimum)): the logarithm of zero or less",
        "end the model in `softplus` or `exponential`"
      )
    }
    if let column = unscaled { return column }
    if divergence.layer == nil, let predictions, predictions.magnitude > 1e15 {
      return (
        "predictions go up to \(Self.number(predictions.magnitude)), and `\(loss)` of them is beyond a float's range",
        "`scale standard` before the fit"
      )
    }
    return ("none is plain from the numbers", "try a smaller `lr=`")
  }

  /// A column that is much larger than the others.
  private var unscaled: (text: String, fix: String)? {
    let inputs = divergence.inputs
    guard inputs.count == columns.count, inputs.count > 0,
      let largest = inputs.indices.max(by: { inputs[$0] < inputs[$1] }), inputs[largest] >= 100
    else { return nil }
    let others = inputs.indices.filter { $0 != largest }.map { inputs[$0] }.sorted()
    if let middle = others.isEmpty ? nil : others[others.count / 2], inputs[largest] < 20 * middle,
      inputs[largest] < 1e4
    {
      return nil
    }
    return (
      "the column `\(columns[largest])` is not scaled: it goes up to \(Self.number(Double(inputs[largest]))) in this batch",
      "`scale standard` before the fit"
    )
  }

  private func activation(of layer: Int) -> String? {
    guard layers.indices.contains(layer) else { return nil }
    return layers[layer].name == "output" ? output : layers[layer].activation
  }

  // MARK: The step

  /// The step, range by range.
  func table(_ options: RunOptions) -> String {
    let head =
      "epoch \(divergence.epoch), step \(divergence.step) again: loss \(Self.number(Double(divergence.loss)))"
    let rows = divergence.extents.map { extent in
      [
        extent.layer.map { layer in
          "\(layer)" + (layers.indices.contains(layer) ? " \(layers[layer].name)" : "")
        } ?? "", extent.kind == .gradient ? "\(extent.name), gradient" : extent.name,
        Self.number(extent.minimum), Self.number(extent.maximum), Self.number(extent.meanMagnitude),
        extent.notFinite == 0 ? "" : "\(extent.notFinite) of \(extent.count)",
      ]
    }
    let table = TextTable(
      headers: ["layer", "values", "least", "largest", "mean size", "not finite"], rows: rows,
      alignments: [.left, .left, .right, .right, .right, .right], isColored: options.usesColor)
    return ([head] + notes + ["", table.render(maxWidth: max(options.width, 60))]).joined(separator: "\n")
  }

  private static func number(_ value: Double) -> String {
    value.isFinite
      ? formatMetric(value, trailingZeros: false)
      : value.isNaN ? "not a number" : value < 0 ? "-infinite" : "infinite"
  }
}
