/// A difference of two means with what can be said of it: its confidence interval, and whether chance alone explains it.
public struct Difference: Sendable, Equatable {
  /// How it was worked out.
  public enum Test: String, Sendable, Equatable {
    /// Student's t over pairs that differ in nothing else.
    case paired
    /// The same over folds, whose training rows overlap, with the variance corrected for that.
    case correctedPaired
    /// Welch's t over two groups that are not paired.
    case welch
  }

  /// Mean of the first less mean of the second.
  public var mean: Double
  public var standardError: Double
  /// Degrees of freedom.
  public var degrees: Int
  /// Pairs; of groups that are not paired, the smaller group's size.
  public var count: Int
  public var test: Test

  /// Half the width of the 95 % confidence interval.
  public var halfWidth: Double {
    standardError == 0 ? 0 : StudentT.bound(tails: 0.05, degrees: degrees) * standardError
  }

  /// The probability of a difference at least as large if there were none.
  public var p: Double {
    if standardError == 0 { return mean == 0 ? 1 : 0 }
    return StudentT.tails(mean / standardError, degrees: degrees)
  }

  /// Chance alone would give such a difference less than once in twenty times.
  public var isMoreThanLuck: Bool { p < 0.05 }
}

extension Difference {
  /// Over pairs.
  ///
  /// - Parameters:
  ///   - differences: first less second, a number a pair.
  ///   - overlap: for cross-validation, rows held out per row trained on: n_test / n_train. The variance of the mean is then
  ///     (1/n + n_test/n_train)·s², after Nadeau and Bengio, Inference for the Generalization Error (2003), for folds share
  ///     training rows, and 1/n alone would call far too much no luck.
  /// - Returns: nil for fewer than two pairs, or where a number is not finite.
  public static func paired(_ differences: [Double], overlap: Double? = nil) -> Difference? {
    guard differences.count >= 2, differences.allSatisfy(\.isFinite) else { return nil }
    let (mean, variance) = moments(differences)
    let factor = 1 / Double(differences.count) + (overlap ?? 0)
    return Difference(
      mean: mean, standardError: (variance * factor).squareRoot(), degrees: differences.count - 1,
      count: differences.count, test: overlap == nil ? .paired : .correctedPaired)
  }

  /// Of two groups that are not paired and may vary differently (Welch 1947). Degrees of freedom are rounded down, which is on
  /// the careful side.
  /// - Returns: nil for a group of fewer than two, or where a number is not finite.
  public static func welch(_ first: [Double], _ second: [Double]) -> Difference? {
    guard first.count >= 2, second.count >= 2, (first + second).allSatisfy(\.isFinite) else { return nil }
    let (firstMean, firstVariance) = moments(first)
    let (secondMean, secondVariance) = moments(second)
    let a = firstVariance / Double(first.count)
    let b = secondVariance / Double(second.count)
    let spread = a * a / Double(first.count - 1) + b * b / Double(second.count - 1)
    let least = min(first.count, second.count) - 1
    let degrees = spread > 0 ? (a + b) * (a + b) / spread : Double(least)
    return Difference(
      mean: firstMean - secondMean, standardError: (a + b).squareRoot(),
      degrees: max(least, Int(exactly: degrees.rounded(.down)) ?? least),
      count: min(first.count, second.count), test: .welch)
  }

  /// Mean and variance (n − 1 below), added up in order. The variance of fewer than two numbers is 0.
  public static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    guard !values.isEmpty else { return (.nan, .nan) }
    let mean = values.reduce(0, +) / Double(values.count)
    guard values.count > 1 else { return (mean, 0) }
    let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, sum / Double(values.count - 1))
  }
}
