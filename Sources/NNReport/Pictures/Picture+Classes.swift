/// What a classifier said of some rows.
public struct ClassOutcomes: Sendable, Equatable {
  public var classes: [String]
  /// The true class of each row, as a place among the classes.
  public var truth: [Int]
  /// `[row × class]`: probabilities, or margins.
  public var scores: [Float]
  /// The scores are margins, above 0 for a class, rather than probabilities.
  public var areMargins: Bool

  public init(classes: [String], truth: [Int], scores: [Float], areMargins: Bool = false) {
    self.classes = classes
    self.scores = scores
    self.areMargins = areMargins
    let rows = classes.isEmpty ? 0 : min(truth.count, scores.count / classes.count)
    self.truth = Array(truth.prefix(rows))
  }

  public var rows: Int { truth.count }

  public func scores(of index: Int) -> [Float] {
    guard classes.indices.contains(index) else { return [] }
    return (0..<rows).map { scores[$0 * classes.count + index] }
  }

  public func score(_ row: Int, _ index: Int) -> Float {
    let place = row * classes.count + index
    return scores.indices.contains(place) ? scores[place] : .nan
  }

  /// The class with the greatest score; of equal ones the first.
  func winner(_ row: Int) -> Int {
    classes.indices.reduce(0) { score(row, $1) > score(row, $0) ? $1 : $0 }
  }
}

extension Picture {
  /// How sure the model is, and of what: of two classes, the rows of each by the probability of the second; of more, all rows by
  /// the probability of their true class.
  public static func probabilities(_ outcomes: ClassOutcomes, target: String, subtitle: String) -> Picture {
    let what = outcomes.areMargins ? "margin" : "probability"
    let panel: Panel
    let text: String
    if outcomes.classes.count == 2 {
      let scores = outcomes.scores(of: 1).map(Double.init)
      let bins = binning(scores, outcomes.areMargins)
      let marks = outcomes.classes.indices.map { index -> Chart.Mark in
        let own = scores.indices.filter { outcomes.truth[$0] == index }.map { scores[$0] }
        return .histogram(
          Chart.Histogram(
            "\(target) \(outcomes.classes[index])", edges: bins.edges, counts: bins.counts(own), slot: index))
      }
      panel = Panel(
        "",
        .chart(
          Chart(
            x: ChartAxis("\(what) of \(outcomes.classes[1])"), y: ChartAxis("rows", isCount: true),
            marks: marks)))
      text =
        "Two histograms of the predicted \(what) of \(outcomes.classes[1]), one for the rows of each true class."
    } else {
      let scores = (0..<outcomes.rows).map { Double(outcomes.score($0, outcomes.truth[$0])) }
      let bins = binning(scores, outcomes.areMargins)
      panel = Panel(
        "",
        .chart(
          Chart(
            x: ChartAxis("\(what) of the true class"), y: ChartAxis("rows", isCount: true),
            marks: [.histogram(Chart.Histogram("", edges: bins.edges, counts: bins.counts(scores)))])))
      text = "A histogram of the \(what) that each row's true class was given."
    }
    let hits = (0..<outcomes.rows).count { outcomes.winner($0) == outcomes.truth[$0] }
    let share =
      outcomes.rows == 0
      ? ""
      : " The most probable class is right in \(formatCount(hits)) of \(formatCount(outcomes.rows)) rows."
    return Picture(
      title: "predictions of \(target)", subtitle: subtitle, panels: outcomes.rows == 0 ? some([]) : [panel],
      description: text + share)
  }

  private static func binning(_ scores: [Double], _ areMargins: Bool) -> Binning {
    areMargins ? Binning(around: scores) : Binning(edges: (0...20).map { Double($0) / 20 })
  }

  /// Classes that a matrix shows one by one; those with fewer rows are taken together.
  private static let mostClasses = 24

  /// Which classes are taken for which.
  ///
  /// - Parameters:
  ///   - counts: `[true × predicted]`.
  ///   - isShare: what the cells say: shares of their true class rather than rows.
  public static func confusion(
    classes: [String], counts: [Int], shares: ((_ truth: Int, _ said: Int) -> Double?)? = nil,
    shareOf: String = "", target: String, subtitle: String
  ) -> Picture {
    let size = classes.count
    guard size > 0, counts.count == size * size else {
      return Picture(title: "confusion matrix", panels: some([]), description: "No rows.")
    }
    let support = (0..<size).map { row in (0..<size).reduce(0) { $0 + counts[row * size + $1] } }
    let total = support.reduce(0, +)
    let hits = (0..<size).reduce(0) { $0 + counts[$1 * size + $1] }
    var shown = Array(0..<size)
    var names = classes
    if size > mostClasses {
      // Those that most rows are of, in their order.
      shown = (0..<size).sorted { (support[$1], $0) < (support[$0], $1) }.prefix(mostClasses - 1).sorted()
      names = shown.map { classes[$0] } + ["\(formatCount(size - shown.count)) others"]
    }
    let isWhole = size <= mostClasses
    let cells = isWhole ? counts : Self.gathered(counts, size, shown)
    let width = names.count
    let rowSums = (0..<width).map { row in (0..<width).reduce(0) { $0 + cells[row * width + $1] } }
    var shades: [Double] = []
    var texts: [String] = []
    for row in 0..<width {
      for column in 0..<width {
        let count = cells[row * width + column]
        let share = rowSums[row] == 0 ? 0 : Double(count) / Double(rowSums[row])
        shades.append(share)
        if let shares, isWhole {
          texts.append(shares(row, column).map(formatShare) ?? "–")
        } else {
          texts.append(formatCount(count))
        }
      }
    }
    let grid = CellGrid(
      rowTitle: "true \(target)", columnTitle: "predicted \(target)", rows: names, columns: names,
      shades: shades, texts: texts,
      key: (shares != nil && isWhole ? "Numbers are \(shareOf)" : "Numbers are rows")
        + "; the stronger a cell, the larger its share of its true class.")
    return Picture(
      title: "confusion matrix", subtitle: subtitle, panels: [Panel("", .grid(grid))],
      description: describeConfusion(classes, counts, hits: hits, total: total))
  }

  /// The same matrix with all other classes taken together behind those that are shown.
  private static func gathered(_ counts: [Int], _ size: Int, _ shown: [Int]) -> [Int] {
    let width = shown.count + 1
    var place = [Int](repeating: shown.count, count: size)
    for (index, old) in shown.enumerated() { place[old] = index }
    var cells = [Int](repeating: 0, count: width * width)
    for row in 0..<size {
      for column in 0..<size { cells[place[row] * width + place[column]] += counts[row * size + column] }
    }
    return cells
  }

  private static func describeConfusion(_ classes: [String], _ counts: [Int], hits: Int, total: Int) -> String
  {
    let size = classes.count
    var wrong: [(count: Int, place: Int)] = []
    for place in counts.indices where place / size != place % size && counts[place] > 0 {
      wrong.append((counts[place], place))
    }
    wrong.sort { ($1.count, $0.place) < ($0.count, $1.place) }
    let worst = wrong.prefix(3).map {
      "\(classes[$0.place / size]) taken for \(classes[$0.place % size]) \(formatCount($0.count)) times"
    }
    let mistakes = worst.isEmpty ? "" : " Most often: \(worst.joined(separator: ", "))."
    return
      "Confusion matrix: \(formatCount(hits)) of \(formatCount(total)) rows on the diagonal, which are right."
      + mistakes
  }
}
