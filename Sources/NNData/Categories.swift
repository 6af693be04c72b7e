#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension CategoryDictionary {
  /// The entries in the order of categories: as numbers if all of them are (equal ones by their bytes), else by
  /// their bytes.
  func order() -> [Int] {
    let values = numbers()
    var keys = (0..<count).map { entry in
      SortKey(entry: entry, prefix: withBytes(entry) { SortKey.prefix(of: $0) }, number: values?[entry] ?? 0)
    }
    keys.sort { a, b in
      if a.number != b.number { return a.number < b.number }
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      return withBytes(a.entry) { first in withBytes(b.entry) { compare(first, $0) < 0 } }
    }
    return keys.map(\.entry)
  }

  /// A column's values, the categories put into their order and the codes renumbered.
  func values(codes: [Int32]) -> Column.Values {
    let order = order()
    var newCode = [Int32](repeating: -1, count: count)
    for (new, old) in order.enumerated() { newCode[old] = Int32(truncatingIfNeeded: new) }
    let renumbered = codes.map { code in
      code >= 0 && Int(code) < newCode.count ? newCode[Int(code)] : -1
    }
    return .categorical(codes: renumbered, categories: order.map { text(of: $0) })
  }

  /// What the entries are as numbers, if all of them are.
  private func numbers() -> [Double]? {
    var values: [Double] = []
    for entry in 0..<count {
      // Most texts are told to be none by their first byte.
      guard withBytes(entry, { DecimalSpelling($0) != nil }), let value = parseDouble(text(of: entry)) else {
        return nil
      }
      values.append(value)
    }
    return values
  }
}

/// What decides most comparisons without a look at the text.
private struct SortKey {
  let entry: Int
  /// The first eight bytes as one number that orders as they do, shorter texts padded with zeros.
  let prefix: UInt64
  let number: Double

  static func prefix(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var prefix: UInt64 = 0
    for index in 0..<8 { prefix = prefix << 8 | UInt64(index < bytes.count ? bytes[index] : 0) }
    return prefix
  }
}

/// Negative, zero or positive as `a` stands before, at or behind `b` by bytes.
private func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
  let shared = min(a.count, b.count)
  if shared > 0, let first = a.baseAddress, let second = b.baseAddress {
    // SAFETY: both hold `shared` bytes.
    let difference = memcmp(first, second, shared)
    if difference != 0 { return Int(difference) }
  }
  return a.count - b.count
}

/// The categories in their order, each once.
func sortedCategories(_ categories: [String]) -> [String] {
  var dictionary = CategoryDictionary()
  for category in categories { _ = dictionary.code(for: category) }
  return dictionary.order().map { dictionary.text(of: $0) }
}

/// Whether `a` stands before `b` by their UTF-8 bytes. (Swift's `<` on strings compares by Unicode's
/// canonical forms.)
func bytewiseLess(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
