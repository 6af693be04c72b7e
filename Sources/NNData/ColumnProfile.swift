import NNEngine

/// What a column holds, at a glance: for people, not for training.
public struct ColumnProfile: Sendable {
  public enum Content: String, Sendable, Hashable {
    case number, integer, boolean, category, date
    /// Too many different values for a column each.
    case text
    /// No cell is filled.
    case empty
  }

  public var content: Content
  public var missing: Int
  public var distinct: Int
  /// There are more than were told apart.
  public var isMoreDistinct = false
  /// The smallest and the largest number.
  public var range: (low: Float, high: Float)?
  /// The first and the last date.
  public var span: (first: String, last: String)?
  /// Of numbers.
  public var mean: Double?
  /// The commonest categories and their rows, commonest first.
  public var common: [(text: String, count: Int)]
  /// Rows in parts of equal width from the smallest value to the largest, or of each of the commonest categories.
  public var histogram: [Int]

  /// How many bars a histogram has at most.
  public static let bars = 8

  public init(_ column: Column) {
    switch column.values {
    case .numeric(let numbers):
      let filled = numbers.filter { !$0.isNaN }
      let statistics = ColumnStatistics(filled)
      self.init(column, statistics, distinct: Set(filled).count) { add in filled.withUnsafeBufferPointer(add)
      }
    case .categorical(let codes, let texts):
      var counts = [Int](repeating: 0, count: texts.count)
      for code in codes where code >= 0 && Int(code) < counts.count { counts[Int(code)] += 1 }
      self.init(column, texts: texts, counts: counts)
    }
  }

  /// The same of a stored column, in passes over its cells.
  public init(_ column: Column, in rows: StoredRows) throws(DataError) {
    let cells = TrainingCells.stored(rows).cells(of: column)
    if case .categorical(_, let texts) = column.values {
      self.init(column, texts: texts, counts: try cells.categories(of: rows.table.excerpt).counts)
      return
    }
    let sample = try cells.filledNumbers(in: rows)
    try self.init(
      column, try sample.statistics(), distinct: column.facts?.distinct?.count ?? ColumnFacts.mostDistinct
    ) { (add) throws(DataError) in try sample.visit(add) }
    isMoreDistinct = column.facts?.distinct == nil
  }

  /// Of a numeric column; `visit` gives its numbers.
  private init<Failure: Error>(
    _ column: Column, _ statistics: ColumnStatistics, distinct: Int,
    visit: ((UnsafeBufferPointer<Float>) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    missing = column.missingCount
    common = []
    histogram = []
    self.distinct = distinct
    guard statistics.count > 0 else {
      content = .empty
      return
    }
    content = column.isZerosAndOnes ? .boolean : column.isAllIntegers ? .integer : .number
    range = (statistics.minimum, statistics.maximum)
    mean = statistics.mean
    var bars = [Int](repeating: 0, count: min(distinct, Self.bars))
    try visit { numbers in
      for number in numbers {
        let place = Self.bar(
          Double(number), Double(statistics.minimum), Double(statistics.maximum), bars: bars.count)
        bars[place] += 1
      }
    }
    histogram = bars
  }

  /// Of a categorical column; how often each of its texts stands in it.
  private init(_ column: Column, texts: [String], counts: [Int]) {
    missing = column.missingCount
    common = []
    histogram = []
    let used = texts.indices.filter { counts[$0] > 0 }
    let filled = counts.reduce(0, +)
    distinct = used.count
    guard !used.isEmpty else {
      content = .empty
      return
    }
    if let dates = DateReader.dates(texts, counts) {
      content = .date
      let times = used.compactMap { index in dates[index].map { (time: $0, count: counts[index]) } }
      let hasTimes = times.contains { $0.time.hour + $0.time.minute + $0.time.second > 0 }
      guard let first = times.min(by: { $0.time.seconds < $1.time.seconds })?.time,
        let last = times.max(by: { $0.time.seconds < $1.time.seconds })?.time
      else { return }
      span = (first.text(withTime: hasTimes), last.text(withTime: hasTimes))
      histogram = Self.histogram(
        times.lazy.map { ($0.time.seconds, $0.count) }, first.seconds, last.seconds,
        bars: min(distinct, Self.bars))
      return
    }
    let isText = TextOfMany.isMany(categories: distinct, rows: filled)
    let words = Set(used.map { texts[$0].lowercased() })
    content = isText ? .text : Self.truths.contains { words.isSubset(of: $0) } ? .boolean : .category
    let ordered = used.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
    common = ordered.prefix(Self.bars).map { (texts[$0], counts[$0]) }
    histogram = isText ? [] : common.map(\.count)
  }

  private static let truths: [Set<String>] = [["true", "false"], ["yes", "no"], ["t", "f"], ["y", "n"]]

  private static func histogram(
    _ values: some Sequence<(Double, Int)>, _ low: Double, _ high: Double, bars: Int
  ) -> [Int] {
    guard bars > 0 else { return [] }
    var result = [Int](repeating: 0, count: bars)
    for (value, count) in values { result[bar(value, low, high, bars: bars)] += count }
    return result
  }

  /// Which of some bars of equal width a value belongs to.
  private static func bar(_ value: Double, _ low: Double, _ high: Double, bars: Int) -> Int {
    // Halved first, so that the range of the largest numbers does not overflow.
    let share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0
    return share.isFinite ? min(max(Int(share * Double(bars)), 0), bars - 1) : 0
  }
}
