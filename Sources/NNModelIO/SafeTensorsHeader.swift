import NNData

/// What a header says, checked: every tensor lies within the file, and they fill it without gap or overlap.
struct SafeTensorsHeader {
  struct Entry {
    var name: String
    var shape: [Int]
    /// The bytes of the data part.
    var start: Int
    var end: Int
  }

  /// As the reference implementation has it.
  static let lengthLimit = 100_000_000
  /// `{"name": {"shape": []}}` needs three.
  static let depthLimit = 8

  /// In the order of their bytes.
  var entries: [Entry]
  var metadata: [String: String]

  /// - Parameters:
  ///   - dataSize: the number of bytes behind the header.
  init(parsing bytes: UnsafeBufferPointer<UInt8>, dataSize: Int, path: String) throws(ModelFileError) {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes, depthLimit: Self.depthLimit, sizeLimit: Self.lengthLimit)
    } catch {
      throw .header(path: path, error)
    }
    guard let members = json.members else {
      throw .badHeader(path: path, tensor: nil, problem: "it is not an object")
    }
    entries = []
    metadata = [:]
    for member in members {
      if member.name == "__metadata__" {
        guard let texts = member.value.members else {
          throw .badHeader(path: path, tensor: nil, problem: "__metadata__ is not an object")
        }
        for text in texts {
          guard let value = text.value.string else {
            throw .badHeader(path: path, tensor: nil, problem: "__metadata__ holds more than texts")
          }
          metadata[text.name] = value
        }
      } else {
        entries.append(try Self.entry(member, dataSize: dataSize, path: path))
      }
    }
    // Empty tensors may share their place; then the header's order is kept.
    entries = entries.enumerated().sorted {
      ($0.element.start, $0.element.end, $0.offset) < ($1.element.start, $1.element.end, $1.offset)
    }.map(\.element)
    var expected = 0
    for entry in entries {
      guard entry.start == expected else {
        throw .offsets(
          path: path, tensor: entry.name,
          problem: entry.start < expected
            ? "its bytes overlap another tensor's" : "there is a gap before its bytes")
      }
      expected = entry.end
    }
    guard expected == dataSize else { throw .trailingBytes(path: path, count: dataSize - expected) }
  }

  private static func entry(
    _ member: JSONValue.Member, dataSize: Int, path: String
  ) throws(ModelFileError) -> Entry {
    let name = member.name
    guard let fields = member.value.members else {
      throw .badHeader(path: path, tensor: name, problem: "its entry is not an object")
    }
    for field in fields where !["dtype", "shape", "data_offsets"].contains(field.name) {
      throw .badHeader(
        path: path, tensor: name, problem: "its entry has an unknown member \(quoted(field.name))")
    }
    guard let type = member.value["dtype"]?.string else {
      throw .badHeader(path: path, tensor: name, problem: "its entry lacks the type")
    }
    guard type == "F32" else { throw .unsupportedType(path: path, tensor: name, type: type) }
    guard let shape = wholeNumbers(member.value["shape"]) else {
      throw .badHeader(path: path, tensor: name, problem: "its shape is not a list of whole numbers")
    }
    guard let offsets = wholeNumbers(member.value["data_offsets"]), offsets.count == 2 else {
      throw .badHeader(path: path, tensor: name, problem: "its offsets are not two whole numbers")
    }
    let start = offsets[0]
    let end = offsets[1]
    guard start <= end, end <= dataSize else {
      throw .offsets(path: path, tensor: name, problem: "its offsets \(start) to \(end) lie outside the file")
    }
    guard byteCount(of: shape) == end - start else {
      throw .shapeMismatch(path: path, tensor: name, shape: shape, bytes: end - start)
    }
    return Entry(name: name, shape: shape, start: start, end: end)
  }

  /// Whole numbers that are not negative.
  private static func wholeNumbers(_ value: JSONValue?) -> [Int]? {
    guard let array = value?.array else { return nil }
    let numbers = array.compactMap(\.int).filter { $0 >= 0 }
    return numbers.count == array.count ? numbers : nil
  }

  /// The bytes of a float32 tensor; `nil` where there are too many to count.
  static func byteCount(of shape: [Int]) -> Int? {
    var product = 4
    for extent in shape {
      let (result, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = result
    }
    return product
  }
}
