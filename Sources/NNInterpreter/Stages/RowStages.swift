import NNData
import NNDiagnostics
import NNSyntax

/// `filter COLUMN < 3`: keeps the rows whose raw value is as said; a missing value is never as said.
struct FilterStage: Stage {
  static let declaration = StageDeclaration(
    "filter", "keeps the rows whose value is as said", tail: .condition, needs: [.data], isSilent: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard !bound.isBroken, let table = experiment.data?.table else { return }
    let kept = context.attempt(at: bound.span) { () throws(Found) in try rows(of: table) }
    if let kept { experiment.data?.keep(kept) }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let table = experiment.data?.table else { return }
    let kept = try placed(at: bound.span) { () throws(Found) in try rows(of: table) }
    experiment.data?.keep(kept)
  }

  private func rows(of table: Table) throws(Found) -> [Int] {
    guard let condition = bound.condition else { return Array(0..<table.rowCount) }
    guard let column = table[condition.subject] else {
      throw Found(noSuchColumn(condition.subject, in: table), at: condition.subjectSpan)
    }
    let rows: [Int]
    var categories: [String] = []
    switch column.values {
    case .numeric(let values):
      guard let number = condition.value.constant.number else {
        throw Found(
          NameProblem.wrongType(
            option: column.name, expectation: "a number to compare with",
            found: condition.value.constant.shown,
            suggestion: nil), at: condition.value.span)
      }
      // Cells are read as the nearest Float, and so is what they are compared with: 0.1 is 0.1.
      let limit = Float(number)
      rows = values.indices.filter { !values[$0].isNaN && condition.comparison.holds(values[$0], limit) }
    case .categorical(let codes, let names):
      categories = names
      let text = condition.value.constant.text ?? ""
      let holds = names.map { condition.comparison.holds(Array($0.utf8), Array(text.utf8)) }
      rows = codes.indices.filter { codes[$0] >= 0 && Int(codes[$0]) < holds.count && holds[Int(codes[$0])] }
    }
    if rows.isEmpty {
      let text = condition.value.constant.text ?? ""
      throw Found(
        DataProblem.noRowLeft(
          path: table.source, condition: condition.text,
          suggestion: condition.comparison == .equal ? Spelling.nearest(to: text, in: categories) : nil,
          known: condition.comparison == .equal ? categories : []),
        at: categories.isEmpty ? condition.subjectSpan.union(condition.value.span) : condition.value.span)
    }
    return rows
  }
}

/// `sample 1000 seed=0`: keeps so many rows, drawn by the seed, in the order in which they stand.
struct SampleStage: Stage {
  static let declaration = StageDeclaration(
    "sample", "keeps some rows, drawn by the seed",
    options: [
      OptionDeclaration(
        "rows", .either(.share, .integer(1...1)), positional: true, required: true,
        "the number of rows to keep, or their share"),
      OptionDeclaration("seed", .integer(0...Int.max), default: .integer(0), "for drawing rows"),
    ],
    needs: [.data], isSilent: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    if !bound.isBroken, let table = experiment.data?.table { experiment.data?.keep(rows(of: table)) }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    if let table = experiment.data?.table { experiment.data?.keep(rows(of: table)) }
  }

  private func rows(of table: Table) -> [Int] {
    let share: Share
    switch bound.arguments.value("rows") {
    case .integer(let rows)?: share = .rows(rows)
    case .number(let fraction)?: share = .fraction(fraction)
    default: return Array(0..<table.rowCount)
    }
    return sampleRows(share, of: table.rowCount, seed: UInt64(bound.arguments.integer("seed", or: 0)))
  }
}

extension DataSlot {
  /// Keeps some rows, ascending; the parts of a split keep those of theirs.
  fileprivate mutating func keep(_ rows: [Int]) {
    guard let table, rows.count != table.rowCount else { return }
    self.table = table.rows(rows)
    isAnnounced = false
    guard let split else { return }
    var places = [Int](repeating: -1, count: table.rowCount)
    for (place, row) in rows.enumerated() { places[row] = place }
    func kept(_ part: [Int]) -> [Int] {
      part.compactMap { places.indices.contains($0) && places[$0] >= 0 ? places[$0] : nil }
    }
    self.split = SplitRows(
      training: kept(split.training), validation: kept(split.validation), test: kept(split.test))
  }
}

extension Condition.Comparison {
  func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .equal: left == right
    case .notEqual: left != right
    }
  }

  /// Texts are compared by their bytes.
  fileprivate func holds(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left.lexicographicallyPrecedes(right)
    case .greaterOrEqual: !left.lexicographicallyPrecedes(right)
    case .greater: right.lexicographicallyPrecedes(left)
    case .lessOrEqual: !right.lexicographicallyPrecedes(left)
    }
  }
}
