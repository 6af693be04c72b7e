import NNData
import NNDiagnostics

/// `select NAME…`: keeps these columns, in this order, and those that were named as target or weight.
struct SelectStage: Stage {
  static let declaration = StageDeclaration(
    "select", "keeps these columns, and a named target and weight",
    options: [columnNames("the list of columns to keep")],
    needs: [.data], isSilent: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard !bound.isBroken, let data = experiment.data, let table = data.table else { return }
    guard bound.checkColumnNames(in: table, context) else { return }
    experiment.data?.keepColumns(kept(data))
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let data = experiment.data, let table = data.table else { return }
    try bound.requireColumnNames(in: table)
    experiment.data?.keepColumns(kept(data))
  }

  private func kept(_ data: DataSlot) -> [String] {
    let names = bound.columnNames.map(\.text)
    return names + data.namedRoles.map(\.name).filter { !names.contains($0) }
  }
}

/// `drop NAME…`: leaves these columns out.
struct DropStage: Stage {
  static let declaration = StageDeclaration(
    "drop", "leaves columns out", options: [columnNames("the list of columns to leave out")], needs: [.data],
    isSilent: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard !bound.isBroken, let data = experiment.data, let table = data.table else { return }
    guard bound.checkColumnNames(in: table, context) else { return }
    for (name, span) in bound.columnNames {
      if let role = data.namedRoles.first(where: { $0.name == name })?.role {
        return context.report(DataProblem.dropsRole(name, role: role), at: span)
      }
    }
    experiment.data?.keepColumns(kept(table))
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let table = experiment.data?.table else { return }
    try bound.requireColumnNames(in: table)
    experiment.data?.keepColumns(kept(table))
  }

  private func kept(_ table: Table) -> [String] {
    let dropped = Set(bound.columnNames.map(\.text))
    return table.columnNames.filter { !dropped.contains($0) }
  }
}

/// The names that `select` and `drop` take: one after another, or as a list.
private func columnNames(_ help: String) -> OptionDeclaration {
  OptionDeclaration(
    "columns", .either(.text("a column's name"), .someOf(.text("a column's name"))), positional: true,
    required: true, variadic: true, help)
}

extension BoundStage {
  fileprivate var columnNames: [(text: String, span: Span?)] {
    func names(_ entries: [Bound]) -> [(text: String, span: Span?)] {
      entries.flatMap { entry -> [(text: String, span: Span?)] in
        switch entry.value {
        case .text(let text): [(text, entry.span)]
        case .list(let entries): names(entries)
        default: []
        }
      }
    }
    return names(arguments.list("columns") ?? [])
  }

  /// - Returns: whether the table has every column that is named, and each is named once.
  fileprivate func checkColumnNames(in table: Table, _ context: CheckContext) -> Bool {
    var seen: Set<String> = []
    var isRight = true
    for (name, span) in columnNames {
      if table[name] == nil {
        context.report(noSuchColumn(name, in: table), at: span)
        isRight = false
      } else if !seen.insert(name).inserted {
        context.report(DataProblem.columnTwice(name, "columns", "columns"), at: span)
        isRight = false
      }
    }
    return isRight
  }

  fileprivate func requireColumnNames(in table: Table) throws(Found) {
    for (name, span) in columnNames where table[name] == nil {
      throw Found(noSuchColumn(name, in: table), at: span)
    }
  }
}

extension DataSlot {
  /// The columns that were named for a role in which nothing can stand for them.
  fileprivate var namedRoles: [(name: String, role: String)] {
    (roles.targets ?? []).map { ($0, "target") } + [roles.weight].compactMap { $0 }.map { ($0, "weight") }
  }

  fileprivate mutating func keepColumns(_ names: [String]) {
    guard let table else { return }
    self.table?.columns = names.compactMap { table[$0] }
    isAnnounced = false
    let kept = Set(names)
    roles.features = roles.features?.filter { kept.contains($0) }
    roles.ignored = roles.ignored.filter { kept.contains($0) }
  }
}
