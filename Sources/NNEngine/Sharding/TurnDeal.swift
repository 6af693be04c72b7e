import Synchronization

/// Deals numbers by turns, and hands over what was done at the end: for few ranks.
final class TurnDeal: RankDeal {
  private let ranks: any Ranks
  private let count: Int
  private let taking: @Sendable ([UInt8]) -> Void
  private let state: Mutex<(next: Int, results: [[UInt8]])>

  init(_ ranks: any Ranks, count: Int, taking: @escaping @Sendable ([UInt8]) -> Void) {
    self.ranks = ranks
    self.count = count
    self.taking = taking
    state = Mutex((ranks.rank, []))
  }

  func next(handingOver result: [UInt8]) -> Int? {
    state.withLock { state in
      if !result.isEmpty { state.results.append(result) }
      guard state.next < count else { return nil }
      defer { state.next += ranks.count }
      return state.next
    }
  }

  func end() {
    let results = state.withLock { $0.results }
    let counts = ranks.gather(results.map { _ in 1 }).map(\.count)
    for place in 0..<(counts.max() ?? 0) {
      for result in ranks.gather(place < results.count ? results[place] : [])
      where !result.isEmpty && ranks.rank == 0 {
        taking(result)
      }
    }
  }
}
