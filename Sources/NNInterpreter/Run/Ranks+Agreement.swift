import NNEngine

extension Ranks {
  /// Rank 0's number, on all.
  func fromFirst(_ number: UInt64) -> UInt64 {
    let bytes = broadcast(withUnsafeBytes(of: number.littleEndian) { Array($0) })
    return bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
  }
}

extension (any Ranks)? {
  /// Does something on rank 0, then on the others, and goes on when all have done it; without ranks just does it.
  func inTurn<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard let ranks = self else { return try body() }
    if ranks.rank > 0 { ranks.barrier() }
    defer {
      if ranks.rank == 0 { ranks.barrier() }
      ranks.barrier()
    }
    return try body()
  }
}
