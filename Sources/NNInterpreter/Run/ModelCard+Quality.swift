import NNData
import NNDiagnostics
import NNEngine
import NNReport

// How good the model is, and what its answers hang on.

extension ModelCard {
  func qualitySection(
    _ model: ModelSlot, _ trained: TrainedModel, _ measured: Measured
  ) throws(Found) -> ReportPage.Section {
    var blocks: [ReportPage.Block] = []
    let count = measured.rows.count
    var text = "Measured on \(measured.rows.place), \(counted(count, "row"))."
    if measured.rows.includesTraining {
      text +=
        " These rows trained the model, so new ones are likely to be predicted worse: `split test=20%` sets rows aside."
    } else if count < 100 {
      text += " With so few rows, the numbers may be off by several hundredths."
    }
    blocks.append(.text(text))
    blocks.append(.table(valueTable(measured)))
    if let baseline = measured.baseline {
      let better =
        (baseline.measure == "loss") == (baseline.model < baseline.value) && baseline.model != baseline.value
      blocks.append(
        .text(
          "For comparison, by \(baseline.measure): \(baseline.predictor) gives \(formatMetric(baseline.value)) there, the model \(formatMetric(baseline.model))."
            + (better ? "" : " The model is no better than that.")))
    }
    switch measured.outcomes {
    case .classes(let outcomes):
      blocks.append(.table(classTable(trained.confusion(outcomes))))
      var kinds: [PlotKind] = [.confusion, .roc, .pr]
      if !outcomes.areMargins { kinds.append(.calibration) }
      for kind in kinds {
        blocks.append(.picture(try trained.picture(kind, measured.outcomes, measured.rows.place)))
      }
    case .values:
      for kind in [PlotKind.predictions, .residuals] {
        blocks.append(.picture(try trained.picture(kind, measured.outcomes, measured.rows.place)))
      }
    }
    return ReportPage.Section("Quality", blocks)
  }

  /// What the script has measured itself, where the page cannot; nil if that is nothing.
  var knownQuality: ReportPage.Section? {
    let values = experiment.metrics.compactMap { name, value in value.map { [name, formatMetric($0)] } }
    guard !values.isEmpty else { return nil }
    return ReportPage.Section(
      "Quality",
      [
        .table(
          ReportPage.Table("As the script measured it", headers: ["", "value"], rows: values, numeric: [1]))
      ])
  }

  /// Each measure on the rows that measure, on those that were watched and on those that trained.
  private func valueTable(_ measured: Measured) -> ReportPage.Table {
    let kept = experiment.history.flatMap { history in
      history.first { $0.epoch == history.keptEpoch } ?? history.last
    }
    // Calibrated weights are no epoch's.
    let record = experiment.model?.trained?.calibration == nil ? kept : nil
    let hasValidation = record?.valLoss != nil
    let part = measured.isTest ? "test" : "measured"
    var headers = ["", part]
    if hasValidation { headers.append("validation") }
    if record != nil { headers.append("training") }
    let rows = measured.values.map { name, value -> [String] in
      var row = [name, formatMetric(value)]
      if hasValidation { row.append(record?["val_" + name].map { formatMetric($0) } ?? "–") }
      if let record { row.append(record[name].map { formatMetric($0) } ?? "–") }
      return row
    }
    return ReportPage.Table(
      record == nil
        ? "Loss and metrics" : "Loss and metrics; those of training are of the kept epoch as it ran",
      headers: headers, rows: rows, numeric: Set(1..<headers.count))
  }

  private func classTable(_ matrix: ConfusionMatrix) -> ReportPage.Table {
    func ratio(_ part: Int, _ whole: Int) -> String {
      whole == 0 ? "–" : formatShare(Double(part) / Double(whole))
    }
    let most = 50
    let rows = matrix.classes.indices.prefix(most).map { index -> [String] in
      let hits = matrix.count(truth: index, said: index)
      return [
        matrix.classes[index], ratio(hits, matrix.answers(index)), ratio(hits, matrix.support(index)),
        ratio(2 * hits, matrix.answers(index) + matrix.support(index)), formatCount(matrix.support(index)),
      ]
    }
    let rest = matrix.classes.count - rows.count
    return ReportPage.Table(
      "By class" + (rest > 0 ? "; \(formatCount(rest)) more classes are not listed" : ""),
      headers: ["class", "precision", "recall", "f1", "rows"], rows: rows, numeric: [1, 2, 3, 4])
  }

  func importanceSection(_ trained: TrainedModel, _ measured: Measured) throws(Found) -> ReportPage.Section {
    let (importance, _) = try trained.importance(
      of: measured.rows.table, rows: measured.rows.indices, repeats: repeats, seed: 0, metric: nil,
      isLargeBest: false, threads: context.options.threads)
    var text =
      "By how much the loss gets worse when one column's values are dealt out anew among the rows. A column that others can stand in for looks less important than it is."
    if measured.rows.includesTraining { text += " These rows trained the model." }
    return ReportPage.Section(
      "What it goes by", [.text(text), .picture(importance.picture(measured.rows.place))])
  }

  func runsSection(_ runs: Runs) throws(Found) -> ReportPage.Section {
    let measure = runs.usualMeasure
    let most = 30
    let ordered = runs.rows.sorted { first, second in
      guard let measure, let a = first.metric(measure), let b = second.metric(measure), a != b,
        a.isFinite, b.isFinite
      else { return first.number < second.number }
      return (runs.directions[measure] == .maximize) == (a > b)
    }
    let table = ReportPage.Table(
      "The runs, best first"
        + (ordered.count > most ? "; \(formatCount(ordered.count - most)) more are not listed" : ""),
      headers: ["run"] + runs.settingNames + runs.metricNames + ["ended"],
      rows: ordered.prefix(most).map { run in
        ["\(run.number)"] + runs.settingNames.map { run.setting($0)?.text ?? "" }
          + runs.metricNames.map { run.metric($0).map { formatMetric($0) } ?? "–" } + [run.status.rawValue]
      }, numeric: Set((1 + runs.settingNames.count)..<(1 + runs.settingNames.count + runs.metricNames.count)))
    return ReportPage.Section("Runs", [.picture(try runs.picture(by: nil, at: nil)), .table(table)])
  }
}
