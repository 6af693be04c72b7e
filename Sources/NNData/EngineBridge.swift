import NNEngine

/// What is drawn here, so that no two draws share their numbers.
enum Shuffling {
  enum Purpose: String {
    case split, sample
  }

  /// The numbers 0 ..< `count` in an order that the seed and the purpose alone decide.
  static func permutation(count: Int, seed: UInt64, purpose: Purpose) -> [Int] {
    Philox.permutation(count: count, seed: seed, purpose: purpose.rawValue)
  }
}

/// Some of a table's rows, drawn without putting back, ascending; all of them where there are no more.
public func sampleRows(_ share: Share, of rowCount: Int, seed: UInt64) -> [Int] {
  guard let count = try? share.resolved(of: rowCount, name: "rows"), count < rowCount else {
    return Array(0..<max(rowCount, 0))
  }
  return Shuffling.permutation(count: rowCount, seed: seed, purpose: .sample).prefix(max(count, 0)).sorted()
}
