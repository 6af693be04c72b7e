import NNEngine

/// How many rows a part gets.
public enum Share: Sendable, Hashable {
  case rows(Int)
  /// A share p of n rows is ⌈n·p⌉.
  case fraction(Double)

  /// The number of rows out of `count`.
  func resolved(of count: Int, name: String) throws(DataError) -> Int {
    switch self {
    case .rows(let rows):
      guard rows >= 0 else { throw .splitShare(name: name) }
      return rows
    case .fraction(let fraction):
      guard fraction >= 0, fraction <= 1 else { throw .splitShare(name: name) }
      let exact = Double(count) * fraction
      // 7 % of 100 is 7, though 0.07 as a double is a little more.
      let whole = exact.rounded()
      let rows = abs(exact - whole) <= 1e-9 * max(1, exact) ? whole : exact.rounded(.up)
      return min(count, Int(rows))
    }
  }
}

/// What a split is to do.
public struct SplitRequest: Sendable {
  public enum Order: String, Sendable, Hashable, Codable {
    /// Any rows, drawn by the seed.
    case random
    /// The last rows for the test, those before them for the validation; with `time`, the latest ones.
    case tail
  }

  public var test: Share
  public var validation: Share
  public var order: Order
  /// A column whose values each part gets in the same proportions. Missing ones count as a value.
  public var stratify: Column?
  /// A column whose equal values stay in one part. Missing ones count as equal.
  public var by: Column?
  /// A column of numbers or dates by which rows are earlier or later, instead of their place in the table; of equal ones
  /// that further behind is the later. Missing ones are the earliest. For `tail` only.
  public var time: Column?
  public var seed: UInt64

  public init(
    test: Share = .rows(0), validation: Share = .rows(0), order: Order = .random, stratify: Column? = nil,
    by: Column? = nil, time: Column? = nil, seed: UInt64 = 0
  ) {
    self.test = test
    self.validation = validation
    self.order = order
    self.stratify = stratify
    self.by = by
    self.time = time
    self.seed = seed
  }
}

/// The rows of each part, ascending; together every row once.
public struct SplitRows: Sendable, Hashable {
  public var training: [Int]
  public var validation: [Int]
  public var test: [Int]

  public init(training: [Int], validation: [Int], test: [Int]) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}

/// Divides the rows of a table.
///
/// With `stratify`, each value's rows are shared out by largest remainder, equal remainders to the value with
/// more rows. With `by`, whole groups are taken until a part has at least its rows.
///
/// - Throws: ``DataError`` where a share is none, or nothing is left for training.
public func split(rowCount: Int, request: SplitRequest) throws(DataError) -> SplitRows {
  let test = try request.test.resolved(of: rowCount, name: "test")
  let validation = try request.validation.resolved(of: rowCount, name: "validation")
  let (asked, overflow) = test.addingReportingOverflow(validation)
  guard !overflow, asked < rowCount || (asked == 0 && rowCount == 0) else {
    throw .splitTooLarge(rows: rowCount, test: test, validation: validation)
  }
  for column in [request.stratify, request.by, request.time] {
    guard let column, column.count != rowCount else { continue }
    throw .splitColumnLength(column: column.name, found: column.count, expected: rowCount)
  }
  if request.stratify != nil, request.by != nil {
    throw .splitConflict("a split cannot both stratify and keep groups together")
  }
  if request.stratify != nil, request.order == .tail {
    throw .splitConflict("a split that takes the last rows cannot stratify")
  }
  if request.time != nil, request.order == .random {
    throw .splitConflict("a split by time takes the latest rows, not drawn ones")
  }
  let order = try rowOrder(rowCount, request)
  var part = [Part](repeating: .training, count: rowCount)
  if let groups = request.by {
    try takeGroups(
      groups, request: request, order: order, test: test, validation: validation, part: &part)
  } else if let strata = request.stratify {
    takeStrata(strata, order: order, test: test, validation: validation, part: &part)
  } else {
    for row in order.prefix(test) { part[row] = .test }
    for row in order.dropFirst(test).prefix(validation) { part[row] = .validation }
  }
  return SplitRows(
    training: part.indices.filter { part[$0] == .training },
    validation: part.indices.filter { part[$0] == .validation },
    test: part.indices.filter { part[$0] == .test })
}

private enum Part {
  case training, validation, test
}

/// The rows in the order in which they are given to the test, the validation and the training part.
private func rowOrder(_ count: Int, _ request: SplitRequest) throws(DataError) -> [Int] {
  switch request.order {
  case .random: return Shuffling.permutation(count: count, seed: request.seed, purpose: .split)
  case .tail:
    guard let time = request.time else { return Array((0..<count).reversed()) }
    let times = try moments(of: time)
    return (0..<count).sorted { times[$0] != times[$1] ? times[$0] > times[$1] : $0 > $1 }
  }
}

/// A number for each row that grows with time; minus infinity for a missing one.
func moments(of column: Column) throws(DataError) -> [Double] {
  switch column.values {
  case .numeric(let numbers): return numbers.map { $0.isNaN ? -.infinity : Double($0) }
  case .categorical(let codes, let texts):
    let isDayFirst = DateReader.dayFirst(texts.map { ($0, 1) }).isDayFirst
    let reader = DateReader(isDayFirst: isDayFirst)
    var moments: [Double] = []
    for text in texts {
      guard let time = reader.read(text) else {
        throw .splitConflict(
          "column \(shown(column.name)) does not order the rows: \(quoted(text)) is not a date")
      }
      moments.append(time.seconds)
    }
    return codes.map { $0 >= 0 && Int($0) < moments.count ? moments[Int($0)] : -.infinity }
  }
}

/// The values of a column as numbers from 0, missing ones as one more value.
func valueIndices(_ column: Column) -> (indices: [Int], count: Int) {
  guard case .categorical(let codes, let categories) = column.asCategorical().values else { return ([], 0) }
  return (codes.map { $0 < 0 ? categories.count : Int($0) }, categories.count + 1)
}

// MARK: Strata

private func takeStrata(_ column: Column, order: [Int], test: Int, validation: Int, part: inout [Part]) {
  let (strata, count) = valueIndices(column)
  var sizes = [Int](repeating: 0, count: count)
  for stratum in strata { sizes[stratum] += 1 }
  var testQuota = quotas(of: test, sizes: sizes)
  var validationQuota = quotas(of: validation, sizes: zip(sizes, testQuota).map { $0 - $1 })
  for row in order {
    let stratum = strata[row]
    if testQuota[stratum] > 0 {
      testQuota[stratum] -= 1
      part[row] = .test
    } else if validationQuota[stratum] > 0 {
      validationQuota[stratum] -= 1
      part[row] = .validation
    }
  }
}

/// Shares `total` out in proportion to `sizes` by largest remainder; equal remainders go to the larger size,
/// then to the one that stands first.
func quotas(of total: Int, sizes: [Int]) -> [Int] {
  let sum = sizes.reduce(0, +)
  guard sum > 0, total >= 0, total <= sum else { return sizes.map { _ in 0 } }
  var result: [Int] = []
  var remainders: [UInt] = []
  for size in sizes {
    // size · total / sum, which is at most `size`, in full width.
    let product = UInt(size).multipliedFullWidth(by: UInt(total))
    let (quotient, remainder) = UInt(sum).dividingFullWidth(product)
    result.append(Int(quotient))
    remainders.append(remainder)
  }
  let left = total - result.reduce(0, +)
  let order = sizes.indices.sorted {
    if remainders[$0] != remainders[$1] { return remainders[$0] > remainders[$1] }
    return sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1
  }
  for index in order.prefix(left) { result[index] += 1 }
  return result
}

// MARK: Groups

private func takeGroups(
  _ column: Column, request: SplitRequest, order: [Int], test: Int, validation: Int, part: inout [Part]
) throws(DataError) {
  let (groups, count) = valueIndices(column)
  var rows = [[Int]](repeating: [], count: count)
  for (row, group) in groups.enumerated() { rows[group].append(row) }
  // Groups in the order in which their first row comes up.
  var isSeen = [Bool](repeating: false, count: count)
  var queue: [Int] = []
  for row in order where !isSeen[groups[row]] {
    isSeen[groups[row]] = true
    queue.append(groups[row])
  }
  var next = 0
  for (wanted, name) in [(test, Part.test), (validation, Part.validation)] {
    var taken = 0
    while taken < wanted, next < queue.count {
      for row in rows[queue[next]] { part[row] = name }
      taken += rows[queue[next]].count
      next += 1
    }
  }
  guard next < queue.count else {
    throw .splitConflict(
      "column \(shown(column.name)) has \(counted(queue.count, "group")), too few to leave one for training")
  }
}
