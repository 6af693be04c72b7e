import NNData
import NNEngine
import NNReport

/// A table with a row for each layer, and what the model is trained for.
func summarize(_ model: ModelSlot, _ options: RunOptions) -> String {
  let width = model.trained?.network.inputWidth ?? model.plan.inputWidth
  var rows: [[String]] = [["input", "", width.map { formatCount($0) } ?? "?", "0"]]
  let total = addLayerRows(model.plan.layers, model, inputWidth: width, indent: "", to: &rows).parameters
  let table = TextTable(
    headers: ["layer", "", "outputs", "parameters"], rows: rows, alignments: [.left, .left, .right, .right],
    isColored: options.usesColor)
  let layers = table.render(maxWidth: options.width)
  var lines: [String] = []
  lines.append(
    total.map { "\(formatCount($0)) parameters" + held(model) } ?? "parameters: known at the first fit")
  if let trained = model.trained {
    let roles = trained.target.roles
    lines.append("from    \(roles.features.joined(separator: ", "))")
    lines.append("to      \(roles.targets.joined(separator: ", "))")
    if let classes = trained.preprocessor.classes {
      lines.append("classes \(classes.joined(separator: ", "))")
    }
    lines.append("loss    \(trained.target.loss.name), \(trained.state.optimizer.name)")
    lines.append("epochs  \(trained.state.epochsDone), seed \(trained.seed)")
    lines.append("weights \(trained.digest)")
  }
  let facts = lines.map { truncating(escapingControls($0), toWidth: max(options.width, 20)) }
  return ([layers] + facts).joined(separator: "\n")
}

/// How many of the parameters are statistics that no gradient moves.
private func held(_ model: ModelSlot) -> String {
  guard let network = model.trained?.network else { return "" }
  let count = network.parameterCount - network.trainableCount
  return count == 0 ? "" : ", \(formatCount(count)) of them moving statistics"
}

/// A line for each layer, those of a block indented below it.
/// - Returns: the numbers in their weights together and the width behind them, as far as they can be known.
@discardableResult
private func addLayerRows(
  _ layers: [ModelPlan.PlannedLayer], _ model: ModelSlot, inputWidth: Int?, indent: String,
  to rows: inout [[String]]
) -> (parameters: Int?, width: Int?) {
  var width = inputWidth
  var total: Int? = 0
  for layer in layers where !layer.isInput {
    let before = width
    let facts = model.facts(of: layer, inputWidth: before)
    let parameters = facts.parameters
    width = facts.width
    total = total.flatMap { sum in parameters.map { sum + $0 } }
    rows.append([
      indent + layer.entry.name, layerDetail(layer, model), width.map { formatCount($0) } ?? "?",
      parameters.map { formatCount($0) } ?? "?",
    ])
    for (index, block) in layer.blocks.enumerated() {
      if layer.blocks.count > 1 { rows.append([indent + "  branch \(index + 1)", "", "", ""]) }
      addLayerRows(
        block, model, inputWidth: before, indent: indent + (layer.blocks.count > 1 ? "    " : "  "), to: &rows
      )
    }
  }
  return (total, width)
}

extension ModelSlot {
  /// A layer's outputs and the numbers in its weights, as far as they can be known.
  func facts(of layer: ModelPlan.PlannedLayer, inputWidth: Int?) -> (width: Int?, parameters: Int?) {
    if layer.isOutput {
      let width = target?.output?.units
      return (width, inputWidth.flatMap { before in width.map { (before + 1) * $0 } })
    }
    // Layers without weights have none whatever their input.
    if layer.made?.parameters(inputWidth: 1).isEmpty == true {
      return (layer.outputWidth(inputWidth: inputWidth), 0)
    }
    let parameters = inputWidth.flatMap { before in
      layer.made?.parameters(inputWidth: before).reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
    return (layer.outputWidth(inputWidth: inputWidth), parameters)
  }
}

/// What a layer's line says beside its name: its activation, its rate, how often it is repeated.
func layerDetail(_ layer: ModelPlan.PlannedLayer, _ model: ModelSlot) -> String {
  if layer.isOutput { return model.target?.output?.activation.name ?? "" }
  if let activation = layer.arguments.component("activation") ?? layer.arguments.component("function") {
    return activation.name
  }
  if let count = layer.arguments.integer("count") { return "\(count) times" }
  let number = ["rate", "stddev", "negative_slope"].lazy.compactMap { layer.arguments.number($0) }.first
  return number.map(describeNumber) ?? ""
}
