/// One of many runs, as a picture of them needs it.
public struct PicturedRun: Sendable, Equatable {
  public var name: String
  /// Settings as they were written, in the order of their names.
  public var settings: [(name: String, value: String)]
  /// What counts in the end; `nil` where the run failed.
  public var result: Double?
  /// The course of what counts, an epoch each.
  public var course: [Double]

  public init(name: String, settings: [(name: String, value: String)], result: Double?, course: [Double]) {
    self.name = name
    self.settings = settings
    self.result = result
    self.course = course
  }

  public static func == (left: PicturedRun, right: PicturedRun) -> Bool {
    left.name == right.name && left.result == right.result && left.course == right.course
      && left.settings.elementsEqual(right.settings, by: ==)
  }
}

extension Picture {
  /// A sweep: its settings and what came of them as parallel coordinates, and the courses of all runs.
  ///
  /// - Parameters:
  ///   - measure: what counts, as in `val_loss`.
  ///   - isSmallBest: the smallest result is the best.
  ///   - courseMeasure: what the courses are of, if that is something else.
  public static func runs(
    _ runs: [PicturedRun], measure: String, isSmallBest: Bool, courseMeasure: String? = nil, subtitle: String
  ) -> Picture {
    let results = runs.map { $0.result ?? .nan }
    let finite = results.filter(\.isFinite)
    let best = results.indices.filter { results[$0].isFinite }.min { first, second in
      isSmallBest ? results[first] < results[second] : results[first] > results[second]
    }
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    func rank(_ value: Double) -> Double {
      guard value.isFinite, high > low else { return value.isFinite ? 1 : 0 }
      let share = (value - low) / (high - low)
      return isSmallBest ? 1 - share : share
    }
    var names: [String] = []
    for run in runs {
      for setting in run.settings where !names.contains(setting.name) { names.append(setting.name) }
    }
    var columns: [ParallelAxes.Column] = []
    var values = [[Double]](repeating: [], count: runs.count)
    for name in names {
      let texts = runs.map { run in run.settings.first { $0.name == name }?.value ?? "" }
      let numbers = texts.map { Double($0) }
      if numbers.allSatisfy({ $0 != nil }) {
        let found = numbers.compactMap { $0 }
        let isWide = (found.min() ?? 0) > 0 && (found.max() ?? 0) >= 8 * (found.min() ?? 0)
        columns.append(ParallelAxes.Column(name, isLogarithmic: isWide))
        for (index, value) in found.enumerated() { values[index].append(value) }
      } else {
        let categories = Array(Set(texts)).sorted()
        columns.append(ParallelAxes.Column(name, categories: categories))
        for (index, text) in texts.enumerated() {
          values[index].append(Double(categories.firstIndex(of: text) ?? 0))
        }
      }
    }
    columns.append(ParallelAxes.Column(measure))
    for index in runs.indices { values[index].append(results[index]) }

    var panels: [Panel] = []
    let bestName = best.map { "\(runs[$0].name), \(measure) \(formatMetric(results[$0]))" } ?? "none"
    if columns.count > 1, !runs.isEmpty {
      panels.append(
        Panel(
          "settings",
          .parallel(
            ParallelAxes(
              columns: columns,
              lines: runs.indices.map {
                ParallelAxes.Line(values: values[$0], rank: rank(results[$0]), isBest: $0 == best)
              }, key: "best: \(bestName)"))))
    }
    let courses = runs.indices.filter { !runs[$0].course.isEmpty }
    if !courses.isEmpty {
      var marks = courses.filter { $0 != best }.map { index in
        Chart.Mark.line(
          Chart.Series(
            "", x: runs[index].course.indices.map { Double($0 + 1) }, y: runs[index].course, isFaint: true))
      }
      if let best, !runs[best].course.isEmpty {
        marks.append(
          .line(
            Chart.Series(
              "best: \(runs[best].name)", note: formatMetric(results[best]),
              x: runs[best].course.indices.map { Double($0 + 1) }, y: runs[best].course, slot: 1)))
      }
      panels.append(
        Panel(
          "\(courseMeasure ?? measure) by run",
          .chart(
            Chart(
              x: ChartAxis("epoch"), y: ChartAxis(courseMeasure ?? measure, scale: .automatic), marks: marks))
        ))
    }
    return Picture(
      title: "runs", subtitle: subtitle,
      panels: panels.isEmpty
        ? [Panel("", .note(runs.count == 1 ? "there is nothing to set one run beside" : "no runs"))] : panels,
      description: "\(formatCount(runs.count)) runs by \(measure). Best: \(bestName)"
        + (best.map { index in
          let settings = runs[index].settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
          return settings.isEmpty ? "." : ", with \(settings)."
        } ?? "."))
  }
}
