import NNData
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An ONNX file's graph, read with bounds: memory is in proportion to the file, whatever it claims.
struct ONNXFile {
  /// Of protocol buffers.
  private static let sizeLimit = Int(Int32.max)
  /// Nodes, tensors, names, attributes; a network of a thousand layers has some ten thousand.
  static let partLimit = 200_000
  /// The messages of the schema lie six deep.
  private static let depthLimit = 16

  let model: ONNXModel
  /// Where files that the tensors' values stand in are looked for.
  let folder: String

  init(path: String) throws(ONNXImportError) {
    let bytes: [UInt8]
    do {
      bytes = try readWhole(path, limit: Self.sizeLimit)
    } catch {
      throw .file(error)
    }
    do {
      try self.init(bytes: bytes, folder: path.lastIndex(of: "/").map { String(path[...$0]) } ?? "")
    } catch {
      throw error.error(path: path)
    }
  }

  init(bytes: [UInt8], folder: String) throws(ONNXRefusal) {
    self.folder = folder
    var parts = ONNXParts(limit: Self.partLimit)
    guard bytes.withUnsafeBufferPointer({ parts.count($0, .model) }) else {
      throw ONNXRefusal(
        parts.left == 0 ? "it has more than \(Self.partLimit) parts" : "its bytes are no protocol buffer")
    }
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = Self.depthLimit
    options.discardUnknownFields = true
    do {
      model = try ONNXModel(serializedBytes: bytes, options: options)
    } catch {
      throw ONNXRefusal("its bytes are no protocol buffer")
    }
    guard model.hasGraph, !model.graph.node.isEmpty else { throw ONNXRefusal("it has no graph") }
  }
}

/// Counts the parts of a file before anything is made of them, since an empty part is two bytes in the file and some hundred in memory.
struct ONNXParts {
  enum Message {
    case model, graph, node, attribute, value, leaf

    func inner(_ field: UInt64) -> Message {
      switch (self, field) {
      case (.model, 7): .graph
      case (.graph, 1): .node
      case (.graph, 11), (.graph, 12): .value
      case (.node, 5): .attribute
      default: .leaf
      }
    }
  }

  private(set) var left: Int

  init(limit: Int) { left = limit }

  /// - Returns: false where there are too many, or where the bytes are no message.
  mutating func count(_ bytes: UnsafeBufferPointer<UInt8>, _ message: Message) -> Bool {
    var index = 0
    while index < bytes.count {
      guard let key = varint(bytes, &index) else { return false }
      switch key & 7 {
      case 0: guard varint(bytes, &index) != nil else { return false }
      case 1: index += 8
      case 5: index += 4
      case 2:
        guard let length = varint(bytes, &index), length <= UInt64(bytes.count - index), left > 0 else {
          return false
        }
        left -= 1
        let inner = message.inner(key >> 3)
        let end = index + Int(length)
        if inner != .leaf, !count(UnsafeBufferPointer(rebasing: bytes[index..<end]), inner) { return false }
        index = end
      default: return false
      }
      guard index <= bytes.count else { return false }
    }
    return true
  }

  private func varint(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count, shift < 70 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << min(shift, 63)
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
