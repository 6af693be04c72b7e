/// The texts that count as missing.
struct MissingCells: Sendable {
  private let texts: [[UInt8]]
  /// Bit n is set where a text is n bytes long; longer ones share the last bit.
  private let lengths: UInt64
  /// Whether a number is among them, so that every number must be looked up.
  let holdsNumbers: Bool

  init(_ texts: [String], style: NumberStyle = .plain) {
    self.texts = texts.map { Array($0.utf8) }
    lengths = self.texts.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) }
    holdsNumbers = self.texts.contains { $0.withUnsafeBufferPointer { style.number(in: $0) } != nil }
  }

  func contains(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard lengths & 1 << UInt64(min(cell.count, 63)) != 0 else { return false }
    return texts.contains { $0.count == cell.count && $0.elementsEqual(cell) }
  }
}
