import NNModelIO

/// What stands in the way of a model that is to be used by other programs, or that comes from one: E0440 and on before a
/// run, E1060 and on within.
enum ExportProblem: Problem {
  /// ONNX has no operator that looks into a text.
  case hashed(column: String)
  case notWritten(ExportError)
  /// An ONNX file whose graph is not that of a dense network.
  case notImported(ONNXImportError)
  /// Names that are not as many as a foreign network has inputs, targets or classes.
  case naming(path: String, what: String, wanted: Int, found: Int, isGiven: Bool)
  /// Names for a file that has its own.
  case needlessNames(path: String)
  /// A date's column is asked for in parts.
  case datesAsParts([(column: String, inputs: [String])])

  var code: String {
    switch self {
    case .hashed: "E0440"
    case .notWritten: "E1060"
    case .notImported: "E0441"
    case .naming: "E0442"
    case .needlessNames: "E0443"
    case .datesAsParts: "W1060"
    }
  }

  var message: String {
    switch self {
    case .hashed(let column): ExportError.hashedColumn(column).description
    case .notWritten(let error): error.description
    case .notImported(let error): error.description
    case .naming(let path, let what, let wanted, let found, let isGiven):
      "the network in \(path) has \(wanted) \(what), and \(isGiven ? "\(found) \(found == 1 ? "is" : "are") named" : "the data \(found)")"
    case .needlessNames(let path): "\(path) has its columns and classes in it, so there is nothing to name"
    case .datesAsParts(let dates):
      "ONNX reads no dates, so the file asks for \(quoted(dates.flatMap(\.inputs))) in place of \(quoted(dates.map(\.column)))"
    }
  }

  var help: String? {
    switch self {
    case .hashed(let column): ExportError.hashedColumn(column).advice
    case .notWritten(let error): error.advice
    case .notImported: "nn reads networks of dense layers, activations, normalizations and branches of these"
    case .naming(_, let what, _, _, _):
      "`\(what == "targets" ? "target" : what)=[…]` names them in the network's order"
    case .needlessNames: "leave `features=`, `target=` and `classes=` out"
    case .datesAsParts: "they are numbers, as in 2013, 12 and 31; .c takes the dates themselves"
    }
  }
}
