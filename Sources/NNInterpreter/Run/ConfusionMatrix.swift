import NNReport

/// How often each class was taken for each.
struct ConfusionMatrix: Sendable {
  /// What a cell is a share of.
  enum Shares: String, Sendable, CaseIterable {
    case none
    /// Of the rows of its true class.
    case ofTrue = "true"
    /// Of the rows predicted so.
    case ofPredicted = "pred"
    case ofAll = "all"
  }

  let classes: [String]
  /// [true × predicted].
  private(set) var counts: [Int]

  init(classes: [String]) {
    self.classes = classes
    counts = [Int](repeating: 0, count: classes.count * classes.count)
  }

  mutating func add(truth: Int, said: Int) {
    guard classes.indices.contains(truth), classes.indices.contains(said) else { return }
    counts[truth * classes.count + said] += 1
  }

  func count(truth: Int, said: Int) -> Int { counts[truth * classes.count + said] }
  /// How often a class occurs.
  func support(_ index: Int) -> Int { classes.indices.reduce(0) { $0 + count(truth: index, said: $1) } }
  /// How often a class was predicted.
  func answers(_ index: Int) -> Int { classes.indices.reduce(0) { $0 + count(truth: $1, said: index) } }
  var total: Int { counts.reduce(0, +) }
  var hits: Int { classes.indices.reduce(0) { $0 + count(truth: $1, said: $1) } }

  /// The matrix, then each class's precision, recall and f1, then the accuracy. What is nothing of nothing is `–`.
  func text(_ shares: Shares, _ options: RunOptions) -> String {
    let matrix = TextTable(
      headers: [""] + classes,
      rows: classes.indices.map { truth in
        [classes[truth]] + classes.indices.map { cell(truth, $0, shares) }
      },
      alignments: [.left] + classes.map { _ in .right }, isColored: options.usesColor)
    let scores = TextTable(
      headers: ["", "precision", "recall", "f1", "support"],
      rows: classes.indices.map { index in
        let hits = count(truth: index, said: index)
        return [
          classes[index], ratio(hits, answers(index)), ratio(hits, support(index)),
          ratio(2 * hits, answers(index) + support(index)), formatCount(support(index)),
        ]
      },
      alignments: [.left, .right, .right, .right, .right], isColored: options.usesColor)
    return [
      matrix.render(maxWidth: options.width), scores.render(maxWidth: options.width),
      "accuracy \(ratio(hits, total))",
    ].joined(separator: "\n\n")
  }

  private func cell(_ truth: Int, _ said: Int, _ shares: Shares) -> String {
    let count = count(truth: truth, said: said)
    switch shares {
    case .none: return formatCount(count)
    case .ofTrue: return ratio(count, support(truth))
    case .ofPredicted: return ratio(count, answers(said))
    case .ofAll: return ratio(count, total)
    }
  }

  private func ratio(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "–" : formatShare(Double(part) / Double(whole))
  }
}
