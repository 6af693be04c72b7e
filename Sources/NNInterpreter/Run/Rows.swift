import NNData
import NNDiagnostics
import NNEngine

extension Column {
  var isCategorical: Bool { kind == .categorical }
}

extension Experiment {
  /// How a file is read like the data at hand, or like the model's own.
  func readingLike() -> ReadOptions {
    var options = data?.options ?? model?.trained?.reading ?? ReadOptions()
    // Types are known from the data before; of columns that this file lacks, only those that are used are missed.
    options.hints = options.types
    options.types = [:]
    for column in data?.table?.columns ?? [] { options.hints[column.name] = column.kind }
    if let trained = model?.trained { options.hints.merge(trained.preprocessor.columnTypes) { $1 } }
    return options
  }

  /// A file opened the way the data at hand was, or the model's own: same roles, same types, columns bound by name.
  func dataLike(_ path: String, _ tables: TableStore, needsTargets: Bool) throws(Found) -> DataSlot {
    let target = model?.target
    var roles = data?.roles ?? DeclaredRoles()
    let options = readingLike()
    if let target {
      roles.targets = target.roles.targets
      roles.features = target.roles.features
      roles.weight = target.roles.weight
    }
    // Names are given to a table only that is here as a whole.
    let hasPlaceholders = model?.trained?.hasPlaceholders == true
    var stream: StreamSlot?
    if let data = data?.stream, !hasPlaceholders, data.isLarge(tables.resolved(path)) {
      stream = StreamSlot(table: try openStored([path], options, tables), memory: data.memory)
    }
    var table: Table
    if let stream { table = stream.table.excerpt } else { table = try openTable(path, options, tables) }
    if hasPlaceholders, let target {
      table = try table.named(features: target.roles.features, targets: target.roles.targets, path: path)
    }
    if let bad = firstBadCells(in: table, needsTargets ? roles : roles.withoutTargets) { throw Found(bad) }
    let features = roles.features ?? data?.candidates.map(\.name) ?? []
    let needed =
      needsTargets
      ? features + (roles.targets ?? []) : features.filter { roles.targets?.contains($0) != true }
    try requireColumns(needed, of: table)
    return DataSlot(path: path, options: options, table: table, roles: roles, stream: stream)
  }
}

/// Columns are bound by name; missing ones are an error that names them all.
func requireColumns(_ names: [String], of table: Table) throws(Found) {
  let missing = names.filter { table[$0] == nil }
  guard let first = missing.first else { return }
  if missing.count == 1 {
    // Its name stands elsewhere, so that there is nothing to put another one in the place of.
    throw Found(
      DataProblem.noSuchColumn(first, path: table.source, suggestion: nil, known: table.columnNames))
  }
  throw Found(DataProblem.noSuchColumns(missing, path: table.source, known: table.columnNames))
}

extension DeclaredRoles {
  fileprivate var withoutTargets: DeclaredRoles {
    var roles = self
    roles.ignored += (targets ?? []) + [weight].compactMap { $0 }
    roles.targets = nil
    roles.weight = nil
    return roles
  }
}

extension Preprocessor {
  /// The file's units, for metrics, where a target was scaled for training.
  fileprivate var targetUnits: TargetUnits? {
    guard classes == nil, outputs.contains(where: { $0.scaling != nil }) else { return nil }
    return TargetUnits(
      scales: outputs.map { $0.scaling?.scale ?? 1 }, offsets: outputs.map { $0.scaling?.offset ?? 0 })
  }

  /// The engine's view of some rows: features, targets in the loss's form, weights.
  func dataset(
    _ table: Table, rows: [Int]?, _ target: TargetPlan
  ) throws(Found) -> (dataset: Dataset, warnings: [PreparationWarning]) {
    do {
      let (matrix, warnings) = try features(of: table, rows: rows)
      let dataset = Dataset(
        features: matrix, targets: try targets(of: table, rows: rows, form: target.form),
        weights: try weights(of: table, rows: rows), units: targetUnits)
      return (dataset, warnings)
    } catch {
      throw Found(error.problem)
    }
  }
}

extension RunContext {
  /// Rows that were handled as trained although they hold something new.
  func warn(_ warnings: [PreparationWarning], at span: Span?) {
    for warning in warnings {
      warn(DataProblem.handled(warning), at: span)
    }
  }
}
