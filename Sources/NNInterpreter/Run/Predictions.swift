import NNData
import NNDiagnostics
import NNEngine

/// A raw value of a table: a number, a category, or nothing.
public enum Cell: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral,
  ExpressibleByNilLiteral
{
  case number(Double)
  case text(String)
  case missing

  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(nilLiteral: ()) { self = .missing }
}

/// A model's answers, one for each row.
public struct Predictions: Sendable {
  /// A regression's targets, or with classes each class's probability as `p(class)`.
  public let values: [(name: String, values: [Float])]
  /// The class of each row, empty where one of its probabilities is no number; nil for a regression.
  public let labels: [String]?

  /// The values under a name.
  public subscript(name: String) -> [Float]? { values.first { $0.name == name }?.values }
}

extension Experiment {
  /// The model's answers for raw rows, given as columns by name.
  /// - Throws: a `Diagnostic`.
  public func predictions(for columns: [String: [Cell]], threads: Int? = nil) throws(Diagnostic)
    -> Predictions
  {
    do throws(Found) {
      guard let trained = model?.trained else { throw Found(FlowProblem.needsWeights("predict")) }
      let table = try Self.table(columns, kinds: trained.preprocessor.columnTypes)
      let answers = try trained.predictions(for: table, rows: nil, probabilities: true, threads: threads)
      var values: [(name: String, values: [Float])] = []
      var labels: [String]?
      for column in answers.columns {
        switch column {
        case .numbers(let name, let numbers): values.append((name, numbers))
        case .texts(_, let texts): labels = texts
        }
      }
      return Predictions(values: values, labels: labels)
    } catch {
      throw error.problem.diagnostic()
    }
  }

  private static func table(_ columns: [String: [Cell]], kinds: [String: ColumnKind]) throws(Found) -> Table {
    let made = columns.sorted { $0.key < $1.key }.map { name, cells -> Column in
      let isText =
        kinds[name].map { $0 == .categorical }
        ?? cells.contains {
          if case .text = $0 { true } else { false }
        }
      if isText { return Column(name: name, texts: cells.map(\.text)) }
      return Column(name: name, numbers: cells.map(\.number))
    }
    do {
      return try Table(source: "the given columns", columns: made)
    } catch {
      throw Found(error.problem)
    }
  }
}

extension Cell {
  fileprivate var text: String? {
    switch self {
    case .text(let text): text
    case .number(let value): shortestText(Float(value))
    case .missing: nil
    }
  }

  fileprivate var number: Float {
    switch self {
    case .number(let value): Float(value)
    case .text(let text): Float(text) ?? .nan
    case .missing: .nan
    }
  }
}
