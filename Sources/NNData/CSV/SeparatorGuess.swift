/// Tells what separates a file's cells, from the rows at its start.
///
/// The first of tab, semicolon, bar and comma that each of these rows has the same number of, at least one; a comma comes
/// last since it stands in decimals and sentences, too. Where none is in every row alike, as below lines of a
/// title, the one that most rows agree in; else a comma.
struct SeparatorGuess {
  static let candidates: [UInt8] = Array("\t;|,".utf8)
  private static let rows = 1000

  /// - Parameters:
  ///   - isWhole: whether the last row ends where `text` does.
  ///   - excluded: a byte that has another meaning.
  static func separator(of text: UnsafeBufferPointer<UInt8>, isWhole: Bool, excluded: UInt8, quote: UInt8)
    -> UInt8
  {
    var best: (byte: UInt8, share: Double) = (UInt8(ascii: ","), 0.5)
    for candidate in candidates where candidate != excluded {
      let counts = self.counts(of: candidate, in: text, isWhole: isWhole, quote: quote)
      guard let first = counts.first else { continue }
      if first > 0, counts.allSatisfy({ $0 == first }) { return candidate }
      var votes: [Int: Int] = [:]
      for count in counts where count > 0 { votes[count, default: 0] += 1 }
      let share = Double(votes.values.max() ?? 0) / Double(counts.count)
      if share > best.share || (share == best.share && candidate == UInt8(ascii: ",")) {
        best = (candidate, share)
      }
    }
    return best.byte
  }

  /// How often a byte stands outside quotes in each of the first rows that are not empty.
  private static func counts(
    of separator: UInt8, in text: UnsafeBufferPointer<UInt8>, isWhole: Bool, quote: UInt8
  ) -> [Int] {
    var counts: [Int] = []
    var count = 0
    var isQuoted = false
    var isCellStart = true
    var isEmpty = true
    for byte in text {
      switch byte {
      case quote:
        // A doubled quote closes and opens again.
        if isQuoted || isCellStart { isQuoted.toggle() }
        isCellStart = isCellStart || isQuoted == false
        isEmpty = false
      case UInt8(ascii: "\n") where !isQuoted, UInt8(ascii: "\r") where !isQuoted:
        if !isEmpty { counts.append(count) }
        if counts.count == rows { return counts }
        count = 0
        isEmpty = true
        isCellStart = true
      case separator where !isQuoted:
        count += 1
        isCellStart = true
        isEmpty = false
      case UInt8(ascii: " "):
        break
      default:
        isEmpty = false
        if !isQuoted { isCellStart = false }
      }
    }
    if !isEmpty, isWhole || counts.isEmpty { counts.append(count) }
    return counts
  }
}
