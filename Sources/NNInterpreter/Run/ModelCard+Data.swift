import NNData
import NNDiagnostics
import NNEngine
import NNReport

// What the model was made of, how to use it, and how to make it again.

extension ModelCard {
  func dataSection(_ trained: TrainedModel) throws(Found) -> ReportPage.Section {
    guard let data = experiment.data, let table = data.table else {
      return ReportPage.Section(
        "Data",
        [
          .text("The model was opened without data; of its columns is known what it has kept."),
          .table(inputTable(trained)),
        ])
    }
    var facts = [
      ReportPage.Fact("table", data.path),
      .init("rows", formatCount(table.allRows ?? table.rowCount)),
    ]
    if data.isSplit {
      let counts = data.counts
      facts.append(
        .init(
          "parts",
          "\(formatCount(counts.training)) training, \(formatCount(counts.validation)) validation, \(formatCount(counts.test)) test"
        ))
    }
    if let digest = Self.digest(of: data.path) { facts.append(.init("SHA-256", digest)) }
    let most = 60
    let roles = trained.target.roles
    var rows: [[String]] = []
    for column in table.columns.prefix(most) {
      let profile = try data.profile(of: column)
      let role =
        roles.targets.contains(column.name)
        ? "target"
        : column.name == data.roles.weight
          ? "weight" : roles.features.contains(column.name) ? "feature" : "ignored"
      rows.append([
        column.name, role, profile.content.rawValue, formatCount(profile.missing),
        (profile.isMoreDistinct ? "over " : "") + formatCount(profile.distinct), Self.values(profile),
        profile.mean.map { formatMetric($0, trailingZeros: false) } ?? "",
      ])
    }
    let rest = table.columns.count - rows.count
    return ReportPage.Section(
      "Data",
      [
        .facts(facts),
        .table(
          ReportPage.Table(
            "Columns" + (rest > 0 ? "; \(formatCount(rest)) more are not listed" : ""),
            headers: ["column", "role", "type", "missing", "distinct", "values", "mean"], rows: rows,
            numeric: [3, 4, 6])), .details("How columns become inputs", [.table(inputTable(trained))]),
      ])
  }

  private static func values(_ profile: ColumnProfile) -> String {
    func text(_ number: Float) -> String {
      profile.content == .integer || profile.content == .boolean
        ? shortestText(number) : formatMetric(Double(number), trailingZeros: false)
    }
    if let range = profile.range {
      return range.low == range.high ? text(range.low) : "\(text(range.low)) … \(text(range.high))"
    }
    if let span = profile.span { return "\(span.first) … \(span.last)" }
    let most = 5
    let shown = profile.common.prefix(most).map {
      "\(truncating($0.text, toWidth: 24)) (\(formatCount($0.count)))"
    }
    return shown.joined(separator: ", ") + (profile.distinct > most ? ", …" : "")
  }

  /// What each column is turned into, with the numbers that were learned.
  private func inputTable(_ trained: TrainedModel) -> ReportPage.Table {
    let most = 60
    let inputs = trained.preprocessor.inputs
    let rows = inputs.prefix(most).map { input -> [String] in
      [input.name, Self.encoding(input), formatCount(input.width)]
    }
    let targets = trained.preprocessor.outputs.compactMap { output -> [String]? in
      output.scaling.map { [output.name, "target, " + Self.scaling($0), "1"] }
    }
    let rest = inputs.count - rows.count
    return ReportPage.Table(
      "Preparation, learned from the training rows"
        + (rest > 0 ? "; \(formatCount(rest)) more are not listed" : ""),
      headers: ["column", "preparation", "inputs"], rows: rows + targets, numeric: [2])
  }

  private static func encoding(_ input: InputColumn) -> String {
    var parts: [String] = []
    func filled(_ text: String?) { if let text { parts.append("missing as \(text)") } }
    func listed(_ categories: [String]) -> String {
      let shown = categories.prefix(8).map { truncating($0, toWidth: 24) }.joined(separator: ", ")
      return shown + (categories.count > 8 ? " and \(formatCount(categories.count - 8)) more" : "")
    }
    switch input.encoding {
    case .number(let fill, let scaling):
      filled(fill.map { shortestText($0) })
      parts.append(scaling.map(Self.scaling) ?? "as it is")
    case .oneHot(let categories, let rare, let fill):
      filled(fill)
      parts.append(
        "one-hot: \(listed(categories))"
          + (rare.isEmpty ? "" : "; \(formatCount(rare.count)) rare ones together"))
    case .ordinal(let categories, let fill, let scaling):
      filled(fill)
      parts.append("in order: \(listed(categories))")
      if let scaling { parts.append(Self.scaling(scaling)) }
    case .hash(let buckets, let fill):
      filled(fill)
      parts.append("hashed into \(formatCount(buckets)) buckets")
    case .date(_, let fill):
      filled(fill)
      parts.append("date as \(input.featureNames.joined(separator: ", "))")
    }
    if input.hasIndicator { parts.append("with a column that tells what was missing") }
    return parts.joined(separator: "; ")
  }

  private static func scaling(_ scaling: Scaling) -> String {
    if !scaling.knots.isEmpty { return "\(scaling.kind) over \(formatCount(scaling.knots.count)) quantiles" }
    return
      "\(scaling.kind): less \(formatMetric(scaling.offset, trailingZeros: false)), by \(formatMetric(scaling.scale, trailingZeros: false))"
  }

  /// Of the file as it is now; nil for what is no single file.
  private static func digest(of path: String) -> String? {
    guard path != "-", !path.hasPrefix(TableStore.memoryPrefix) else { return nil }
    return fileDigest(expandingTilde(path))
  }

  // MARK: Use

  func useSection(_ trained: TrainedModel) -> ReportPage.Section {
    let roles = trained.target.roles
    var blocks: [ReportPage.Block] = [
      .text(
        "It takes raw rows with the \(roles.features.count == 1 ? "column" : "columns") \(roles.features.prefix(12).joined(separator: ", "))\(roles.features.count > 12 ? " and \(formatCount(roles.features.count - 12)) more" : ""), in any order; further columns do not matter. Categories that were not there in training and new holes are handled as trained, and counted in a warning."
      ),
      .code(
        "nn predict MODEL.safetensors NEW.csv --to answers.csv"
          + (trained.preprocessor.classes == nil ? "" : " --proba")),
    ]
    if let range = outOfRangeNote(trained) { blocks.append(.text(range)) }
    return ReportPage.Section("How to use it", blocks)
  }

  private func outOfRangeNote(_ trained: TrainedModel) -> String? {
    guard let table = experiment.data?.table else { return nil }
    let numbers = trained.target.roles.features.filter { table[$0]?.isCategorical == false }
    guard !numbers.isEmpty else { return nil }
    return
      "Nothing was learned beyond the ranges of the data above: what it says of numbers outside of them is a guess."
  }

  // MARK: Provenance

  func provenanceSection(_ trained: TrainedModel) -> ReportPage.Section {
    let source = context.sources.file(bound.nameSpan)
    var facts = [
      ReportPage.Fact("nn", version),
      .init("weights", "\(trained.digest) (the first 16 digits of SHA-256)"),
      .init("seed", "\(trained.seed)"),
    ]
    if let source { facts.append(.init("script", source.name)) }
    for setting in context.options.settings {
      facts.append(.init("--set", "\(setting.name)=\(setting.value)"))
    }
    var blocks: [ReportPage.Block] = [.facts(facts)]
    if let source {
      blocks.append(.code(String(decoding: source.bytes, as: UTF8.self).trimmingLineEnds))
      blocks.append(
        .text(
          "The same script, data and seed give the same weights bit for bit, on any number of threads: `nn run` prints their digest."
            + (experiment.history?.fits.contains { $0.reason == "budget" || $0.reason == "interrupted" }
              == true
              ? " A fit here was ended by the clock or from outside: its line above says how to repeat it."
              : "")))
    }
    return ReportPage.Section("Where it comes from", blocks)
  }
}

extension String {
  /// Without the line ends behind the text.
  fileprivate var trimmingLineEnds: String {
    var text = self
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }
}
