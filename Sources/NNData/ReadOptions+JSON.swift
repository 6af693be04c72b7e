/// How the rows of a model's first table were written, as a saved model keeps it: raw rows that come later are most
/// likely written so, too. What is told from each file anew, as its separator among the usual ones, is left out.
extension ReadOptions {
  /// `nil` where everything is as it mostly is.
  public var json: JSONValue? {
    let plain = ReadOptions()
    let isUnusual = separator.map { !SeparatorGuess.candidates.contains($0) } ?? false
    let members: [JSONValue.Member?] = [
      decimal == plain.decimal ? nil : JSONValue.Member("decimal", Self.sign(decimal)),
      thousands.map { JSONValue.Member("thousands", Self.sign($0)) },
      isUnusual ? separator.map { JSONValue.Member("separator", Self.sign($0)) } : nil,
      quote == plain.quote ? nil : JSONValue.Member("quote", quote == 0 ? .string("") : Self.sign(quote)),
      missing == plain.missing ? nil : JSONValue.Member("missing", .strings(missing)),
    ]
    let given = members.compactMap { $0 }
    return given.isEmpty ? nil : .object(given)
  }

  /// - Throws: ``JSONError/unexpectedValue(path:expected:)`` where the value is none that ``json`` gives.
  public init(json: JSONValue, path: String = "reading") throws(JSONError) {
    self.init()
    decimal = try json.take("decimal", path, "a sign", Self.byte) ?? decimal
    thousands = try json.take("thousands", path, "a sign", Self.byte)
    separator = try json.take("separator", path, "a sign") {
      Self.byte($0).flatMap { CellScanner.canSeparate($0) ? $0 : nil }
    }
    quote = try json.take("quote", path, "a sign") { $0 == .string("") ? 0 : Self.byte($0) } ?? quote
    missing = try json.take("missing", path, "an array of strings", \.strings) ?? missing
  }

  private static func sign(_ byte: UInt8) -> JSONValue { .string(String(Character(UnicodeScalar(byte)))) }

  /// A sign that is one byte, and no digit or letter.
  private static func byte(_ value: JSONValue) -> UInt8? {
    guard let text = value.string, text.utf8.count == 1, let byte = text.utf8.first else { return nil }
    let isWord = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    return isWord || byte == 0x0A || byte == 0x0D || byte == 0 ? nil : byte
  }
}
