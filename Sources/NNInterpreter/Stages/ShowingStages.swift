import NNData
import NNDiagnostics
import NNReport

/// `describe`: the columns of the data at hand.
struct DescribeStage: Stage {
  static let declaration = StageDeclaration(
    "describe", "shows the columns: type, role, missing and distinct values, range, mean, histogram",
    needs: [.data], streams: true)

  init(_ bound: BoundStage) {}

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.announceData(to: context, force: true)
    guard let data = experiment.data, let table = data.table else { return }
    let columns = try placed(at: nil) { () throws(Found) in try ColumnTable(table, data, context.options) }
    context.tell(.output(stage: "describe", text: columns.render()))
  }
}

/// `head 5`: the first rows of the data at hand.
struct HeadStage: Stage {
  static let declaration = StageDeclaration(
    "head", "shows the first rows; the data stays whole",
    options: [
      OptionDeclaration(
        "rows", .integer(1...Int.max), default: .integer(5), positional: true, "number of rows to show")
    ],
    needs: [.data], streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.announceData(to: context, force: true)
    guard let data = experiment.data, let table = data.table else { return }
    let count = min(bound.arguments.integer("rows", or: 5), table.rowCount)
    let text = TextTable(
      headers: table.columns.map(\.name),
      rows: (0..<count).map { row in table.columns.map { $0.text(row: row) ?? "" } },
      alignments: table.columns.map { $0.isCategorical ? .left : .right },
      isColored: context.options.usesColor)
    let rest = (table.allRows ?? table.rowCount) - count
    let more = rest > 0 ? "\n… \(counted(rest, "more row"))" : ""
    context.tell(.output(stage: "head", text: text.render(maxWidth: context.options.width) + more))
  }
}

/// `print VALUE…`: writes its values, a space between them.
struct PrintStage: Stage {
  static let declaration = StageDeclaration(
    "print", "writes values",
    options: [
      OptionDeclaration("values", .anything, positional: true, variadic: true, "what to write")
    ], streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let values = bound.arguments.texts("values") ?? []
    context.tell(.output(stage: "print", text: values.map(\.text).joined(separator: " ")))
  }
}

/// `summary`: the model's layers, shapes and parameters.
struct SummaryStage: Stage {
  static let declaration = StageDeclaration(
    "summary", "shows the model's layers, their shapes and numbers of parameters", needs: [.model],
    streams: true)

  init(_ bound: BoundStage) {}

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let model = experiment.model else { return }
    context.tell(
      .output(stage: "summary", text: summarize(model, context.options)))
  }
}
