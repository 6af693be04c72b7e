import NNModelIO

/// What stands in the way of a model that is to be used by other programs, or that comes from one: E0440 and on before a
/// run, E1060 and on within.
enum ExportProblem: Problem {
  /// ONNX has no operator that looks into a text.
  case hashed(column: String)
  case notWritten(ExportError)
  /// A date's column is asked for in parts.
  case datesAsParts([(column: String, inputs: [String])])

  var code: String {
    switch self {
    case .hashed: "E0440"
    case .notWritten: "E1060"
    case .datesAsParts: "W1060"
    }
  }

  var message: String {
    switch self {
    case .hashed(let column): ExportError.hashedColumn(column).description
    case .notWritten(let error): error.description
    case .datesAsParts(let dates):
      "ONNX reads no dates, so the file asks for \(quoted(dates.flatMap(\.inputs))) in place of \(quoted(dates.map(\.column)))"
    }
  }

  var help: String? {
    switch self {
    case .hashed(let column): ExportError.hashedColumn(column).advice
    case .notWritten(let error): error.advice
    case .datesAsParts: "they are numbers, as in 2013, 12 and 31; .c takes the dates themselves"
    }
  }
}
