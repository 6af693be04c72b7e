import NNData

/// What can be wrong with a model file. ``description`` is the one place of each text.
public enum ModelFileError: Error, Sendable, Hashable {
  case fileMissing(path: String)
  case isDirectory(path: String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// Shorter than the eight bytes that give the header's length.
  case tooShort(path: String, size: Int)
  /// `size` is the file's.
  case headerTooLong(path: String, length: UInt64, size: Int)
  case header(path: String, JSONError)
  /// A header that is JSON, but not one of safetensors; `tensor` is the entry, if it is one's.
  case badHeader(path: String, tensor: String?, problem: String)
  case unsupportedType(path: String, tensor: String, type: String)
  /// The product of the shape is too large, or not what the offsets leave room for.
  case shapeMismatch(path: String, tensor: String, shape: [Int], bytes: Int)
  case offsets(path: String, tensor: String, problem: String)
  case trailingBytes(path: String, count: Int)
  case truncated(path: String)
  case changedWhileReading(path: String)
  /// A safetensors file, but none that `nn` wrote.
  case notAModel(path: String)
  case newerFormat(path: String, version: Int, supported: Int)
  case model(path: String, JSONError)
  /// What was to be written cannot be.
  case badTensor(name: String, problem: String)
}

extension ModelFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .fileMissing(let path): "there is no file \(shown(path))"
    case .isDirectory(let path): "\(shown(path)) is a directory, not a file"
    case .unreadable(let path, let reason): "cannot read \(shown(path)): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(shown(path)): \(reason)"
    case .tooShort(let path, let size):
      "\(shown(path)) is no safetensors file: it has \(size) bytes, and the shortest has 10"
    case .headerTooLong(let path, let length, let size):
      "\(shown(path)) is no safetensors file: its first bytes announce a header of \(length) bytes, in a file of "
        + "\(size)"
    case .header(let path, let error): "\(shown(path)), header: \(error)"
    case .badHeader(let path, let tensor, let problem):
      "\(shown(path)), header\(tensor.map { ", tensor \(shown($0))" } ?? ""): \(problem)"
    case .unsupportedType(let path, let tensor, let type):
      "\(shown(path)), tensor \(shown(tensor)): its type is \(shown(type)), and only F32 is supported"
    case .shapeMismatch(let path, let tensor, let shape, let bytes):
      "\(shown(path)), tensor \(shown(tensor)): the shape "
        + "[\(shape.prefix(16).map { String($0) }.joined(separator: ", "))] does not fit its \(bytes) bytes"
    case .offsets(let path, let tensor, let problem):
      "\(shown(path)), tensor \(shown(tensor)): \(problem)"
    case .trailingBytes(let path, let count):
      "\(shown(path)): \(count) bytes behind the last tensor"
    case .truncated(let path): "\(shown(path)) ends too early; was it copied whole?"
    case .changedWhileReading(let path): "\(shown(path)) changed while it was being read"
    case .notAModel(let path):
      "\(shown(path)) is a safetensors file, but not a model that nn saved: it lacks the architecture"
    case .newerFormat(let path, let version, let supported):
      "\(shown(path)) has format \(version), and this nn reads formats up to \(supported); a newer nn is needed"
    case .model(let path, let error): "\(shown(path)), model description: \(error)"
    case .badTensor(let name, let problem): "tensor \(shown(name)): \(problem)"
    }
  }

  init(_ error: DataError, path: String) {
    switch error {
    case .fileMissing: self = .fileMissing(path: path)
    case .isDirectory: self = .isDirectory(path: path)
    case .unwritable(_, let reason): self = .unwritable(path: path, reason: reason)
    case .unreadable(_, let reason): self = .unreadable(path: path, reason: reason)
    default: self = .unreadable(path: path, reason: error.description)
    }
  }
}
