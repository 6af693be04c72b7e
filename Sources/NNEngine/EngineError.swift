/// What the engine refuses, in its own terms: layers, shapes, rows, steps. Layers, rows and columns count from 0 in
/// the payload.
public enum EngineError: Error, Sendable, Equatable, CustomStringConvertible {
  case malformedMatrix(rows: Int, columns: Int, values: Int)
  case noLayers
  case invalidInputWidth(Int)
  case unsupportedLayer(layer: Int, kind: String)
  case residualWidth(input: Int, output: Int)
  case invalidOption(owner: String, option: String, value: String, requirement: String)
  case tooLarge(what: String)
  case oddWidth(activation: String, width: Int)
  case noWeights
  case unknownParameter(String)
  case parameterShape(name: String, expected: [Int], found: [Int], values: Int)
  case featureWidth(expected: Int, found: Int)
  case targetWidth(loss: String, expected: Int, found: Int)
  case rowCount(features: Int, other: Int, what: String)
  case noRows(what: String)
  case notFinite(what: String, row: Int, column: Int)
  case classOutOfRange(row: Int, value: Float, classes: Int)
  case slotShape(name: String, expected: Int, found: Int)
  case unknownMonitor(name: String, available: [String])
  case noDirection(monitor: String)
  case unavailableInstructionSet(String)
  /// A callback cannot begin; the text is its own.
  case callbackFailed(String)
  /// Rows that were there cannot be read any more; the text is their source's own.
  case rowsUnreadable(String)
  /// A snapshot is of another fit than the one that is to go on from it.
  case snapshotDiffers(String)

  public var description: String {
    switch self {
    case .malformedMatrix(let rows, let columns, let values):
      "a matrix of \(rows) × \(columns) cannot hold \(values) values"
    case .noLayers: "a network needs at least one layer"
    case .invalidInputWidth(let width): "a network's input needs at least one column, not \(width)"
    case .unsupportedLayer(let layer, let kind): "the engine has no plan for layer \(layer), a \(kind)"
    case .residualWidth(let input, let output):
      "a residual block must keep the width: \(input) columns go in, and \(output) come out"
    case .invalidOption(let owner, let option, let value, let requirement):
      "\(owner): \(option) must be \(requirement), not \(value)"
    case .tooLarge(let what): "\(what) is larger than this machine can address"
    case .oddWidth(let activation, let width): "\(activation) halves a row, and \(width) is odd"
    case .noWeights: "the network has no weights yet"
    case .unknownParameter(let name): "the network has no parameter named \(name)"
    case .parameterShape(let name, let expected, let found, let values):
      "\(name) has shape \(expected), and was given \(values) values of shape \(found)"
    case .featureWidth(let expected, let found):
      "the network takes \(expected) features, and the data has \(found)"
    case .targetWidth(let loss, let expected, let found):
      "\(loss) needs \(expected) target column\(expected == 1 ? "" : "s") here, and the data has \(found)"
    case .rowCount(let features, let other, let what):
      "there are \(features) rows of features and \(other) of \(what)"
    case .noRows(let what): "there are no rows in the \(what) data"
    case .notFinite(let what, let row, let column):
      "\(what) at row \(row + 1), column \(column + 1) is not a finite number"
    case .classOutOfRange(let row, let value, let classes):
      "the class at row \(row + 1) is \(value); with \(classes) outputs it must be a whole number from 0 to \(classes - 1)"
    case .slotShape(let name, let expected, let found):
      "the optimizer's \(name) should hold \(expected) values, and holds \(found)"
    case .unknownMonitor(let name, let available):
      "this fit gives no \(name), only \(available.joined(separator: ", "))"
    case .noDirection(let monitor):
      "whether \(monitor) should fall or rise is not known: set the mode to min or max"
    case .unavailableInstructionSet(let name): "this machine has no \(name)"
    case .callbackFailed(let reason): reason
    case .rowsUnreadable(let reason): reason
    case .snapshotDiffers(let what): "what was kept is of another fit, with \(what)"
    }
  }
}
