import NNData
import NNDiagnostics

/// `encode onehot`: how texts become numbers, recorded now and learned at the model's first fit.
struct EncodeStage: Stage {
  static let declaration = StageDeclaration(
    "encode", "makes numbers of texts, learned from the training rows",
    options: [
      OptionDeclaration(
        "kind", .choice(Encode.names), default: .text("onehot"), positional: true,
        "a column a category; its place in the order; a column a bucket of a hash; or a date's parts"),
      OptionDeclaration(
        "columns", .someOf(.text("a column's name")),
        "only these, numbers that stand for categories too; without it every text (`date`: those that hold dates)"
      ),
      OptionDeclaration(
        "min_frequency", aliases: ["min_count"], .share,
        "onehot: categories in fewer training rows share a column"),
      OptionDeclaration(
        "max_categories", .integer(2...Int.max),
        "onehot: at most so many columns, the last one shared by the rarest"),
      OptionDeclaration(
        "order", .someOf(.text("a category")), "ordinal: the categories from the lowest to the highest"),
      OptionDeclaration(
        "buckets", .integer(2...InputColumn.mostBuckets), default: .integer(32), "hash: number of columns"),
      OptionDeclaration(
        "parts", .someOf(.choice(DatePart.allCases.map(\.rawValue))),
        "date: which; without it those of year to second that differ"),
      OptionDeclaration(
        "cyclic", .boolean, default: .boolean(true), "date: a sine and a cosine of what comes round"),
      OptionDeclaration(
        "dayfirst", .boolean, "date: `1/2/2013` is in February; without it as the rows show"),
    ], isSilent: true, streams: true)

  /// What each kind takes beside its columns.
  private static let ownOptions = [
    "onehot": ["min_frequency", "max_categories"], "ordinal": ["order"], "hash": ["buckets"],
    "date": ["parts", "cyclic", "dayfirst"],
  ]

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    let before = context.diagnostics.count
    let arguments = bound.arguments
    for (owner, options) in Self.ownOptions.sorted(by: { $0.key < $1.key }) where owner != kind {
      for option in options where arguments.isGiven(option) {
        context.report(
          FlowProblem.optionOfKind(option, stage: "encode", kind: owner, found: kind),
          at: arguments.span(option))
      }
    }
    if kind == "ordinal", arguments.isGiven("order"), !arguments.isGiven("columns") {
      context.report(
        NameProblem.missing(
          option: "columns", of: "encode", help: "the column that the order is of",
          usage: "encode ordinal columns=size order=[S, M, L]"), at: bound.nameSpan)
    }
    if let data = experiment.data, let table = data.table {
      for (name, span) in arguments.texts("columns") ?? [] {
        if let problem = mistake(name, table, data) { context.report(problem, at: span) }
      }
    }
    experiment.record(step, bound, context, since: before)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.record(step, bound.span)
  }

  private func mistake(_ name: String, _ table: Table, _ data: DataSlot) -> (any Problem)? {
    if let problem = data.mistake(naming: name, in: table, stage: "encode") { return problem }
    guard let column = table[name] else { return nil }
    return kind == "date" && !column.isCategorical ? DataProblem.notTexts(column: name) : nil
  }

  private var kind: String { bound.arguments.text("kind") ?? "onehot" }

  private var step: PreparationStep {
    let arguments = bound.arguments
    let encode: Encode
    switch kind {
    case "ordinal": encode = .ordinal(order: arguments.texts("order")?.map(\.text))
    case "hash": encode = .hash(buckets: arguments.integer("buckets", or: 32))
    case "date":
      encode = .date(
        DateRequest(
          parts: arguments.texts("parts")?.compactMap { DatePart(rawValue: $0.text) },
          isCyclic: arguments.boolean("cyclic"),
          isDayFirst: arguments.isGiven("dayfirst") ? arguments.boolean("dayfirst") : nil))
    default:
      let least: Share? =
        switch arguments.value("min_frequency") {
        case .integer(let rows)?: .rows(rows)
        case .number(let share)?: .fraction(share)
        default: nil
        }
      encode = .onehot(Folding(minFrequency: least, maxCategories: arguments.integer("max_categories")))
    }
    return .encode(encode, columns: arguments.texts("columns")?.map(\.text))
  }
}
