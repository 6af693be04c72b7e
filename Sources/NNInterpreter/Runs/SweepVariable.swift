import NNDiagnostics
import NNEngine
import NNSyntax

/// A `sweep`'s variable: a name, and the values that it takes.
struct SweepVariable: Sendable {
  enum Values: Sendable {
    case list([Constant])
    case range(ValueRange)
  }

  var name: Name
  var values: Values
  /// Of its whole argument.
  var span: Span

  var count: Int? { if case .list(let values) = values { values.count } else { nil } }
}

/// Numbers between two bounds to draw from: `log(1e-4, 1e-1)`, `int(8, 128)`, `real(0, 0.5)`.
struct ValueRange: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    /// Every factor is as likely as every other: of 0.001 to 0.1, half lies below 0.01.
    case log
    /// Whole numbers, the bounds among them.
    case int
    case real
  }

  var kind: Kind
  var low: Double
  var high: Double
  /// Whole numbers whose logarithms are even: `int(8, 1024, log=true)`.
  var isLogarithmic = false

  /// The value at a place in [0, 1). What is no whole number is rounded to four digits that count, so that the number shown
  /// is the number used.
  func value(at share: Double) -> Double {
    switch kind {
    case .int where isLogarithmic:
      let value = (low * ExactMath.power((high + 1) / low, share)).rounded(.down)
      return min(max(value, low), high)
    case .int: return min(low + ((high - low + 1) * share).rounded(.down), high)
    case .log: return within(rounded(low * ExactMath.power(high / low, share)))
    case .real: return within(rounded(low + (high - low) * share))
    }
  }

  private func within(_ value: Double) -> Double { min(max(value, low), high) }

  private func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    // Powers of ten up to 10²² are exact, and so a quotient by one is the double nearest to the decimal.
    var scale = 1.0
    var steps = 0
    while abs(value) * scale < 1000, steps < 22 {
      scale *= 10
      steps += 1
    }
    if steps > 0 { return (value * scale).rounded() / scale }
    while abs(value) / scale >= 10_000, steps < 22 {
      scale *= 10
      steps += 1
    }
    return (value / scale).rounded() * scale
  }

}

extension ValueRange {
  /// - Returns: nil, with what is wrong reported, for a call that is no range.
  init?(_ call: Name, _ arguments: [EvaluatedArgument], span: Span, _ report: (any Problem, Span) -> Void) {
    guard let kind = Kind(rawValue: call.text) else { return nil }
    var isLogarithmic = false
    var bounds: [Double] = []
    for argument in arguments {
      if argument.name?.text == "log", kind == .int {
        guard let text = argument.value.constant.text, ["true", "false"].contains(text) else {
          report(
            NameProblem.wrongType(
              option: "log", expectation: "`true` or `false`", found: argument.value.constant.shown,
              suggestion: nil), argument.value.span)
          return nil
        }
        isLogarithmic = text == "true"
        continue
      }
      guard argument.name == nil, let number = argument.value.constant.number, number.isFinite else {
        report(RunsProblem.notARange(kind.rawValue), argument.span)
        return nil
      }
      bounds.append(number)
    }
    guard bounds.count == 2 else {
      report(RunsProblem.notARange(kind.rawValue), span)
      return nil
    }
    let (low, high) = (bounds[0], bounds[1])
    guard low < high else {
      report(RunsProblem.emptyRange(low: low, high: high), span)
      return nil
    }
    if kind == .log || isLogarithmic, low <= 0 {
      report(RunsProblem.logarithmOfNothing(low), span)
      return nil
    }
    if kind == .int, low != low.rounded() || high != high.rounded() || max(abs(low), abs(high)) > 1e15 {
      report(RunsProblem.notARange(kind.rawValue), span)
      return nil
    }
    self.init(kind: kind, low: low, high: high, isLogarithmic: isLogarithmic)
  }
}

extension SweepVariable {
  /// The most combinations of a grid, and trials.
  static let mostRuns = 100_000

  /// Every combination, the last variable changing fastest.
  static func grid(_ variables: [SweepVariable]) -> [[Constant]] {
    var rows: [[Constant]] = [[]]
    for case .list(let values) in variables.map(\.values) {
      rows = rows.flatMap { row in values.map { row + [$0] } }
    }
    return rows
  }

  /// How many combinations there are, capped; nil for variables with ranges.
  static func gridCount(_ variables: [SweepVariable]) -> Int? {
    var count = 1
    for variable in variables {
      guard let own = variable.count else { return nil }
      count = min(count * max(own, 1), mostRuns + 1)
    }
    return count
  }

  /// Random combinations. A variable's value in a trial depends on the seed, its name and the trial's number alone, so that more
  /// trials begin with the same ones; of lists alone no combination comes twice.
  static func draw(_ variables: [SweepVariable], trials: Int, seed: UInt64) -> [[Constant]] {
    if let count = gridCount(variables), count <= mostRuns {
      let grid = grid(variables)
      return Philox.permutation(count: count, seed: seed, purpose: "sweep").prefix(trials).map { grid[$0] }
    }
    let generators = variables.map { Philox(seed: seed, purpose: "sweep", path: $0.name.text) }
    return (0..<trials).map { trial in
      zip(variables, generators).map { variable, generator in
        switch variable.values {
        case .list(let values): values[generator.below(values.count, at: UInt64(trial))]
        case .range(let range): .number(range.value(at: generator.unit(UInt64(trial))))
        }
      }
    }
  }
}
