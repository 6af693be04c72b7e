import NNData
import NNDiagnostics

/// `data FILE …`: opens a table.
struct DataStage: Stage {
  static let declaration = StageDeclaration(
    "data", "opens a table",
    options: [
      OptionDeclaration(
        "path", .text("a file"), positional: true, required: true,
        "the file: .csv or .tsv, or `-` for standard input"),
      OptionDeclaration(
        "target", aliases: ["targets"], .someOf(.text("a column's name")), "the columns to predict"),
      OptionDeclaration("features", .someOf(.text("a column's name")), "the columns to predict from"),
      OptionDeclaration("ignore", .list(.text("a column's name")), "columns to leave out"),
      OptionDeclaration("weight", .text("a column's name"), "a column with each row's weight in the loss"),
      OptionDeclaration(
        "header", .choice(["auto", "true", "false"]), default: .text("auto"),
        "whether the first line names the columns"),
      OptionDeclaration(
        "sep", .either(.choice(["auto", "tab", "comma", "semicolon"]), .text("one character")),
        default: .text("auto"), "what stands between cells"),
      OptionDeclaration("missing", .list(.text("a text")), "the texts that stand for a missing value"),
      OptionDeclaration(
        "types", .list(.text("`NAME:numeric` or `NAME:categorical`")),
        "columns whose type is not to be inferred"),
    ], isSilent: true)

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard let path = bound.arguments.text("path") else {
      experiment.data = DataSlot(path: "", options: ReadOptions(), roles: DeclaredRoles())
      return
    }
    let (roles, options) = declared(context)
    var slot = DataSlot(path: path, options: options, roles: roles)
    let span = bound.arguments.span("path")
    if !context.isDeferred(path), !bound.isBroken {
      slot.table = open(path, options, context)
      if let table = slot.table {
        slot.hasBrokenRoles = !checkColumns(of: table, context)
        if let found = firstBadCells(in: table, roles) { context.report(found, at: span) }
      }
    }
    install(slot, in: &experiment)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let path = bound.arguments.text("path") ?? ""
    let (roles, options) = declared(nil)
    let table = try placed(at: bound.arguments.span("path")) { () throws(Found) in
      try openTable(path, options, context.tables)
    }
    if let found = firstBadCells(in: table, roles) { throw Found(found, at: bound.arguments.span("path")) }
    try requireColumns(of: table)
    install(DataSlot(path: path, options: options, table: table, roles: roles), in: &experiment)
    experiment.announceData(to: context, force: false)
  }

  /// Reads the table; columns that only `types=` names and that are not there are reported at their own place.
  private func open(_ path: String, _ options: ReadOptions, _ context: CheckContext) -> Table? {
    var options = options
    while true {
      do throws(Found) {
        return try openTable(path, options, context.tables)
      } catch {
        guard case .noSuchColumn(let name, _, _, _)? = error.problem as? DataProblem,
          options.types.removeValue(forKey: name) != nil
        else {
          context.report(error.problem, at: error.span ?? bound.arguments.span("path"))
          return nil
        }
        let place = namedColumns.first { $0.name == name && $0.option == "types" }
        context.report(error.problem, at: place?.span)
      }
    }
  }

  private func install(_ slot: DataSlot, in experiment: inout Experiment) {
    if experiment.data != nil {
      experiment.steps = []
      experiment.hasBrokenSteps = false
    }
    experiment.data = slot
    experiment.metrics = []
  }

  /// The roles and reading options that the arguments name.
  private func declared(_ context: CheckContext?) -> (DeclaredRoles, ReadOptions) {
    let arguments = bound.arguments
    var roles = DeclaredRoles()
    roles.targets = arguments.texts("target")?.map(\.text)
    roles.features = arguments.texts("features")?.map(\.text)
    roles.ignored = arguments.texts("ignore")?.map(\.text) ?? []
    roles.weight = arguments.text("weight")
    var options = ReadOptions()
    switch arguments.text("header") {
    case "true"?: options.header = .present
    case "false"?: options.header = .absent
    default: options.header = .auto
    }
    switch arguments.text("sep") {
    case "tab"?: options.separator = UInt8(ascii: "\t")
    case "comma"?: options.separator = UInt8(ascii: ",")
    case "semicolon"?: options.separator = UInt8(ascii: ";")
    case "auto"?, nil: break
    case let text?:
      if let byte = text.utf8.first, text.utf8.count == 1, byte != UInt8(ascii: "\""),
        byte >= 0x20 || byte == 9
      {
        options.separator = byte
      } else {
        context?.report(
          NameProblem.wrongType(
            option: "sep", expectation: "one character, such as `;`, or `tab`", found: "`\(text)`",
            suggestion: nil),
          at: arguments.span("sep"))
      }
    }
    if let missing = arguments.texts("missing") { options.missing = missing.map(\.text) }
    for (text, span) in arguments.texts("types") ?? [] {
      guard let colon = text.lastIndex(of: ":"),
        let kind = ColumnKind(rawValue: String(text[text.index(after: colon)...]))
      else {
        context?.report(DataProblem.badTypes(text), at: span)
        continue
      }
      options.types[String(text[..<colon])] = kind
      roles.typed.insert(String(text[..<colon]))
    }
    return (roles, options)
  }

  /// Every column that an option names, with the option and its place.
  private var namedColumns: [(name: String, option: String, span: Span?)] {
    let arguments = bound.arguments
    var named: [(String, String, Span?)] = []
    for option in ["target", "features", "ignore"] {
      named += (arguments.texts(option) ?? []).map { ($0.text, option, $0.span) }
    }
    if let weight = arguments.text("weight") { named.append((weight, "weight", arguments.span("weight"))) }
    for (text, span) in arguments.texts("types") ?? [] {
      if let colon = text.lastIndex(of: ":") { named.append((String(text[..<colon]), "types", span)) }
    }
    return named
  }

  /// - Returns: whether every column named is there, and in one role.
  private func checkColumns(of table: Table, _ context: CheckContext) -> Bool {
    let before = context.diagnostics.count
    var roles: [String: String] = [:]
    for (name, option, span) in namedColumns {
      guard option != "types" else { continue }
      if table[name] == nil { context.report(noSuchColumn(name, in: table), at: span) }
      if let first = roles[name] {
        context.report(DataProblem.columnTwice(name, first, option), at: span)
      }
      roles[name] = option
    }
    if let weight = bound.arguments.text("weight"), table[weight]?.isCategorical == true {
      context.report(
        DataProblem.notNumeric(stage: "weight", column: weight), at: bound.arguments.span("weight"))
    }
    return context.diagnostics.count == before
  }

  private func requireColumns(of table: Table) throws(Found) {
    for (name, _, span) in namedColumns where table[name] == nil {
      throw Found(noSuchColumn(name, in: table), at: span)
    }
  }
}

/// Opens a file, or a table in memory, with the texts of the language for what can go wrong.
func openTable(_ path: String, _ options: ReadOptions, _ tables: TableStore) throws(Found) -> Table {
  if path.contains("://") { throw Found(DataProblem.remote(path)) }
  do {
    return try tables.table(path: expandingTilde(path), options: options)
  } catch {
    if case .fileMissing = error, path.contains(where: { "*?".contains($0) }) {
      throw Found(DataProblem.severalFiles(path))
    }
    throw Found(error.problem)
  }
}

/// The problem of a column that a table does not have.
func noSuchColumn(_ name: String, in table: Table) -> DataProblem {
  let known = table.columns.map(\.name)
  return .noSuchColumn(
    name, path: table.source, suggestion: Spelling.nearest(to: name, in: known), known: known)
}

/// Cells that are not numbers, in the columns that are used.
func firstBadCells(in table: Table, _ roles: DeclaredRoles) -> RunProblem? {
  for column in table.columns where column.badCellCount > 0 && !roles.ignored.contains(column.name) {
    if let features = roles.features, !features.contains(column.name),
      roles.targets?.contains(column.name) != true, roles.weight != column.name
    {
      continue
    }
    return .badCells(path: table.source, cells: column.badCells, total: column.badCellCount)
  }
  return nil
}
