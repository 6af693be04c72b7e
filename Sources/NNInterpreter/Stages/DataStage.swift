import NNData
import NNDiagnostics

/// `data FILE …`: opens a table.
struct DataStage: Stage {
  static let declaration = StageDeclaration(
    "data", "opens a table",
    options: [
      OptionDeclaration(
        "path", .someOf(.text("a file, or a pattern such as `*.csv`")), positional: true, required: true,
        "the file: .csv or .tsv, also with .gz, or `-` for standard input; several with one header are one table"
      ),
      OptionDeclaration(
        "target", aliases: ["targets"], .someOf(.text("a column's name")), "the columns to predict"),
      OptionDeclaration("features", .someOf(.text("a column's name")), "the columns to predict from"),
      OptionDeclaration("ignore", .list(.text("a column's name")), "columns to leave out"),
      OptionDeclaration("weight", .text("a column's name"), "a column with each row's weight in the loss"),
      OptionDeclaration(
        "stream", .boolean, default: .boolean(false),
        "read the rows from the disk while they are used, as of a table larger than memory"),
      OptionDeclaration(
        "memory", .text("an amount such as `256M`"), default: .text("256M"),
        "how much of a table that streams may be held at a time; the order of its rows depends on it"),
    ] + readingOptions, isSilent: true, streams: true)

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: paths) }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    let paths = self.paths
    guard !paths.isEmpty else {
      experiment.data = DataSlot(path: "", options: ReadOptions(), roles: DeclaredRoles())
      return
    }
    let (roles, options) = declared(context)
    var slot = DataSlot(path: paths.joined(separator: ", "), options: options, roles: roles)
    let span = bound.arguments.span("path")
    let streams = bound.arguments.boolean("stream")
    if bound.arguments.isGiven("memory") {
      _ = memory(context)
      if !streams { context.report(DataProblem.memoryWithoutStream, at: bound.arguments.span("memory")) }
    }
    if streams, let path = paths.first(where: { $0 == "-" }) {
      context.report(DataProblem.cannotStream(path), at: span)
    } else if !paths.contains(where: { context.isDeferred($0) }), !bound.isBroken {
      slot.open(streams ? streaming(paths, options, context) : nil)
      if !streams { slot.table = open(paths, options, context) }
      if let table = slot.table {
        slot.hasBrokenRoles = !checkColumns(of: table, context)
        if let found = firstBadCells(in: table, roles) { context.report(found, at: span) }
        context.reportNotices(of: table, at: span)
      }
    }
    install(slot, in: &experiment)
    experiment.lineage.read(paths)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let paths = self.paths
    let (roles, options) = declared(nil)
    let stream = try placed(at: bound.arguments.span("path")) { () throws(Found) in
      try bound.arguments.boolean("stream")
        ? StreamSlot(table: openStored(paths, options, context.tables), memory: memory(nil)) : nil
    }
    let table = try placed(at: bound.arguments.span("path")) { () throws(Found) in
      if let stream { return stream.table.excerpt }
      return try openTable(paths, options, context.tables)
    }
    if let found = firstBadCells(in: table, roles) { throw Found(found, at: bound.arguments.span("path")) }
    try requireColumns(of: table)
    // The checker has told of other files.
    if paths.contains("-") {
      for notice in table.notices {
        context.warn(DataProblem.noticed(notice), at: bound.arguments.span("path"))
      }
    }
    let path = paths.joined(separator: ", ")
    install(
      DataSlot(path: path, options: options, table: table, roles: roles, stream: stream), in: &experiment)
    experiment.lineage.read(paths)
    experiment.announceData(to: context, force: false)
  }

  private func memory(_ context: CheckContext?) -> Int {
    let text = bound.arguments.text("memory") ?? ""
    guard let bytes = StreamSlot.bytes(of: text), bytes >= StreamSlot.leastMemory else {
      context?.report(DataProblem.memory(text), at: bound.arguments.span("memory"))
      return StreamSlot.leastMemory
    }
    return bytes
  }

  private func streaming(_ paths: [String], _ options: ReadOptions, _ context: CheckContext) -> StreamSlot? {
    let memory = memory(nil)
    return context.attempt(at: bound.arguments.span("path")) { () throws(Found) in
      StreamSlot(table: try openStored(paths, options, context.tables), memory: memory)
    }
  }

  /// Reads the table; columns that only `types=` names and that are not there are reported at their own place.
  private func open(_ paths: [String], _ options: ReadOptions, _ context: CheckContext) -> Table? {
    var options = options
    while true {
      do throws(Found) {
        return try openTable(paths, options, context.tables)
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

  private var paths: [String] { (bound.arguments.texts("path") ?? []).map(\.text) }

  /// The roles and reading options that the arguments name.
  private func declared(_ context: CheckContext?) -> (DeclaredRoles, ReadOptions) {
    let arguments = bound.arguments
    var roles = DeclaredRoles()
    roles.targets = arguments.texts("target")?.map(\.text)
    roles.features = arguments.texts("features")?.map(\.text)
    roles.ignored = arguments.texts("ignore")?.map(\.text) ?? []
    roles.weight = arguments.text("weight")
    var options = readingOptions(of: arguments, context)
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
