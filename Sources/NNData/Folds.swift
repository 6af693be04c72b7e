import NNEngine

/// How rows are divided into folds, each of which is held out once.
public struct FoldRequest: Sendable {
  public enum Order: String, Sendable, Hashable, Codable {
    /// Drawn by the seed.
    case random
    /// As they lie: the first fold is the first rows.
    case file
    /// Each fold is held out behind all the rows that train for it, so that nothing is learned of a later time.
    case tail
  }

  public var count: Int
  public var order: Order
  /// A column whose values each fold gets in the same proportions. Missing ones count as a value.
  public var stratify: Column?
  /// A column whose equal values stay in one fold. Missing ones count as equal.
  public var by: Column?
  /// A column of numbers or dates by which rows are earlier or later, for `tail`.
  public var time: Column?
  /// How often all is done, each time with other draws.
  public var repeats: Int
  /// Rows left out between those that train and those held out, for `tail`.
  public var gap: Int
  public var seed: UInt64

  public init(
    count: Int, order: Order = .random, stratify: Column? = nil, by: Column? = nil, time: Column? = nil,
    repeats: Int = 1, gap: Int = 0, seed: UInt64 = 0
  ) {
    self.count = count
    self.order = order
    self.stratify = stratify
    self.by = by
    self.time = time
    self.repeats = repeats
    self.gap = gap
    self.seed = seed
  }
}

/// One fold's rows, ascending; by time in time's order.
public struct FoldRows: Sendable, Hashable {
  public var training: [Int]
  public var heldOut: [Int]

  public init(training: [Int], heldOut: [Int]) {
    self.training = training
    self.heldOut = heldOut
  }
}

/// Rows in folds, worked out once; the rows of each are made when they are asked for, since many folds of many rows would
/// fill the memory.
public struct Folds: Sendable {
  private let rows: [Int]
  private let count: Int
  /// The fold of each of `rows`, once for each repetition.
  private var places: [[Int32]] = []
  /// By time: the ends of the rows that train, and where the held-out ones begin and end.
  private var cuts: [(training: Int, first: Int, end: Int)] = []

  /// Repetitions times folds.
  public var total: Int { cuts.isEmpty ? places.count * count : cuts.count }

  /// - Parameter index: from 0, the folds of the first repetition first.
  public subscript(index: Int) -> FoldRows {
    if cuts.indices.contains(index) {
      let cut = cuts[index]
      return FoldRows(training: Array(rows[..<cut.training]), heldOut: Array(rows[cut.first..<cut.end]))
    }
    guard places.indices.contains(index / count) else { return FoldRows(training: rows, heldOut: []) }
    let fold = Int32(index % count)
    var result = FoldRows(training: [], heldOut: [])
    result.training.reserveCapacity(rows.count)
    for (row, place) in zip(rows, places[index / count]) {
      if place == fold { result.heldOut.append(row) } else { result.training.append(row) }
    }
    return result
  }

  /// Divides rows of a table, as scikit-learn's `KFold`, `StratifiedKFold`, `GroupKFold` and `TimeSeriesSplit` do in their
  /// properties: sizes differ by at most one (of groups: as little as whole groups allow, largest first); so does every
  /// value's share of `stratify`; a group is in one fold; by time a fold of n / (k + 1) rows comes behind all that train for it.
  ///
  /// - Parameters:
  ///   - rows: which of the table's, ascending; nil for all.
  /// - Throws: ``DataError`` where there are fewer rows, groups or rows of each value than folds.
  public init(rowCount: Int, rows: [Int]? = nil, request: FoldRequest) throws(DataError) {
    var rows = rows ?? Array(0..<rowCount)
    count = request.count
    guard request.count >= 2 else { throw .splitConflict("there are at least two folds") }
    guard rows.count >= request.count + (request.order == .tail ? 1 : 0) else {
      throw .splitConflict("\(counted(request.count, "fold")) need more than \(counted(rows.count, "row"))")
    }
    for column in [request.stratify, request.by, request.time] {
      guard let column, column.count != rowCount else { continue }
      throw .splitColumnLength(column: column.name, found: column.count, expected: rowCount)
    }
    if request.order == .tail {
      if let time = request.time {
        let times = try moments(of: time)
        rows.sort { times[$0] != times[$1] ? times[$0] < times[$1] : $0 < $1 }
      }
      self.rows = rows
      try cutByTime(request)
      return
    }
    self.rows = rows
    for repetition in 0..<max(request.repeats, 1) {
      // Places in `rows`, in the order in which they are given away.
      let order =
        request.order == .random
        ? Philox.permutation(count: rows.count, seed: request.seed, purpose: "folds", round: repetition)
        : Array(rows.indices)
      if let column = request.by {
        places.append(try groups(column, order, request))
      } else if let column = request.stratify {
        places.append(try strata(column, order, request))
      } else {
        places.append(plain(order))
      }
    }
  }

  private mutating func cutByTime(_ request: FoldRequest) throws(DataError) {
    let size = rows.count / (count + 1)
    for fold in 0..<count {
      let first = rows.count - (count - fold) * size
      let training = first - request.gap
      guard training > 0 else {
        throw .splitConflict(
          "a gap of \(counted(request.gap, "row")) leaves none to train on before the first of \(count) folds"
        )
      }
      cuts.append((training, first, first + size))
    }
  }

  /// Folds of the same size, the first ones a row larger where it does not come out even.
  private func plain(_ order: [Int]) -> [Int32] {
    var places = [Int32](repeating: 0, count: order.count)
    let (size, larger) = order.count.quotientAndRemainder(dividingBy: count)
    var next = 0
    for fold in 0..<count {
      for _ in 0..<size + (fold < larger ? 1 : 0) {
        places[order[next]] = Int32(clamping: fold)
        next += 1
      }
    }
    return places
  }

  private func strata(
    _ column: Column, _ order: [Int], _ request: FoldRequest
  ) throws(DataError) -> [Int32] {
    let (values, valueCount) = valueIndices(column)
    var sizes = [Int](repeating: 0, count: valueCount)
    for row in rows { sizes[values[row]] += 1 }
    guard let most = sizes.max(), most >= count else {
      throw .splitConflict(
        "column \(shown(column.name)) has no value with \(counted(count, "row")), so \(count) folds cannot each have their share"
      )
    }
    // Of rows sorted by value every count-th belongs to a fold, so that both a fold's size and its share of every value
    // are even.
    var quotas = [[Int]](repeating: [Int](repeating: 0, count: count), count: valueCount)
    var position = 0
    for value in 0..<valueCount {
      for _ in 0..<sizes[value] {
        quotas[value][position % count] += 1
        position += 1
      }
    }
    var places = [Int32](repeating: 0, count: rows.count)
    var current = [Int](repeating: 0, count: valueCount)
    for place in order {
      let value = values[rows[place]]
      while quotas[value][current[value]] == 0 { current[value] += 1 }
      quotas[value][current[value]] -= 1
      places[place] = Int32(clamping: current[value])
    }
    return places
  }

  /// The largest group goes to the fold that has fewest rows, then the next; of equal ones, by the order.
  private func groups(
    _ column: Column, _ order: [Int], _ request: FoldRequest
  ) throws(DataError) -> [Int32] {
    let (values, valueCount) = valueIndices(column)
    var sizes = [Int](repeating: 0, count: valueCount)
    var queue: [Int] = []
    for place in order {
      let value = values[rows[place]]
      if sizes[value] == 0 { queue.append(value) }
      sizes[value] += 1
    }
    guard queue.count >= count else {
      throw .splitConflict(
        "column \(shown(column.name)) has \(counted(queue.count, "group")), too few for \(count) folds")
    }
    let sorted = queue.enumerated().sorted {
      sizes[$0.element] != sizes[$1.element]
        ? sizes[$0.element] > sizes[$1.element] : $0.offset < $1.offset
    }
    var loads = [Int](repeating: 0, count: count)
    var foldOf = [Int](repeating: 0, count: valueCount)
    for (_, group) in sorted {
      var lightest = 0
      for fold in 1..<count where loads[fold] < loads[lightest] { lightest = fold }
      foldOf[group] = lightest
      loads[lightest] += sizes[group]
    }
    return rows.map { Int32(clamping: foldOf[values[$0]]) }
  }
}
