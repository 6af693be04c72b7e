import NNEngine
import NNReport

/// Experiments side by side.
///
/// Two of them that were run with the same seeds and folds are compared pair by pair, for what a seed or a fold does to both is
/// no difference between them. Seeds within a fold are averaged first; folds share training rows, which the test of Nadeau and
/// Bengio makes up for. Without such pairs Welch's test takes the place.
struct Comparison {
  struct Side {
    var name: String
    var runs: [Runs.Run]
    var directions: [String: MetricDirection]
    var metricNames: [String]
    /// Names of settings that make pairs.
    var repetitions: Set<String>

    init(
      name: String, runs: [Runs.Run], directions: [String: MetricDirection], metricNames: [String],
      repetitions: Set<String>
    ) {
      self.name = name
      self.runs = runs
      self.directions = directions
      self.metricNames = metricNames
      self.repetitions = repetitions
    }

    /// An experiment's runs; of a sweep those of its best row. Without runs it is one itself.
    init(_ name: String, _ experiment: Experiment, mode: MetricDirection?) {
      self.name = "$" + name
      if name.contains(" ") { self.name = name }
      if let runs = experiment.runs {
        self.runs = Leaderboard(runs, mode: mode).groups.first?.finished ?? []
        directions = runs.directions
        metricNames = runs.metricNames
        repetitions = runs.groupedOver
        return
      }
      let metrics = experiment.metrics.compactMap { name, value in value.map { (name: name, value: $0) } }
      let trained = experiment.model?.trained
      runs = [
        Runs.Run(
          number: 1, settings: [], metrics: metrics, seed: trained?.seed, digest: trained?.digest,
          status: .done, history: experiment.history, script: "", seconds: 0)
      ]
      metricNames = metrics.map(\.name)
      directions = [:]
      for name in metricNames {
        directions[name] = (experiment.model?.compile ?? CompileOptions()).direction(of: name)
      }
      repetitions = []
    }

    func values(_ metric: String) -> [Double] { runs.compactMap { $0.metric(metric) } }

    /// A metric by fold; without folds, by seed.
    fileprivate func units(_ metric: String) -> [String: Double] {
      let hasFolds = runs.contains { $0.setting("fold") != nil }
      var values: [String: [Double]] = [:]
      for run in runs {
        guard let value = run.metric(metric) else { continue }
        let key = run.settings.filter { setting in
          repetitions.contains(setting.name) && (!hasFolds || setting.name != "seed")
        }.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
        values[key, default: []].append(value)
      }
      return values.mapValues { Difference.moments($0).mean }
    }

    fileprivate var hasFolds: Bool { runs.contains { $0.setting("fold") != nil } }

    /// Rows held out for each that trains, over the folds.
    fileprivate var overlap: Double? {
      let ratios = runs.compactMap { run -> Double? in
        guard let held = run.heldOutRows, let training = run.trainingRows, training > 0 else { return nil }
        return Double(held) / Double(training)
      }
      return ratios.isEmpty ? nil : Difference.moments(ratios).mean
    }
  }

  let sides: [Side]
  let metric: String
  let isLess: Bool

  /// - Returns: nil where the sides have no metric in common.
  init?(sides: [Side], metric: String?, mode: MetricDirection?) {
    let names = sides.first?.metricNames.filter { name in sides.allSatisfy { $0.metricNames.contains(name) } }
    let common = names ?? []
    let chosen = metric ?? ["test_loss", "val_loss", "loss"].first { common.contains($0) } ?? common.first
    guard let chosen, common.contains(chosen) else { return nil }
    self.sides = sides
    self.metric = chosen
    isLess = (mode ?? sides.lazy.compactMap { $0.directions[chosen] }.first) != .maximize
  }

  /// What can be said of two sides' difference, first less second; nil where there are too few runs for anything.
  static func difference(_ first: Side, _ second: Side, metric: String) -> Difference? {
    let (one, other) = (first.units(metric), second.units(metric))
    let keys = one.keys.sorted()
    if !first.repetitions.isEmpty, keys == other.keys.sorted(), keys.count >= 2 {
      let differences = keys.compactMap { key in one[key].flatMap { a in other[key].map { a - $0 } } }
      return Difference.paired(differences, overlap: first.hasFolds ? first.overlap ?? 0.25 : nil)
    }
    return Difference.welch(first.values(metric), second.values(metric))
  }

  // MARK: As text

  func text(width: Int, isColored: Bool) -> String {
    let common = (sides.first?.metricNames ?? []).filter { name in
      sides.allSatisfy { $0.metricNames.contains(name) }
    }
    let shown = [metric] + common.filter { $0 != metric && ($0.hasPrefix("val_") || $0.hasPrefix("test_")) }
    let table = TextTable(
      headers: ["", "runs"] + shown,
      rows: sides.map { side in
        [side.name, "\(side.runs.count)"]
          + shown.map { name in
            let (mean, variance) = Difference.moments(side.values(name))
            if !mean.isFinite { return "–" }
            return formatMetric(mean)
              + (side.runs.count > 1
                ? " ± \(formatMetric(variance.squareRoot(), significantDigits: 2))" : "")
          }
      }, alignments: [.left, .right] + shown.map { _ in .right }, isColored: isColored)
    var lines = [table.render(maxWidth: width)]
    if sides.count == 2 {
      lines.append(sentence(sides[0], sides[1]))
    } else if let best = ranked.first {
      let others = ranked.dropFirst()
      if others.allSatisfy({ Self.difference(best, $0, metric: metric) == nil }) {
        lines.append(
          escapingControls(
            "\(best.name) has the best \(metric), and one run each cannot tell whether that is luck: `seeds 5 { … }` within the sweep can"
          ))
        return lines.joined(separator: "\n")
      }
      for other in others { lines.append(sentence(best, other)) }
      if ranked.count > 2 {
        lines.append(
          "each is set against the best alone: of many such sentences some come true by luck")
      }
    }
    if let note { lines.append(note) }
    return lines.joined(separator: "\n")
  }

  private var ranked: [Side] {
    let keyed = sides.enumerated().map { ($0.offset, Difference.moments($0.element.values(metric)).mean) }
    return keyed.sorted {
      if $0.1.isFinite != $1.1.isFinite { return $0.1.isFinite }
      if $0.1.isFinite, $0.1 != $1.1 { return isLess ? $0.1 < $1.1 : $0.1 > $1.1 }
      return $0.0 < $1.0
    }.map { sides[$0.0] }
  }

  /// `a beats b by 0.012 ± 0.004 in val_loss over 10 seeds: not luck`
  func sentence(_ first: Side, _ second: Side) -> String {
    let (firstMean, secondMean) = (
      Difference.moments(first.values(metric)).mean, Difference.moments(second.values(metric)).mean
    )
    guard firstMean.isFinite, secondMean.isFinite else {
      return escapingControls("\(first.name) and \(second.name): nothing to compare")
    }
    let isFirstBetter = isLess ? firstMean <= secondMean : firstMean >= secondMean
    let (better, worse) = isFirstBetter ? (first, second) : (second, first)
    let gap = abs(firstMean - secondMean)
    guard let difference = Self.difference(better, worse, metric: metric) else {
      return escapingControls(
        "\(better.name) and \(worse.name) differ by \(formatMetric(gap)) in \(metric), and one run each cannot tell whether that is luck: `seeds 5 { … }` around both can"
      )
    }
    let size = formatMetric(abs(difference.mean))
    let half = formatMetric(difference.halfWidth, significantDigits: 2)
    let over = counted(difference.count, unit(first, second, difference.test))
    if difference.mean == 0, difference.standardError == 0 {
      return escapingControls("\(better.name) and \(worse.name) are the same in \(metric) over \(over)")
    }
    if difference.isMoreThanLuck {
      return escapingControls(
        "\(better.name) beats \(worse.name) by \(size) ± \(half) in \(metric) over \(over): not luck (p \(share(difference.p)))"
      )
    }
    return escapingControls(
      "\(better.name) and \(worse.name) cannot be told apart: they differ by \(size) ± \(half) in \(metric) over \(over) (p \(share(difference.p)))"
    )
  }

  private func unit(_ first: Side, _ second: Side, _ test: Difference.Test) -> String {
    if test == .correctedPaired { return "fold" }
    if first.repetitions.contains("seed"), second.repetitions.contains("seed") { return "seed" }
    return "run"
  }

  private func share(_ p: Double) -> String {
    p < 0.001 ? "< 0.001" : "= \(formatMetric(p, significantDigits: 2))"
  }

  /// How the intervals came about, where it is not the plain way.
  private var note: String? {
    guard sides.count >= 2,
      let difference = Self.difference(sides[0], sides[1], metric: metric)
    else { return nil }
    switch difference.test {
    case .paired: return "± is the 95 % confidence interval of the difference, pair by pair"
    case .correctedPaired:
      return
        "± is the 95 % confidence interval of the difference, fold by fold, widened for folds share training rows (Nadeau and Bengio)"
    case .welch:
      return "± is the 95 % confidence interval of the difference of means; the runs are not pairs (Welch)"
    }
  }
}
