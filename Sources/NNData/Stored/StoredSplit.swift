import NNEngine

/// The parts of a stored table. Which part a row is in is worked out anew for each block, so that memory does not grow with
/// the rows.
///
/// A row is drawn in the table's order: it goes to the test with the chance of (rows the test still wants) / (rows still to
/// come), else to the validation with its own; so each part gets exactly its rows (Knuth's algorithm S). With strata, each
/// counts for itself.
public struct StoredSplit: Sendable {
  public enum Part: UInt8, Sendable {
    case training, validation, test
  }

  private enum Rule: Sendable {
    /// The part of each category of a column; the last is that of missing cells.
    case groups(column: String, codes: CellCodes, parts: [Part])
    /// The first row of the validation, and of the test.
    case tail(validation: Int, test: Int)
    case drawn(seed: UInt64, strata: Strata?)
  }

  private struct Strata: Sendable {
    var column: String
    var codes: CellCodes
  }

  /// What a stratum still has at a place in the table.
  private struct Left: Sendable {
    var rows: Int
    var test: Int
    var validation: Int
  }

  /// The request in words.
  let description: String
  private let table: StoredTable
  private let rule: Rule
  /// For each block, what each stratum has left at its start; only where rows are drawn.
  private var left: [[Left]] = []
  /// For each block, its rows in each part.
  private(set) var counts: [[Int]] = []

  /// - Throws: ``DataError`` where a share is none, or nothing is left for training, or the request is one for a table in memory.
  public init(_ table: StoredTable, request: SplitRequest) throws(DataError) {
    self.table = table
    description =
      "\(request.test) \(request.validation) \(request.order.rawValue) \(request.stratify?.name ?? "") \(request.by?.name ?? "") \(request.seed)"
    let test = try request.test.resolved(of: table.rowCount, name: "test")
    let validation = try request.validation.resolved(of: table.rowCount, name: "validation")
    let (asked, overflow) = test.addingReportingOverflow(validation)
    guard !overflow, asked < table.rowCount else {
      throw .splitTooLarge(rows: table.rowCount, test: test, validation: validation)
    }
    if request.stratify != nil, request.by != nil {
      throw .splitConflict("a split cannot both stratify and keep groups together")
    }
    if request.stratify != nil, request.order == .tail {
      throw .splitConflict("a split that takes the last rows cannot stratify")
    }
    if request.time != nil {
      throw .splitConflict(
        "a table that streams cannot be split by a column of times; put its rows in their order, and `order=tail` takes the last ones"
      )
    }
    if let by = request.by {
      rule = try Self.groups(table, by, request: request, test: test, validation: validation)
    } else if request.order == .tail {
      rule = .tail(validation: table.rowCount - asked, test: table.rowCount - test)
    } else {
      let strata = try request.stratify.map { (column) throws(DataError) in
        Strata(column: column.name, codes: try CellCodes(column))
      }
      rule = .drawn(seed: request.seed, strata: strata)
      left = [try Self.quotas(table, strata, test: test, validation: validation)]
    }
    for block in 0..<table.blockCount {
      var counts = [0, 0, 0]
      for part in try parts(of: block, next: { left.append($0) }) { counts[Int(part.rawValue)] += 1 }
      self.counts.append(counts)
    }
  }

  /// The part of each row of a block.
  func parts(of block: Int) throws(DataError) -> [Part] { try parts(of: block) { _ in } }

  private func parts(of block: Int, next: ([Left]) -> Void) throws(DataError) -> [Part] {
    let rows = table.rows(of: block)
    switch rule {
    case .tail(let validation, let test):
      return rows.map { $0 >= test ? .test : $0 >= validation ? .validation : .training }
    case .groups(let column, let codes, let parts):
      return try table.cells(column, block: block).map { parts[codes.place(of: $0)] }
    case .drawn(let seed, let strata):
      var left = self.left[block]
      let generator = Philox(seed: seed, purpose: "split")
      let cells = try strata.map { (strata) throws(DataError) in try table.cells(strata.column, block: block)
      }
      var draws: (UInt64, UInt64) = (0, 0)
      var parts: [Part] = []
      parts.reserveCapacity(rows.count)
      for row in rows {
        if row & 1 == 0 || row == rows.lowerBound { draws = generator.pair(UInt64(row >> 1), 0, 0) }
        let bits = row & 1 == 0 ? draws.0 : draws.1
        var stratum = 0
        if let strata, let cells { stratum = strata.codes.place(of: cells[row - rows.lowerBound]) }
        let draw = Philox.below(left[stratum].rows, bits)
        if draw < left[stratum].test {
          left[stratum].test -= 1
          parts.append(.test)
        } else if draw < left[stratum].test + left[stratum].validation {
          left[stratum].validation -= 1
          parts.append(.validation)
        } else {
          parts.append(.training)
        }
        left[stratum].rows -= 1
      }
      next(left)
      return parts
    }
  }

  private static func quotas(
    _ table: StoredTable, _ strata: Strata?, test: Int, validation: Int
  ) throws(DataError) -> [Left] {
    var sizes = [table.rowCount]
    if let strata { sizes = try table.sizes(of: strata.codes, column: strata.column) }
    let tests = NNData.quotas(of: test, sizes: sizes)
    let validations = NNData.quotas(of: validation, sizes: zip(sizes, tests).map { $0 - $1 })
    return sizes.indices.map { Left(rows: sizes[$0], test: tests[$0], validation: validations[$0]) }
  }

  /// Whole groups, in an order that the seed draws, until a part has at least its rows.
  private static func groups(
    _ table: StoredTable, _ column: Column, request: SplitRequest, test: Int, validation: Int
  ) throws(DataError) -> Rule {
    let codes = try CellCodes(column)
    let sizes = try table.sizes(of: codes, column: column.name)
    var queue = sizes.indices.filter { sizes[$0] > 0 }
    switch request.order {
    case .random:
      let order = Shuffling.permutation(count: queue.count, seed: request.seed, purpose: .split)
      queue = order.map { queue[$0] }
    case .tail: queue.reverse()
    }
    var parts = [Part](repeating: .training, count: sizes.count)
    var next = 0
    for (wanted, part) in [(test, Part.test), (validation, Part.validation)] {
      var taken = 0
      while taken < wanted, next < queue.count {
        parts[queue[next]] = part
        taken += sizes[queue[next]]
        next += 1
      }
    }
    guard next < queue.count else {
      throw .splitConflict(
        "column \(shown(column.name)) has \(counted(queue.count, "group")), too few to leave one for training"
      )
    }
    return .groups(column: column.name, codes: codes, parts: parts)
  }
}

/// Numbers the categories of a stored column, numbers among them; missing cells are one more.
struct CellCodes: Sendable {
  /// nil where the cells are category numbers already.
  private var ofNumber: [Float: Int]?
  /// The place of missing cells.
  let missing: Int

  /// - Throws: ``DataError/preparationMismatch(_:)`` where there are more different numbers than are told apart.
  init(_ column: Column) throws(DataError) {
    switch column.values {
    case .categorical(_, let categories): missing = categories.count
    case .numeric:
      guard let distinct = column.facts?.distinct else {
        throw .preparationMismatch(
          "column \(shown(column.name)) holds more than \(ColumnFacts.mostDistinct) different numbers, too many for categories of a table that streams"
        )
      }
      var codes: [Float: Int] = [:]
      for (code, number) in distinct.enumerated() { codes[number] = code }
      ofNumber = codes
      missing = distinct.count
    }
  }

  func place(of bits: UInt32) -> Int {
    guard let ofNumber else {
      let code = Int(Int32(bitPattern: bits))
      return code >= 0 && code < missing ? code : missing
    }
    return ofNumber[Float(bitPattern: bits)] ?? missing
  }
}

extension StoredTable {
  /// How many rows each category has, missing cells last.
  fileprivate func sizes(of codes: CellCodes, column: String) throws(DataError) -> [Int] {
    var sizes = [Int](repeating: 0, count: codes.missing + 1)
    for block in 0..<blockCount {
      for bits in try cells(column, block: block) { sizes[codes.place(of: bits)] += 1 }
    }
    return sizes
  }
}
