import NNData
import NNEngine
import Synchronization

/// Runs that ranks share: each run is made by one, or by a group of them where it is large and cut into shards, whoever is free; and all know in
/// the end what all have given.
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

  /// How many ranks make a run together: as many as can share every fit in it, where one fit fills a rank's cores.
  func groupSize(_ ranks: any Ranks) -> Int {
    guard isLarge else { return 1 }
    let shards = members.members.flatMap { $0.plan.fitStages }.map {
      $0.bound.arguments.integer("shards", or: 1)
    }
    var size = 1
    while ranks.count % (2 * size) == 0,
      shards.allSatisfy({ FitOptions.takes(shards: $0, ranks: 2 * size) })
    { size *= 2 }
    return shards.isEmpty ? 1 : size
  }

  /// The same, each run by a group of ranks, whose first one asks for it.
  func runDealt(to group: RankGroup, _ ranks: any Ranks) {
    let count = members.members.count
    let deal = ranks.deal(count) { bytes in self.take(bytes) }
    context.tables.whileApart {
      var done: [UInt8] = []
      while let index = group.next(from: deal, handingOver: done) {
        makeTogether(index, group)
        if group.rank == 0 { if ranks.rank == 0 { events?.end(index) } else { done = record(index) } }
      }
      deal.end()
      share(0..<count, ranks)
    }
  }

  /// Makes a run, or takes what was kept of it, as the first of the group finds.
  private func makeTogether(_ index: Int, _ group: RankGroup) {
    let member = members.members[index]
    let inside = experiment(of: member)
    func known() -> Runs.Run? { store?.known(member, from: inside, seed: seed(of: member)) }
    let found = group.broadcast(group.rank == 0 ? [begin(index) == nil ? 0 : known() == nil ? 1 : 2] : [])
    if found == [2], let known = known() { return adopt(index, known) }
    guard found == [1] else { return }
    // One that was asked to stop meanwhile says so to the others within the fit.
    let signal = begin(index) ?? StopSignal(within: context.stop)
    let (experiment, failure, seconds) = execute(
      index, from: inside, threads: pool.threads, signal, observer: events?.observer(of: index), by: group)
    finish(index, experiment, failure, seconds, start: inside, keeps: group.rank == 0)
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

extension RankGroup {
  /// The next run of a deal, which the first of the group asks for; nil when all are dealt.
  fileprivate func next(from deal: any RankDeal, handingOver done: [UInt8]) -> Int? {
    guard rank == 0 else {
      let bytes = broadcast([])
      return bytes.isEmpty ? nil : Int(String(decoding: bytes, as: UTF8.self))
    }
    let next = deal.next(handingOver: done)
    _ = broadcast(Array((next.map { "\($0)" } ?? "").utf8))
    return next
  }
}
