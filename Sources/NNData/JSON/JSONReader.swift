/// Why a text is not the JSON that is wanted. Offsets count bytes from 0.
public enum JSONError: Error, Sendable, Hashable {
  case unexpectedEnd
  case unexpectedByte(offset: Int, expected: String)
  case badNumber(offset: Int)
  case badEscape(offset: Int)
  case controlCharacter(offset: Int)
  case invalidUTF8(offset: Int)
  case tooDeep(offset: Int, limit: Int)
  case duplicateName(String, offset: Int)
  case trailingBytes(offset: Int)
  case tooLong(count: Int, limit: Int)
  /// A value that has another form, or lies outside its range, where `path` names the place: `layers[0].name`.
  case unexpectedValue(path: String, expected: String)
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unexpectedEnd: "the JSON text ends too early"
    case .unexpectedByte(let offset, let expected): "byte \(offset) of the JSON text: expected \(expected)"
    case .badNumber(let offset): "byte \(offset) of the JSON text: not a number by JSON's rules"
    case .badEscape(let offset): "byte \(offset) of the JSON text: an escape that JSON does not have"
    case .controlCharacter(let offset): "byte \(offset) of the JSON text: a control character in a string"
    case .invalidUTF8(let offset): "byte \(offset) of the JSON text: not UTF-8"
    case .tooDeep(let offset, let limit):
      "byte \(offset) of the JSON text: more than \(limit) levels of nesting"
    case .duplicateName(let name, let offset):
      "byte \(offset) of the JSON text: the name \(quoted(name)) occurs twice in one object"
    case .trailingBytes(let offset): "byte \(offset) of the JSON text: text after its end"
    case .tooLong(let count, let limit):
      "the JSON text has \(count) bytes, and more than \(limit) are refused"
    case .unexpectedValue(let path, let expected): "\(shown(path)): expected \(expected)"
    }
  }
}

extension JSONValue {
  /// Reads a whole JSON text by RFC 8259 and nothing beyond: no `NaN`, comments, trailing commas or duplicate names.
  ///
  /// - Parameters:
  ///   - depthLimit: how many arrays and objects may lie within each other.
  ///   - sizeLimit: how many bytes the text may have.
  public init(
    parsing bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = 64, sizeLimit: Int = 100_000_000
  ) throws(JSONError) {
    guard bytes.count <= sizeLimit else { throw .tooLong(count: bytes.count, limit: sizeLimit) }
    var reader = JSONReader(bytes: bytes, depthLimit: depthLimit)
    self = try reader.document()
  }

  public init(parsing text: String, depthLimit: Int = 64) throws(JSONError) {
    var text = text
    var outcome: Result<JSONValue, JSONError> = .failure(.unexpectedEnd)
    // SAFETY: the bytes are read within the call only.
    text.withUTF8 { bytes in
      outcome = Result { () throws(JSONError) in try JSONValue(parsing: bytes, depthLimit: depthLimit) }
    }
    self = try outcome.get()
  }
}

private struct JSONReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let depthLimit: Int
  var offset = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let result = try value()
    skipBlanks()
    guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
    return result
  }

  private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private mutating func expect(_ expected: UInt8) throws(JSONError) {
    guard let byte else { throw .unexpectedEnd }
    guard byte == expected else {
      throw .unexpectedByte(offset: offset, expected: "`" + String(UnicodeScalar(expected)) + "`")
    }
    offset += 1
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipBlanks()
    guard let byte else { throw .unexpectedEnd }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw .unexpectedByte(offset: offset, expected: "a value")
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for expected in text.utf8 {
      guard let byte else { throw .unexpectedEnd }
      guard byte == expected else { throw .unexpectedByte(offset: offset, expected: "`\(text)`") }
      offset += 1
    }
    return value
  }

  private mutating func descend() throws(JSONError) {
    depth += 1
    guard depth <= depthLimit else { throw .tooDeep(offset: offset, limit: depthLimit) }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try descend()
    offset += 1
    var members: [JSONValue.Member] = []
    // By bytes: JSON's names are equal only if their characters are, and Swift's `==` is by canonical forms.
    var names: Set<[UInt8]> = []
    skipBlanks()
    if byte == UInt8(ascii: "}") {
      offset += 1
      depth -= 1
      return .object([])
    }
    while true {
      skipBlanks()
      let start = offset
      guard byte == UInt8(ascii: "\"") else {
        guard byte != nil else { throw .unexpectedEnd }
        throw .unexpectedByte(offset: offset, expected: "a name in quotes")
      }
      let name = try string()
      guard names.insert(Array(name.utf8)).inserted else { throw .duplicateName(name, offset: start) }
      skipBlanks()
      try expect(UInt8(ascii: ":"))
      members.append(JSONValue.Member(name, try value()))
      skipBlanks()
      if byte == UInt8(ascii: ",") {
        offset += 1
        continue
      }
      guard byte != nil else { throw .unexpectedEnd }
      guard byte == UInt8(ascii: "}") else { throw .unexpectedByte(offset: offset, expected: "`,` or `}`") }
      offset += 1
      depth -= 1
      return .object(members)
    }
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try descend()
    offset += 1
    var values: [JSONValue] = []
    skipBlanks()
    if byte == UInt8(ascii: "]") {
      offset += 1
      depth -= 1
      return .array([])
    }
    while true {
      values.append(try value())
      skipBlanks()
      if byte == UInt8(ascii: ",") {
        offset += 1
        continue
      }
      guard byte != nil else { throw .unexpectedEnd }
      guard byte == UInt8(ascii: "]") else { throw .unexpectedByte(offset: offset, expected: "`,` or `]`") }
      offset += 1
      depth -= 1
      return .array(values)
    }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = offset
    if byte == UInt8(ascii: "-") { offset += 1 }
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[offset - whole] != UInt8(ascii: "0") else {
      throw .badNumber(offset: start)
    }
    if byte == UInt8(ascii: ".") {
      offset += 1
      guard digits() > 0 else { throw .badNumber(offset: start) }
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      offset += 1
      if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { offset += 1 }
      guard digits() > 0 else { throw .badNumber(offset: start) }
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = offset
    while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
    return offset - start
  }

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    let start = offset
    var text: [UInt8] = []
    while true {
      guard let byte else { throw .unexpectedEnd }
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        guard let result = String(validating: text, as: UTF8.self) else { throw .invalidUTF8(offset: start) }
        return result
      case UInt8(ascii: "\\"):
        let scalar = try escape()
        text.append(contentsOf: String(scalar).utf8)
      case 0..<0x20:
        throw .controlCharacter(offset: offset)
      default:
        text.append(byte)
        offset += 1
      }
    }
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    guard let byte else { throw .unexpectedEnd }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal(start)
      if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
      // A surrogate needs its other half.
      guard unit < 0xDC00, self.byte == UInt8(ascii: "\\") else { throw .badEscape(offset: start) }
      offset += 1
      guard self.byte == UInt8(ascii: "u") else { throw .badEscape(offset: start) }
      offset += 1
      let low = try hexadecimal(start)
      guard low >= 0xDC00, low <= 0xDFFF,
        let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
      else { throw .badEscape(offset: start) }
      return scalar
    default: throw .badEscape(offset: start)
    }
  }

  private mutating func hexadecimal(_ start: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte else { throw .unexpectedEnd }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw .badEscape(offset: start)
      }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }
}
