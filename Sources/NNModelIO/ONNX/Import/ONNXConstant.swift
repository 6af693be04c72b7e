import NNData
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A tensor of a graph, its values read.
struct ONNXConstant {
  var shape: [Int]
  /// Of a tensor of numbers; whole ones too.
  var numbers: [Float] = []
  /// Of a tensor of texts, or of whole numbers that may be classes.
  var texts: [String]?
  /// Of whole numbers, such as a shape.
  var integers: [Int]?

  var count: Int { shape.reduce(1, *) }
  /// One number, whatever its shape.
  var scalar: Float? { texts == nil && numbers.count == 1 ? numbers[0] : nil }

  init(shape: [Int], numbers: [Float]) {
    self.shape = shape
    self.numbers = numbers
  }

  /// - Parameters:
  ///   - folder: where files with the values are looked for.
  init(_ tensor: ONNXTensor, folder: String) throws(ONNXRefusal) {
    var count = 1
    shape = []
    for extent in tensor.dims {
      guard let extent = Int(exactly: extent), extent >= 0 else {
        throw Self.refusal(tensor, "a negative extent")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product < 1 << 36 else { throw Self.refusal(tensor, "too many values") }
      count = product
      shape.append(extent)
    }
    let width: Int
    switch ONNXType(rawValue: tensor.dataType) {
    case .float, .int32: width = 4
    case .double, .int64: width = 8
    case .bool: width = 1
    case .string: width = 0
    case nil: throw Self.refusal(tensor, "values of a type that nn does not read (\(tensor.dataType))")
    }
    var raw = tensor.rawData
    if tensor.dataLocation != 0 {
      raw = try Self.external(tensor, bytes: count * max(width, 1), folder: folder)
    }
    if width == 0 {
      guard tensor.stringData.count == count else {
        throw Self.refusal(tensor, "not the values that its shape asks for")
      }
      texts = tensor.stringData.map { String(decoding: $0, as: UTF8.self) }
      return
    }
    let isRaw = !raw.isEmpty
    if isRaw, raw.count != count * width {
      throw Self.refusal(tensor, "not the values that its shape asks for")
    }
    switch ONNXType(rawValue: tensor.dataType) {
    case .float: numbers = isRaw ? Self.values(raw, count, Float.self) : tensor.floatData
    case .double:
      numbers = (isRaw ? Self.values(raw, count, Double.self) : tensor.doubleData).map { Float($0) }
    case .int64:
      let values = isRaw ? Self.values(raw, count, Int64.self) : tensor.int64Data
      integers = values.map { Int($0) }
    case .int32:
      let values = isRaw ? Self.values(raw, count, Int32.self) : tensor.int32Data
      integers = values.map { Int($0) }
    case .bool:
      integers = isRaw ? raw.map { Int($0) } : tensor.int32Data.map { Int($0) }
    default: break
    }
    if let integers { numbers = integers.map { Float($0) } }
    guard numbers.count == count else { throw Self.refusal(tensor, "not the values that its shape asks for") }
  }

  private static func refusal(_ tensor: ONNXTensor, _ reason: String) -> ONNXRefusal {
    ONNXRefusal("its tensor \(quoted(tensor.name)) has \(reason)")
  }

  private static func values<Value: BitwiseCopyable>(_ data: Data, _ count: Int, _ type: Value.Type)
    -> [Value]
  {
    data.withUnsafeBytes { bytes in
      // SAFETY: the caller has seen that the data are `count` values long; every bit pattern is a number.
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.stride, as: type) }
    }
  }

  /// The values of a tensor that stand in another file: one beside this one, and no further than it reaches.
  private static func external(_ tensor: ONNXTensor, bytes: Int, folder: String) throws(ONNXRefusal) -> Data {
    var entries: [String: String] = [:]
    for entry in tensor.externalData { entries[entry.key] = entry.value }
    guard let location = entries["location"], !location.isEmpty, !location.contains("/"),
      !location.contains("\0"),
      location != ".."
    else { throw refusal(tensor, "its values in a file that is not beside this one") }
    let offset = entries["offset"].map { Int($0) ?? -1 } ?? 0
    let length = entries["length"].map { Int($0) ?? -1 } ?? bytes
    guard offset >= 0, length == bytes else {
      throw refusal(tensor, "not the values that its shape asks for")
    }
    do {
      return Data(try readPart(folder + location, offset: offset, count: length))
    } catch {
      throw refusal(tensor, "its values in another file: \(error)")
    }
  }
}
