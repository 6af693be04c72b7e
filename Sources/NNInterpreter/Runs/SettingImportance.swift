import NNEngine

extension Runs {
  /// How much a setting matters by itself.
  public struct Importance: Sendable {
    public var name: String
    /// The share of the variance of the runs' ranks that goes with it, 0 to 1.
    public var share: Double
  }

  /// What of a sweep's settings made the difference: of each, the share of the variance that it explains by itself, corrected for
  /// what as many groups explain by chance (ω², Hays 1963). Ranks stand for the values, so that one run far off does not decide; of
  /// a range of numbers the values are put into up to five groups of near-equal size.
  ///
  /// - Parameter metric: the main one if nil.
  /// - Returns: most important first; empty for fewer than eight rows or fewer than two settings that vary.
  public func importances(by metric: String? = nil) -> [Importance] {
    guard let metric = metric ?? mainMetric else { return [] }
    var rows: [(settings: [String: String], numbers: [String: Double], value: Double)] = []
    for group in groups {
      guard let mean = group.summary(metric)?.mean ?? group.runs.first?.metric(metric), mean.isFinite else {
        continue
      }
      rows.append(
        (
          Dictionary(group.settings.map { ($0.name, $0.text) }) { first, _ in first },
          Dictionary(group.settings.compactMap { setting in setting.number.map { (setting.name, $0) } }) {
            first, _ in first
          }, mean
        ))
    }
    let names = settingNames.filter { name in
      !groupedOver.contains(name) && Set(rows.map { $0.settings[name] }).count > 1
    }
    guard rows.count >= 8, names.count >= 2 else { return [] }
    let ranks = Self.ranks(rows.map(\.value))
    var found: [(place: Int, importance: Importance)] = []
    for (place, name) in names.enumerated() {
      let texts = rows.map { $0.settings[name] ?? "" }
      let numbers = rows.compactMap { $0.numbers[name] }
      var groups = texts
      if numbers.count == rows.count, Set(texts).count > 8 {
        let count = Double(rows.count)
        groups = Self.ranks(numbers).map { rank in "\(Int((rank - 1) * 5 / count))" }
      }
      found.append((place, Importance(name: name, share: Self.share(ranks, groups))))
    }
    found.sort { one, other in
      let (a, b) = (one.importance.share, other.importance.share)
      return a != b ? a > b : one.place < other.place
    }
    return found.map(\.importance)
  }

  /// From 1; equal values share the mean of their ranks.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// ω²: (between − (groups − 1)·within's mean) / (total + within's mean).
  private static func share(_ values: [Double], _ groups: [String]) -> Double {
    var sums: [String: (sum: Double, count: Double)] = [:]
    for (value, group) in zip(values, groups) {
      let old = sums[group] ?? (0, 0)
      sums[group] = (old.sum + value, old.count + 1)
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // In a fixed order, for sums depend on it.
    let between = sums.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      let distance = entry.value.sum / entry.value.count - mean
      return sum + entry.value.count * distance * distance
    }
    let freedom = count - Double(sums.count)
    guard total > 0, freedom > 0 else { return 0 }
    let within = max(total - between, 0) / freedom
    return min(max((between - Double(sums.count - 1) * within) / (total + within), 0), 1)
  }
}
