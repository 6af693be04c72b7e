import NNEngine

extension Ranks {
  /// Rank 0's number, on all.
  func fromFirst(_ number: UInt64) -> UInt64 {
    let bytes = broadcast(withUnsafeBytes(of: number.littleEndian) { Array($0) })
    return bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
  }
}
