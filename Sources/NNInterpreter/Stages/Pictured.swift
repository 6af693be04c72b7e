import NNDiagnostics
import NNEngine
import NNReport

// What experiments hold, as pictures.

extension History {
  /// The loss and every metric by epoch.
  func picture(lossName: String?) -> Picture {
    var names: [String] = []
    for record in self {
      for value in record.values where !names.contains(value.name) { names.append(value.name) }
    }
    // The loss first, however records have it.
    names = names.filter { $0 == "loss" } + names.filter { $0 != "loss" }
    return Picture.history(
      epochs: map(\.epoch), values: names.map { name in (name, map { $0[name] }) },
      learningRates: map(\.learningRate), kept: keptEpoch, lossName: lossName)
  }
}

extension Runs {
  /// What counts if nothing else is said: of validation rows, if any were watched.
  var usualMeasure: String? {
    ["val_loss", "test_loss", "loss"].first(where: metricNames.contains) ?? metricNames.first
  }

  func picture(by name: String?, at span: Span?) throws(Found) -> Picture {
    if let name, !metricNames.contains(name) {
      throw Found(
        OutcomeProblem.noSuchMeasure(
          name, known: metricNames, suggestion: Spelling.nearest(to: name, in: metricNames)), at: span)
    }
    guard let measure = name ?? usualMeasure else { throw Found(OutcomeProblem.needsRuns("plot runs")) }
    let isSmallBest = directions[measure] != .maximize
    // An evaluation has no course, but its metric may have one in the fit.
    let bare = measure.hasPrefix("test_") ? String(measure.dropFirst(5)) : measure
    let course = [measure, "val_" + bare, bare].first { name in
      rows.contains { $0.history?.contains { $0[name] != nil } == true }
    }
    let pictured = rows.map { run in
      PicturedRun(
        name: "run \(run.number)", settings: run.settings.map { ($0.name, $0.text) },
        result: run.metric(measure),
        course: course.map { name in run.history?.map { $0[name] ?? .nan } ?? [] } ?? [])
    }
    return Picture.runs(
      pictured, measure: measure, isSmallBest: isSmallBest, courseMeasure: course,
      subtitle:
        "\(counted(rows.count, "run")), the \(isSmallBest ? "smaller" : "larger") the \(measure), the better")
  }
}

extension ModelSlot {
  var picture: Picture {
    let width = trained?.network.inputWidth ?? plan.inputWidth
    let input = NetworkDrawing.Layer("input", width: width, parameters: 0)
    let (layers, total) = drawn(plan.layers, width)
    let facts =
      total.parameters.map { "\(counted($0, "parameter"))" } ?? "parameters are known at the first fit"
    return Picture.network(NetworkDrawing(layers: [input] + layers), subtitle: facts)
  }

  private func drawn(
    _ layers: [ModelPlan.PlannedLayer], _ inputWidth: Int?
  ) -> (layers: [NetworkDrawing.Layer], total: (parameters: Int?, width: Int?)) {
    var width = inputWidth
    var total: Int? = 0
    var result: [NetworkDrawing.Layer] = []
    for layer in layers where !layer.isInput {
      let facts = facts(of: layer, inputWidth: width)
      var blocks = layer.blocks.map { drawn($0, width).layers }
      // What stands in several branches, or in one block.
      if blocks.allSatisfy(\.isEmpty) { blocks = [] }
      result.append(
        NetworkDrawing.Layer(
          layer.entry.name, detail: layerDetail(layer, self), width: facts.width,
          parameters: facts.parameters,
          branches: blocks, isResidual: layer.entry.name == "residual"))
      width = facts.width
      total = total.flatMap { sum in facts.parameters.map { sum + $0 } }
    }
    return (result, (total, width))
  }
}

extension TrainedModel {
  /// Kernels, biases and what else was learned, in the order of the layers.
  var weightPicture: Picture {
    let names = network.layers
    let parameters = network.parameters.map { parameter -> (name: String, values: [Float]) in
      let part = parameter.name.split(separator: ".").last.map(String.init) ?? parameter.name
      let kind = names.indices.contains(parameter.layer) ? names[parameter.layer].kind : ""
      let shape = parameter.shape.map(String.init).joined(separator: " × ")
      return ("\(parameter.layer + 1) \(kind) \(part), \(shape)", parameter.values)
    }
    return Picture.weights(parameters, subtitle: "weights \(digest)")
  }

  func picture(_ kind: PlotKind, _ outcomes: Outcomes, _ subtitle: String) throws(Found) -> Picture {
    let name = target.roles.targets.first ?? "the target"
    switch outcomes {
    case .values(let targets):
      return kind == .residuals
        ? Picture.residuals(targets, subtitle: subtitle) : Picture.predictions(targets, subtitle: subtitle)
    case .classes(let found):
      switch kind {
      case .confusion:
        let matrix = confusion(found)
        return Picture.confusion(
          classes: matrix.classes, counts: matrix.counts, target: name, subtitle: subtitle)
      case .roc: return Picture.roc(found, subtitle: subtitle)
      case .pr: return Picture.precisionRecall(found, subtitle: subtitle)
      case .calibration:
        if found.areMargins { throw Found(OutcomeProblem.needsProbabilities(stage: "plot calibration")) }
        return Picture.calibration(found, subtitle: subtitle)
      default: return Picture.probabilities(found, target: name, subtitle: subtitle)
      }
    }
  }

  /// Which classes are taken for which, by the model's own decisions.
  func confusion(_ outcomes: ClassOutcomes) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: outcomes.classes)
    let scores = Matrix(rows: outcomes.rows, columns: outcomes.classes.count, values: outcomes.scores)
    for (truth, said) in zip(outcomes.truth, decide(scores)) { matrix.add(truth: truth, said: said) }
    return matrix
  }
}

extension Importance {
  func picture(_ place: String) -> Picture {
    Picture.importance(
      features.map { BarList.Bar($0.name, $0.mean, spread: repeats > 1 ? $0.deviation : nil) },
      measure: measure,
      subtitle: "\(place); \(measure) \(formatMetric(value)), \(counted(repeats, "shuffle")) a feature")
  }
}
