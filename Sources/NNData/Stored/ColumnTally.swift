/// Counts what will be known of a column whose cells go by.
struct ColumnTally {
  /// How often each code stands in a categorical column.
  private(set) var codes: [Int] = []
  private(set) var onlyZerosAndOnes = true
  private var onlyIntegers = true
  private var isFilled = false
  /// nil where there are too many.
  private var distinct: Set<Float>? = []
  /// Numbers that were lately seen, by their bits: most columns of few numbers are told by these.
  private var recent = [UInt32](repeating: .max, count: 1024)

  mutating func add(codes bits: UnsafeBufferPointer<UInt32>) {
    for code in bits where Int32(bitPattern: code) >= 0 {
      while codes.count <= Int(code) { codes.append(0) }
      codes[Int(code)] += 1
    }
  }

  mutating func add(numbers bits: UnsafeBufferPointer<UInt32>) {
    for bits in bits {
      let number = Float(bitPattern: bits)
      guard !number.isNaN else { continue }
      isFilled = true
      if onlyZerosAndOnes, number != 0, number != 1 { onlyZerosAndOnes = false }
      if onlyIntegers, number.rounded(.towardZero) != number { onlyIntegers = false }
      guard distinct != nil else { continue }
      let slot = Int((bits &* 0x9E37_79B1) >> 22)
      guard recent[slot] != bits else { continue }
      recent[slot] = bits
      distinct?.insert(number == 0 ? 0 : number)
      if let count = distinct?.count, count > ColumnFacts.mostDistinct { distinct = nil }
    }
  }

  func facts(rowCount: Int, kind: ColumnKind) -> ColumnFacts {
    ColumnFacts(
      rowCount: rowCount, isAllIntegers: kind == .numeric && isFilled && onlyIntegers,
      distinct: kind == .numeric ? distinct?.sorted() : nil)
  }
}
