import NNEngine

/// Numbers that something is learned from, none of them NaN: held, or gone through as often as it takes.
enum Sample {
  typealias Visit = ((UnsafeBufferPointer<Float>) -> Void) throws(DataError) -> Void

  case held([Float])
  /// `visit` gives all numbers in their order, some at a time.
  case visited(count: Int, visit: Visit)

  var count: Int {
    switch self {
    case .held(let values): values.count
    case .visited(let count, _): count
    }
  }

  /// Gives all numbers in their order, some at a time.
  func visit(_ body: (UnsafeBufferPointer<Float>) -> Void) throws(DataError) {
    switch self {
    case .held(let values): values.withUnsafeBufferPointer(body)
    case .visited(_, let visit): try visit(body)
    }
  }

  /// The same with one number some times more.
  func appending(_ value: Float, count more: Int) -> Sample {
    switch self {
    case .held(let values): return .held(values + repeatElement(value, count: more))
    case .visited(let count, let visit):
      return .visited(count: count + more) { (body) throws(DataError) in
        try visit(body)
        let part = [Float](repeating: value, count: min(more, 4096))
        var left = more
        while left > 0 {
          part.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0.prefix(left))) }
          left -= part.count
        }
      }
    }
  }

  func statistics() throws(DataError) -> ColumnStatistics {
    switch self {
    case .held(let values): ColumnStatistics(values)
    case .visited(_, let visit): try ColumnStatistics(visiting: visit)
    }
  }

  /// The quantiles at some shares, by linear interpolation between the two nearest values (the default of NumPy's
  /// `quantile`); 0 of no values.
  func quantiles(_ shares: [Double]) throws(DataError) -> [Double] {
    guard count > 0 else { return shares.map { _ in 0 } }
    let last = count - 1
    let places = shares.map { share -> (lower: Int, fraction: Double) in
      let position = share * Double(last)
      let lower = min(Int(position), last)
      return (lower, position - Double(lower))
    }
    let values: (Int) -> Float
    switch self {
    case .held(let numbers):
      let sorted = numbers.sorted()
      values = { sorted[$0] }
    case .visited(_, let visit):
      let ranks = Set(places.flatMap { [$0.lower, min($0.lower + 1, last)] }).sorted()
      let found = try valuesAtRanks(ranks, visit)
      values = { found[$0] ?? 0 }
    }
    return places.map { lower, fraction in
      let low = Double(values(lower))
      return low + (Double(values(min(lower + 1, last))) - low) * fraction
    }
  }

  /// The commonest value, of equally common ones the smallest; nil of no values.
  ///
  /// - Parameter limit: how many different values may be counted.
  /// - Throws: ``DataError/preparationMismatch(_:)`` where there are more.
  func mode(of column: String, limit: Int) throws(DataError) -> Float? {
    var counts: [Float: Int] = [:]
    switch self {
    case .held(let values):
      for value in values { counts[value == 0 ? 0 : value, default: 0] += 1 }
    case .visited(_, let visit):
      try visit { values in
        for value in values where counts.count <= limit { counts[value == 0 ? 0 : value, default: 0] += 1 }
      }
      guard counts.count <= limit else {
        throw .preparationMismatch(
          "column \(shown(column)) holds more than \(limit) different numbers, too many to find the commonest one of a table that streams; `impute median` takes any number of them"
        )
      }
    }
    return counts.max { $0.value != $1.value ? $0.value < $1.value : $0.key > $1.key }?.key
  }
}

/// The values that would stand at some places of the sorted numbers, found without sorting: three times the numbers are
/// counted by some more of their leading bits.
///
/// - Parameter ranks: ascending, from 0.
private func valuesAtRanks(_ ranks: [Int], _ visit: Sample.Visit) throws(DataError) -> [Int: Float] {
  /// The bits that have been found, and the rank among the numbers that begin with them.
  var found = ranks.map { (rank: $0, prefix: UInt32(0), left: $0) }
  var known: UInt32 = 0
  for width: UInt32 in [11, 11, 10] {
    let prefixes = Set(found.map(\.prefix)).sorted()
    let placeOf = Dictionary(uniqueKeysWithValues: prefixes.enumerated().map { ($1, $0) })
    let buckets = 1 << Int(width)
    var counts = [Int](repeating: 0, count: prefixes.count * buckets)
    let shift = 32 - known - width
    let mask = UInt32(buckets - 1)
    try visit { values in
      for value in values {
        let key = orderedBits(value)
        let prefix = known == 0 ? 0 : key >> (32 - known)
        guard let place = prefixes.count == 1 ? (prefix == prefixes[0] ? 0 : nil) : placeOf[prefix] else {
          continue
        }
        counts[place * buckets + Int(key >> shift & mask)] += 1
      }
    }
    found = found.map { rank, prefix, left in
      var left = left
      let first = (placeOf[prefix] ?? 0) * buckets
      var bucket = 0
      while bucket + 1 < buckets, left >= counts[first + bucket] {
        left -= counts[first + bucket]
        bucket += 1
      }
      return (rank, prefix << width | UInt32(bucket), left)
    }
    known += width
  }
  return Dictionary(uniqueKeysWithValues: found.map { ($0.rank, float(ofOrderedBits: $0.prefix)) })
}

/// Bits that order as the numbers do; those of −0 are those of 0.
private func orderedBits(_ value: Float) -> UInt32 {
  let bits = value == 0 ? 0 : value.bitPattern
  return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
}

private func float(ofOrderedBits bits: UInt32) -> Float {
  Float(bitPattern: bits >> 31 == 1 ? bits & 0x7FFF_FFFF : ~bits)
}
