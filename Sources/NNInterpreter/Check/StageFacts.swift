import NNData
import NNEngine
import NNReport

/// What the checker knows of one stage, a fact a line.
struct StageFacts {
  let step: Plan.Step
  let before: Experiment
  let after: Experiment

  var all: [String] {
    var facts: [String] = []
    let slots = [
      needed.isEmpty ? "" : "needs \(needed.joined(separator: ", "))",
      given.isEmpty ? "" : "gives \(given.joined(separator: ", "))",
    ].filter { !$0.isEmpty }
    if !slots.isEmpty { facts.append(slots.joined(separator: "; ")) }
    facts += dataFacts + preparationFacts
    if step.stage is ModelStage { facts += modelFacts(width: after.model?.plan.inputWidth) }
    if let fit = step.stage as? FitStage { facts += fitFacts(fit) }
    if let many = step.stage as? any ManyRunsStage {
      facts.append("\(counted(many.members.rowCount, "run")), \(counted(many.fits, "fit"))")
    }
    let files = step.stage.files
    if !files.reads.isEmpty { facts.append("reads \(names(files.reads))") }
    if !files.writes.isEmpty { facts.append("writes \(names(files.writes.map(\.path)))") }
    return facts
  }

  // MARK: Slots

  private var needed: [String] {
    var needed = step.declaration.needs.map { need in
      switch need {
      case .data: "data"
      case .model: "model"
      case .weights: "trained model"
      case .history: "history"
      case .runs: "runs"
      }
    }
    if step.stage is FitStage, before.data != nil, step.stage.files.reads.isEmpty {
      needed.insert("data", at: 0)
    }
    return needed
  }

  private var given: [String] {
    var given: [String] = []
    if !isSameData { given.append("data") }
    if step.stage is ModelStage || step.stage is CompileStage { given.append("model") }
    if step.stage is FitStage { given += ["trained model", "history"] }
    let old = before.metrics.map(\.name)
    let new = after.metrics.map(\.name)
    // A fit sets its metrics anew.
    let set = step.stage is FitStage ? new : new.filter { !old.contains($0) }
    if !set.isEmpty { given.append("metrics \(set.joined(separator: ", "))") }
    return given
  }

  // MARK: Data

  private var isSameData: Bool {
    before.data?.path == after.data?.path && before.data?.rowCount == after.data?.rowCount
      && before.data?.table?.columnNames == after.data?.table?.columnNames
      && before.data?.split == after.data?.split
      && (before.data?.stream?.split == nil) == (after.data?.stream?.split == nil)
  }

  private var dataFacts: [String] {
    guard !isSameData, let data = after.data else { return [] }
    guard let table = data.table else { return ["rows and columns: known when it is read"] }
    var facts = [
      "\(counted(table.allRows ?? table.rowCount, "row")), \(counted(table.columns.count, "column"))"
    ]
    if let stream = data.stream {
      facts.append("streams from the disk, at most \(StreamSlot.text(of: stream.memory)) of rows at a time")
    }
    if let targets = data.roles.targets { facts[0] += " → \(targets.joined(separator: ", "))" }
    if data.isSplit {
      let counts = data.counts
      let parts = [("to train", counts.training), ("to watch", counts.validation), ("to test", counts.test)]
      facts.append(
        parts.filter { $0.1 > 0 }.map { "\(counted($0.1, "row")) \($0.0)" }.joined(separator: ", ")
      )
    }
    return facts
  }

  private var preparationFacts: [String] {
    after.steps.count > before.steps.count
      ? ["learned at the model's first fit, from the rows that train"] : []
  }

  // MARK: Model

  private func modelFacts(width: Int?, output: (units: Int, activation: any Activation)? = nil) -> [String] {
    guard let plan = after.model?.plan, !plan.layers.isEmpty else {
      return ["layers: known when it is opened"]
    }
    var widths = [width.map { formatCount($0) } ?? "?"]
    var flowing = width
    for layer in plan.layers where !layer.isInput {
      flowing = layer.isOutput ? output?.units : layer.outputWidth(inputWidth: flowing)
      widths.append(flowing.map { formatCount($0) } ?? "?")
    }
    var parameters = "parameters: known at the first fit"
    if let width, !plan.endsInOutput || output != nil,
      let network = try? plan.network(inputWidth: width, output: output)
    {
      parameters = "\(formatCount(network.parameterCount)) parameters"
    }
    return ["\(widths.joined(separator: " → ")), \(parameters)"]
  }

  private func fitFacts(_ stage: FitStage) -> [String] {
    var facts: [String] = []
    let arguments = stage.bound.arguments
    if case .promised(let target?)? = after.model?.training, !before.hasWeights {
      if let table = after.data?.table, after.data?.stream == nil {
        let preparation = try? Preprocessor.fit(
          steps: after.steps.map(\.step), table: table, rows: after.data?.split?.training,
          roles: target.roles,
          targetKind: target.kind)
        facts += modelFacts(
          width: preparation?.featureWidth,
          output: target.output.map { ($0.units, Catalog.makeActivation($0.activation)) })
      }
      facts.append(
        "\(target.roles.features.joined(separator: ", ")) → \(target.roles.targets.joined(separator: ", ")), loss \(target.loss.name)"
      )
    } else if before.hasWeights {
      facts.append("goes on with the weights that there are")
    }
    let epochs = arguments.integer("epochs", or: 1)
    let batch = arguments.integer("batch", or: 32)
    var text = "\(counted(epochs, "epoch"))"
    if let data = after.data, data.table != nil {
      var (rows, watched, _) = data.counts
      let share = arguments.number("validation_split", or: 0)
      if share > 0 {
        let cut = Int((Double(rows) * (1 - share)).rounded(.down))
        (rows, watched) = (cut, rows - cut)
      }
      let steps = arguments.integer("steps_per_epoch") ?? (rows + batch - 1) / batch
      text += " of \(counted(steps, "step")): \(counted(rows, "row")) to train, batch \(batch)"
      if watched > 0 { text += ", \(counted(watched, "row")) to watch" }
    } else {
      text += ", batch \(batch)"
    }
    let seed = arguments.integer("seed").map { "seed \($0)" }
    facts.append(text + ", " + (seed ?? (before.hasWeights ? "the earlier fit's seed" : "a drawn seed")))
    return facts
  }

  private func names(_ paths: [String]) -> String { paths.map(escapingControls).joined(separator: ", ") }
}

extension Experiment {
  fileprivate var hasWeights: Bool { model?.hasWeights == true }
}
