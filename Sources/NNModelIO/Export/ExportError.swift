import NNData

/// Why a model cannot be written in another form. ``description`` says what, ``advice`` what can be done.
public enum ExportError: Error, Sendable, Hashable {
  /// ONNX has no operator that looks into a text.
  case hashedColumn(String)
  /// An activation or a layer of the embedding program.
  case ownFunction(String)
  /// More than a file of that kind can hold.
  case tooLarge(kind: String, bytes: Int, limit: Int)
  case file(ModelFileError)
}

extension ExportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .hashedColumn(let column):
      "`\(shown(column))` is encoded by a hash of its text, which ONNX cannot compute"
    case .ownFunction(let name): "`\(shown(name))` is a function of this program, which a file cannot hold"
    case .tooLarge(let kind, let bytes, let limit):
      "the model has \(bytes) bytes of weights, and \(kind) holds at most \(limit)"
    case .file(let error): error.description
    }
  }

  public var advice: String? {
    switch self {
    case .hashedColumn(let column):
      "train with `encode onehot columns=\"\(shown(column))\" max_categories=…`, or save as .c or .safetensors"
    case .tooLarge: "save it as .safetensors"
    case .ownFunction, .file: nil
    }
  }
}
