/// Finds the name that was meant.
public enum Spelling {
  /// The candidate that `word` is most likely a misspelling of; nil if none is near. One that differs only in case
  /// comes first; otherwise at most a third of the word's letters may be wrong, one at least, and none in a word of one
  /// letter. Of several equally near ones the first is taken.
  public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    ranked(word, candidates).first
  }

  /// The nearest candidates, best first, at most `limit`.
  public static func nearest(
    to word: String, in candidates: some Sequence<String>, limit: Int
  ) -> [String] {
    Array(ranked(word, candidates).prefix(max(0, limit)))
  }

  private static func ranked(_ word: String, _ candidates: some Sequence<String>) -> [String] {
    let letters = Array(word.lowercased())
    // Nobody misspells a name of a thousand letters, and the table of distances would be a million cells.
    guard !letters.isEmpty, letters.count <= 64 else { return [] }
    let allowed = letters.count == 1 ? 0 : max(1, (letters.count + 1) / 3)
    var found: [(name: String, distance: Int, order: Int)] = []
    for (order, candidate) in candidates.enumerated() where candidate != word {
      let other = Array(candidate.lowercased())
      guard abs(other.count - letters.count) <= allowed, other.count <= 128 else { continue }
      let distance = distance(letters, other)
      if distance <= allowed {
        found.append((candidate, distance, order))
      }
    }
    return found.sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }.map(\.name)
  }

  /// How many insertions, deletions, replacements and swaps of neighbours turn one text into the other
  /// (Damerau–Levenshtein in the form of optimal string alignment).
  public static func distance(_ first: String, _ second: String) -> Int {
    distance(Array(first), Array(second))
  }

  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in 1...first.count {
      var current = [row]
      for column in 1...second.count {
        let isSame = first[row - 1] == second[column - 1]
        var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[second.count]
  }
}
