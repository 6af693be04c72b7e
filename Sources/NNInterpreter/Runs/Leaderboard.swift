import NNDiagnostics
import NNEngine
import NNReport

/// Runs that differ in seeds and folds alone, as one row of the leaderboard.
struct RunGroup: Sendable {
  /// What they have in common.
  var settings: [Runs.Setting]
  /// In the source's order.
  var runs: [Runs.Run]

  /// Those that count: of a run that came to no end nothing can be said.
  var finished: [Runs.Run] { runs.filter { $0.status == .done } }

  /// A metric's values over the runs that have it.
  func values(_ metric: String) -> [Double] { finished.compactMap { $0.metric(metric) } }

  /// Mean and standard deviation (n − 1 below); nil where no run has it.
  func summary(_ metric: String) -> (mean: Double, deviation: Double, count: Int)? {
    let values = values(metric)
    guard !values.isEmpty else { return nil }
    let (mean, variance) = Difference.moments(values)
    return (mean, variance.squareRoot(), values.count)
  }

  /// How far its runs came: `done` only if all did.
  var status: Runs.Status {
    runs.first { $0.status != .done }?.status ?? .done
  }

  var settingsText: String { settings.map { "\($0.name)=\($0.text)" }.joined(separator: " ") }
}

/// Runs in the order of their merit.
struct Leaderboard {
  let runs: Runs
  /// What they are ranked by; nil where nothing says which direction is better.
  let metric: String?
  let isLess: Bool
  /// Best first. Behind those whose runs all came to their end stand those that were given up, then those that diverged.
  let groups: [RunGroup]

  /// - Parameter mode: which direction is better, where the metric does not say.
  init(_ runs: Runs, by metric: String? = nil, mode: MetricDirection? = nil) {
    self.runs = runs
    let metric = metric ?? runs.mainMetric
    self.metric = metric
    isLess = (mode ?? metric.flatMap { runs.directions[$0] }) != .maximize
    groups = Self.ranked(runs.groups, by: metric, isLess: isLess)
  }

  private static func ranked(_ groups: [RunGroup], by metric: String?, isLess: Bool) -> [RunGroup] {
    func place(_ group: RunGroup) -> Int {
      switch group.status {
      case .done: 0
      case .interrupted: 1
      case .halved: 2
      case .diverged: 3
      }
    }
    func value(_ group: RunGroup) -> Double {
      guard let metric else { return 0 }
      if group.status == .halved {
        // They are ranked among themselves by what they had reached.
        return Difference.moments(group.runs.compactMap { $0.metric(metric) }).mean
      }
      return group.summary(metric)?.mean ?? .nan
    }
    let keyed = groups.enumerated().map { (place: place($0.element), value: value($0.element), $0.offset) }
    return keyed.sorted { one, other in
      if one.place != other.place { return one.place < other.place }
      if one.value.isFinite != other.value.isFinite { return one.value.isFinite }
      if one.value.isFinite, one.value != other.value {
        return isLess ? one.value < other.value : one.value > other.value
      }
      return one.2 < other.2
    }.map { groups[$0.2] }
  }
}

extension Runs {
  /// Runs that differ in nothing but what repeats a setting, in the order of their first.
  var groups: [RunGroup] {
    var groups: [RunGroup] = []
    var places: [[Setting]: Int] = [:]
    let repeating = groupedOver
    for run in rows {
      let settings = run.settings.filter { !repeating.contains($0.name) }
      if let place = places[settings] {
        groups[place].runs.append(run)
      } else {
        places[settings] = groups.count
        groups.append(RunGroup(settings: settings, runs: [run]))
      }
    }
    return groups
  }

  /// The names over which a mean is taken.
  var groupedOver: Set<String> {
    repetitions.intersection(settingNames)
  }
}

// MARK: As text

extension Runs {
  /// The leaderboard as a table of text, at most `width` columns wide.
  /// - Parameters:
  ///   - metric: what ranks them; the main one if nil.
  ///   - top: at most so many rows.
  public func leaderboard(
    by metric: String? = nil, mode: MetricDirection? = nil, top: Int? = nil, width: Int = 80,
    isColored: Bool = false
  ) -> String {
    Leaderboard(self, by: metric, mode: mode).text(top: top ?? 20, width: width, isColored: isColored)
  }
}

extension Leaderboard {
  func text(top: Int, width: Int, isColored: Bool) -> String {
    let shown = groups.prefix(top)
    let repeats = groups.contains { $0.runs.count > 1 }
    // What is the same in every row is said once.
    let varying = varyingNames
    var lines = [escapingControls(heading)]
    var metrics = shownMetrics
    while true {
      let table = table(Array(shown), varying, metrics, repeats, isColored)
      let text = table.render(maxWidth: nil)
      let widest = text.split(separator: "\n").map { displayWidth(of: String($0)) }.max() ?? 0
      if widest <= width || metrics.count <= 1 {
        lines.append(table.render(maxWidth: width))
        break
      }
      metrics.removeLast()
    }
    if groups.count > shown.count {
      lines.append("\(counted(groups.count - shown.count, "more row")): `runs top=\(groups.count)` shows all")
    }
    let hidden = shownMetrics.filter { !metrics.contains($0) }
    if !hidden.isEmpty { lines.append("also \(hidden.joined(separator: ", ")): `runs by=\(hidden[0])`") }
    // What is below a hundredth, luck makes as well.
    let importances = runs.importances(by: metric).filter { $0.share >= 0.005 }
    if !importances.isEmpty {
      let words = importances.map { "\($0.name) \(Int(($0.share * 100).rounded())) %" }
      lines.append(
        truncating(
          escapingControls("what matters by itself: \(words.joined(separator: ", "))"), toWidth: width))
    }
    if let best = groups.first?.runs.first(where: { $0.status == .done }), groups.count > 1 || repeats {
      let run = bestRun(in: groups[0]) ?? best
      lines.append("best run again: \(escapingControls(run.script))")
    }
    return lines.joined(separator: "\n")
  }

  /// The run of a group whose own value is best; of equal ones the first.
  func bestRun(in group: RunGroup) -> Runs.Run? {
    guard let metric else { return group.finished.first }
    var best: (run: Runs.Run, value: Double)?
    for run in group.finished {
      guard let value = run.metric(metric), value.isFinite else { continue }
      if best.map({ isLess ? value < $0.value : value > $0.value }) ?? true { best = (run, value) }
    }
    return best?.run
  }

  private var heading: String {
    let repeating = runs.groupedOver
    var parts = [counted(runs.rows.count, "run")]
    let names = runs.settingNames.filter(repeating.contains)
    if !names.isEmpty, groups.contains(where: { $0.runs.count > 1 }) {
      parts.append("mean ± standard deviation over \(names.map { "\($0)s" }.joined(separator: " and "))")
    }
    if let metric { parts.append("by \(metric)") }
    let counts: [(Runs.Status, String)] = [
      (.halved, "given up early"), (.diverged, "diverged"), (.interrupted, "interrupted"),
    ]
    for (status, word) in counts {
      let count = runs.rows.count { $0.status == status }
      if count > 0 { parts.append("\(count) \(word)") }
    }
    let seeds = Set(runs.rows.compactMap(\.seed))
    if seeds.count == 1, let seed = seeds.first { parts.append("seed \(seed)") }
    let fixed = runs.settingNames.filter { !repeating.contains($0) && !varyingNames.contains($0) }
    for name in fixed {
      if let setting = runs.rows.first?.setting(name) { parts.append("\(name)=\(setting.text)") }
    }
    return parts.joined(separator: ", ")
  }

  private var varyingNames: [String] {
    let repeating = runs.groupedOver
    return runs.settingNames.filter { name in
      !repeating.contains(name)
        && Set(groups.map { group in group.settings.first { $0.name == name }?.text }).count > 1
    }
  }

  /// What ranks them first, then what else was watched or tested, then what was trained on.
  private var shownMetrics: [String] {
    let names = runs.metricNames
    let watched = names.filter { $0.hasPrefix("test_") } + names.filter { $0.hasPrefix("val_") }
    let others = names.filter { !watched.contains($0) }
    let ordered = ([metric].compactMap { $0 } + watched + (watched.isEmpty ? others : []))
    var seen: Set<String> = []
    return ordered.filter { seen.insert($0).inserted }
  }

  private func table(
    _ shown: [RunGroup], _ varying: [String], _ metrics: [String], _ repeats: Bool, _ isColored: Bool
  ) -> TextTable {
    var rows: [[String]] = []
    for (index, group) in shown.enumerated() {
      var row = ["\(index + 1)"]
      row += varying.map { name in
        let text = group.settings.first { $0.name == name }?.text ?? ""
        return truncating(text, toWidth: 18)
      }
      if varying.isEmpty { row.append("these runs") }
      for metric in metrics { row.append(value(group, metric, repeats)) }
      if repeats { row.append("\(group.finished.count)") }
      if hasOddEnds { row.append(group.status == .done ? "" : group.status.rawValue) }
      rows.append(row)
    }
    for baseline in runs.baselines {
      var row = ["–"]
      row += varying.isEmpty ? [baseline.name] : varying.indices.map { $0 == 0 ? baseline.name : "" }
      for metric in metrics {
        row.append(baseline.metrics.first { $0.name == metric }.map { formatMetric($0.value) } ?? "–")
      }
      if repeats { row.append("") }
      if hasOddEnds { row.append("") }
      rows.append(row)
    }
    return TextTable(
      headers: ["#"] + (varying.isEmpty ? [""] : varying) + metrics + (repeats ? ["runs"] : [])
        + (hasOddEnds ? ["end"] : []),
      rows: rows,
      alignments: [.right] + (varying.isEmpty ? [.left] : varying.map(alignment))
        + metrics.map { _ in .right }
        + (repeats ? [.right] : []) + (hasOddEnds ? [.left] : []), isColored: isColored)
  }

  /// Numbers stand on the right, whatever a baseline is called below them.
  private func alignment(_ name: String) -> TextTable.Alignment {
    groups.allSatisfy { group in group.settings.first { $0.name == name }?.number != nil } ? .right : .left
  }

  private var hasOddEnds: Bool { runs.rows.contains { $0.status != .done } }

  private func value(_ group: RunGroup, _ metric: String, _ repeats: Bool) -> String {
    if let summary = group.summary(metric) {
      let mean = formatMetric(summary.mean)
      return repeats
        ? mean + (summary.count > 1 ? " ± \(formatMetric(summary.deviation, significantDigits: 2))" : "")
        : mean
    }
    // Where it was given up, or lost its way.
    let values = group.runs.compactMap { $0.metric(metric) }
    return values.isEmpty ? "–" : formatMetric(Difference.moments(values).mean)
  }
}
