/// Where an experiment's weights come from, as far as the script's text does not say it: what was read, what was drawn, and
/// where a clock or a person ended a fit. A ``Seal`` writes it down.
struct Lineage: Sendable {
  /// What a fit outside of many runs took that its text may not say.
  struct Fit: Sendable, Equatable {
    var seed: UInt64
    /// Steps that it took, if nothing but a clock or a person ended it; else nil.
    var steps: Int?
  }

  /// Ends of fits that a second run would not come to by itself.
  static let cuts: Set<String> = ["budget", "interrupted"]

  /// The files and patterns that were read, as they were written, each once.
  private(set) var files: [String] = []
  /// The seed that the fits of a `sweep`, `folds` or `seeds` share, by its stage's place in the text.
  var draws: [Int: UInt64] = [:]
  /// By their numbers; of those that their text says all of, nothing is kept.
  var fits: [Int: Fit] = [:]
  /// Why no text gives these weights again, if none does.
  var unrepeatable: String?

  mutating func read(_ paths: [String?]) {
    for case let path? in paths {
      if path == "-" {
        unrepeatable = "standard input cannot be read again"
      } else if path.hasPrefix(TableStore.memoryPrefix) {
        unrepeatable = "`\(path)` is a table in memory"
      } else if !path.isEmpty, !files.contains(path) {
        files.append(path)
      }
    }
  }

  /// Takes down how a fit went.
  /// - Parameters:
  ///   - isOfMany: it is one of many runs, which are told apart by their settings and not by a number.
  ///   - saysSeed: its seed stands in the text.
  mutating func took(_ fit: Fit, fit number: Int, isOfMany: Bool, saysSeed: Bool) {
    if !isOfMany {
      if fit.steps != nil || !saysSeed { fits[number] = fit }
    } else if fit.steps != nil {
      unrepeatable = "a clock or a person ended a fit of the runs before it"
    }
  }
}
