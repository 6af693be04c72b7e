/// The rows of a window among ranks: each reads a part of them, and gives every rank the rows of its shards.
struct SharedWindow {
  /// Rows of the window.
  let rows: Int
  let batchSize: Int
  let cut: ShardCut
  let ranks: any Ranks

  /// The rows of the window that a rank reads.
  func part(_ rank: Int) -> Range<Int> { rows * rank / ranks.count..<rows * (rank + 1) / ranks.count }

  /// The rank that reads a row.
  private func reader(of row: Int) -> Int {
    // The floor's inverse is at most one off.
    var rank = min(row * ranks.count / max(rows, 1), ranks.count - 1)
    while row >= part(rank).upperBound { rank += 1 }
    while row < part(rank).lowerBound { rank -= 1 }
    return rank
  }

  /// Rows of the batch that begins at a place, before the rows of a rank's shards.
  private func rowsBefore(_ rank: Int, ofBatch count: Int) -> Int {
    count * (cut.shards / ranks.count * rank) / cut.shards
  }

  /// A rank's rows of a whole batch.
  private func share(_ rank: Int, of count: Int) -> Int {
    rowsBefore(rank + 1, ofBatch: count) - rowsBefore(rank, ofBatch: count)
  }

  /// Where this rank's rows of a batch are among its rows of the window.
  /// - Parameter start: where the batch begins in the window.
  func place(ofBatchAt start: Int) -> Int { start / batchSize * share(ranks.rank, of: batchSize) }

  /// Gives every rank its rows in the window's order.
  ///
  /// - Parameters:
  ///   - read: this rank's part.
  ///   - order: for each place in the window the row that comes there.
  func deal(_ read: Dataset, order: UnsafePointer<UInt32>) -> Dataset {
    let (features, targets) = (read.features.columns, read.targets.columns)
    let width = features + targets + (read.weights == nil ? 0 : 1)
    let own = part(ranks.rank)
    var sent = [[Float]](repeating: [], count: ranks.count)
    for rank in 0..<ranks.count { sent[rank].reserveCapacity(own.count / ranks.count * width) }
    // From which rank each of this rank's rows comes, in order.
    var sources: [UInt32] = []
    var batch = 0
    while batch < rows {
      let count = min(batchSize, rows - batch)
      for rank in 0..<ranks.count {
        for offset in rowsBefore(rank, ofBatch: count)..<rowsBefore(rank + 1, ofBatch: count) {
          let row = Int(order[batch + offset])
          if rank == ranks.rank { sources.append(UInt32(truncatingIfNeeded: reader(of: row))) }
          guard own.contains(row) else { continue }
          let at = row - own.lowerBound
          sent[rank] += read.features.values[at * features..<(at + 1) * features]
          sent[rank] += read.targets.values[at * targets..<(at + 1) * targets]
          if let weights = read.weights { sent[rank].append(weights[at]) }
        }
      }
      batch += count
    }
    let received = ranks.exchangeAll(sent.map { $0.withUnsafeBytes { Array($0) } }).map(Self.floats)
    var next = [Int](repeating: 0, count: ranks.count)
    var result = Dataset(
      features: Matrix(rows: sources.count, columns: features, values: []),
      targets: Matrix(rows: sources.count, columns: targets, values: []),
      weights: read.weights.map { _ in [] },
      units: read.units)
    result.features.values.reserveCapacity(sources.count * features)
    for source in sources.map({ Int($0) }) {
      let values = received[source]
      let start = next[source]
      next[source] += width
      // A rank that sent less than it should has another order: no row is taken for another.
      guard next[source] <= values.count else { return .none }
      result.features.values += values[start..<start + features]
      result.targets.values += values[start + features..<start + features + targets]
      if read.weights != nil { result.weights?.append(values[start + width - 1]) }
    }
    return result
  }

  private static func floats(_ bytes: [UInt8]) -> [Float] {
    // An array of none is one and the same for all threads, and must not be written to.
    guard !bytes.isEmpty else { return [] }
    return [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, filled in
      filled = bytes.count / 4
      bytes.withUnsafeBytes { from in
        // SAFETY: as many floats are copied as whole ones came.
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: from[0..<filled * 4]))
      }
    }
  }
}

extension [Range<Int>] {
  /// Some of the numbers in these ranges, one range behind the other.
  func part(_ part: Range<Int>) -> [Range<Int>] {
    var before = 0
    return compactMap { range in
      defer { before += range.count }
      let first = Swift.max(part.lowerBound - before, 0)
      let end = Swift.min(part.upperBound - before, range.count)
      return first < end ? range.lowerBound + first..<range.lowerBound + end : nil
    }
  }
}
