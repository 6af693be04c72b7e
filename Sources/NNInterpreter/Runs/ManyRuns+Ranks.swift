import NNData
import NNEngine
import Synchronization

/// Runs that ranks share: each run is made by one, whoever is free, and all know in the end what all have given.
extension ManyRuns {
  func runDealt(_ ranks: any Ranks) {
    let count = members.members.count
    let deal = ranks.deal(count) { bytes in self.take(bytes) }
    context.tables.whileApart {
      let hands = isLarge ? 1 : min(count, pool.threads)
      pool.run(count: hands, isAlone: isLarge) { _, threads in
        var done: [UInt8] = []
        while let index = deal.next(handingOver: done) {
          self.make(index, threads: threads)
          if ranks.rank == 0 { self.events?.end(index) } else { done = self.record(index) }
        }
      }
      deal.end()
      share(0..<count, ranks)
    }
  }

  /// What a rank tells of a run that it has made.
  private func record(_ index: Int) -> [UInt8] {
    let value: JSONValue = .object([
      "run": .integer(index), "row": endedRow(index)?.kept,
      "failed": failedMember == index ? .bool(true) : nil,
    ])
    return Array(value.text().utf8)
  }

  /// Takes what another rank tells. - Returns: the run, if it failed there.
  @discardableResult
  private func take(_ bytes: [UInt8]) -> Int? {
    guard let json = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
      let index = json["run"]?.int, members.members.indices.contains(index)
    else { return nil }
    if endedRow(index) == nil, let row = json["row"].flatMap({ Runs.Run(kept: $0) }) {
      adopt(index, row)
      events?.end(index)
    }
    return json["failed"]?.bool == true ? index : nil
  }

  /// Makes what each rank knows of some runs known to all. A run that failed on one is made again by the others, so that all end with
  /// the same mistake.
  func share(_ runs: some Sequence<Int>, _ ranks: any Ranks) {
    let own = runs.filter { endedRow($0) != nil || failedMember == $0 }.map { index -> JSONValue in
      .string(String(decoding: record(index), as: UTF8.self))
    }
    var failed: [Int] = []
    for (rank, bytes) in ranks.gather(Array(JSONValue.array(own).text().utf8)).enumerated()
    where rank != ranks.rank {
      guard let list = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)).array else { continue }
      failed += list.compactMap { $0.string }.compactMap { take(Array($0.utf8)) }
    }
    guard let first = failed.min(), first < failedMember ?? .max else { return }
    make(first, threads: pool.threads)
  }
}
