import NNData

/// What can be wrong with an ONNX file. ``description`` is the one place of each text.
public enum ONNXImportError: Error, Sendable, Hashable {
  case file(ModelFileError)
  /// Not an ONNX file at all, or a damaged one.
  case damaged(path: String, reason: String)
  /// A graph, but not that of a dense network; `node` is the first that has no place in one.
  case notDense(path: String, node: String, reason: String)
}

extension ONNXImportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let path, let reason): "\(shown(path)) is no ONNX file that can be read: \(reason)"
    case .notDense(let path, let node, let reason): "\(shown(path)), \(node): \(reason)"
    }
  }
}

/// Why a file is refused, before its path is known.
struct ONNXRefusal: Error {
  var node: ONNXNode?
  var reason: String

  init(_ reason: String, at node: ONNXNode? = nil) {
    self.reason = reason
    self.node = node
  }

  func error(path: String) -> ONNXImportError {
    guard let node else { return .damaged(path: path, reason: reason) }
    let name = node.name.isEmpty ? node.output.first ?? "" : node.name
    return .notDense(
      path: path, node: "node \(quoted(name)) (\(shown(node.opType.isEmpty ? "?" : node.opType)))",
      reason: reason)
  }
}
