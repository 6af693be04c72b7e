import NNData
import NNEngine
import NNReport

/// A table with a row for each column: type, role, missing, distinct, and range and mean of numbers.
func describeColumns(_ table: Table, _ data: DataSlot, _ options: RunOptions) -> String {
  let lastIsText = data.roles.targets == nil && data.candidates.last?.isCategorical == true
  let targets = data.roles.targets ?? (lastIsText ? data.candidates.suffix(1).map(\.name) : [])
  let rows = table.columns.map { column -> [String] in
    let role =
      targets.contains(column.name)
      ? "target"
      : column.name == data.roles.weight
        ? "weight"
        : data.roles.ignored.contains(column.name) || data.roles.features?.contains(column.name) == false
          ? "ignored" : ""
    let missing = column.missingCount == 0 ? "" : String(column.missingCount)
    let distinct = column.distinctCount().map { String($0) } ?? ""
    guard case .numeric(let values) = column.values else {
      return [column.name, "categorical", role, missing, distinct, "", "", ""]
    }
    let filled = values.filter { !$0.isNaN }
    let statistics = ColumnStatistics(filled)
    let isEmpty = filled.isEmpty
    return [
      column.name, "numeric", role, missing, distinct, isEmpty ? "" : shortestText(statistics.minimum),
      isEmpty ? "" : formatMetric(statistics.mean, trailingZeros: false),
      isEmpty ? "" : shortestText(statistics.maximum),
    ]
  }
  let text = TextTable(
    headers: ["column", "type", "role", "missing", "distinct", "min", "mean", "max"], rows: rows,
    alignments: [.left, .left, .left, .right, .right, .right, .right, .right], isColored: options.usesColor)
  return "\(data.path): \(counted(table.rowCount, "row")), \(counted(table.columns.count, "column"))\n"
    + text.render(maxWidth: options.width)
}

/// A table with a row for each layer, and what the model is trained for.
func summarize(_ model: ModelSlot, _ options: RunOptions) -> String {
  var width = model.trained?.network.inputWidth ?? model.plan.inputWidth
  var total: Int? = 0
  var rows: [[String]] = [["input", "", width.map { formatCount($0) } ?? "?", "0"]]
  for layer in model.plan.layers {
    if case .input = layer.entry.role { continue }
    let units = layer.isOutput ? model.target?.output?.units : layer.units
    var parameters: Int? = 0
    if layer.isOutput || layer.entry.name == "dense" {
      let bias = layer.isOutput || layer.arguments.boolean("bias") ? 1 : 0
      parameters = width.flatMap { width in units.map { (width + bias) * $0 } }
    }
    if layer.isOutput { width = units } else if let units { width = units }
    total = total.flatMap { sum in parameters.map { sum + $0 } }
    rows.append([
      layer.entry.name, layerDetail(layer, model), width.map { formatCount($0) } ?? "?",
      parameters.map { formatCount($0) } ?? "?",
    ])
  }
  let table = TextTable(
    headers: ["layer", "", "outputs", "parameters"], rows: rows, alignments: [.left, .left, .right, .right],
    isColored: options.usesColor)
  let layers = table.render(maxWidth: options.width)
  var lines: [String] = []
  lines.append(total.map { "\(formatCount($0)) parameters" } ?? "parameters: known when the data is")
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

/// What a layer's line says beside its name: its activation, its rate.
private func layerDetail(_ layer: ModelPlan.PlannedLayer, _ model: ModelSlot) -> String {
  if layer.isOutput { return model.target?.output?.activation.name ?? "" }
  if let activation = layer.arguments.component("activation") ?? layer.arguments.component("function") {
    return activation.name
  }
  return layer.arguments.number("rate").map(describeNumber) ?? ""
}

/// The learning curve of `loss` and, if there was validation, `val_loss`.
func drawHistory(_ history: History, _ options: RunOptions) -> String {
  var series = [LearningCurve.Series("loss", history.map(\.loss))]
  if history.contains(where: { $0.valLoss != nil }) {
    series.append(LearningCurve.Series("val_loss", history.map { $0.valLoss ?? .nan }))
  }
  return LearningCurve(
    series: series, firstEpoch: history.first?.epoch ?? 1, keptEpoch: history.keptEpoch,
    width: min(options.width, 100), isColored: options.usesColor
  ).render()
}
