import CKernels

/// z' = scale · z + offset of a model's logits, learned so that its probabilities hold on rows that did not train it.
///
/// In double precision and with functions of our own, in the order of the rows: the same numbers on every machine, whatever its
/// number of threads.
public struct LogitScaling: Sendable, Equatable {
  public var scale: Double
  public var offset: Double
  /// The mean cross-entropy of the rows before and after.
  public var before: Double
  public var after: Double

  /// What cannot be learned from some rows.
  public enum Failure: Error, Sendable, Equatable {
    case noRows
    /// The rows are told apart without an error, so that ever larger logits would fit them ever better.
    case separable
    /// The larger a class's logit, the less often it is the class.
    case misleading
    /// All rows have one logit, but for rounding, of which a scale would make doubts and certainties.
    case allAlike
  }

  /// The temperature that minimizes the cross-entropy: scale = 1 / temperature, for two classes (one logit a row) and for more.
  ///
  /// Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, On Calibration of Modern Neural Networks (2017), section 4.2. The
  /// cross-entropy is convex in 1 / temperature, so its slope has one zero, which is enclosed by halving.
  ///
  /// - Parameters:
  ///   - logits: [rows × 1] of the second of two classes, or [rows × classes].
  ///   - classes: the true class of each row.
  public static func temperature(logits: Matrix, classes: [Int]) throws(Failure) -> LogitScaling {
    let rows = LogitRows(logits: logits, classes: classes)
    guard rows.count > 0 else { throw .noRows }
    let (least, most) = (1e-2, 1e2)
    if rows.slope(least) >= 0 { throw .misleading }
    if rows.slope(most) <= 0 { throw .separable }
    var (low, high) = (least, most)
    // The logarithm of the scale to 2⁻⁴⁰ of its range.
    for _ in 0..<48 {
      let middle = (low * high).squareRoot()
      if rows.slope(middle) > 0 { high = middle } else { low = middle }
    }
    let scale = (low * high).squareRoot()
    return LogitScaling(
      scale: scale, offset: 0, before: rows.crossEntropy(1, 0), after: rows.crossEntropy(scale, 0))
  }

  /// Scale and offset of the logit of the second of two classes, by maximum likelihood with the targets (n₊ + 1)/(n₊ + 2) and
  /// 1/(n₋ + 2), which keep both finite.
  ///
  /// Source: J. Platt, Probabilistic Outputs for Support Vector Machines (1999), by Newton's method as H.-T. Lin, C.-J. Lin and
  /// R. Weng give it (A Note on Platt's Probabilistic Outputs, 2007).
  public static func platt(logits: Matrix, classes: [Int]) throws(Failure) -> LogitScaling {
    let rows = LogitRows(logits: logits, classes: classes)
    guard rows.count > 0, logits.columns == 1 else { throw .noRows }
    if rows.areAlike { throw .allAlike }
    let positives = Double(classes.count { $0 == 1 })
    let negatives = Double(rows.count) - positives
    let (yes, no) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
    var (scale, offset) = (0.0, 0.0)
    if positives > 0, negatives > 0 { offset = ck_logarithm((positives + 1) / (negatives + 1)) }
    var value = rows.smoothedEntropy(scale, offset, yes, no)
    for _ in 0..<100 {
      let step = rows.newtonStep(scale, offset, yes, no)
      guard step.slope > 1e-10 else { break }
      var size = 1.0
      var isBetter = false
      while size >= 1e-10 {
        let (a, b) = (scale + size * step.scale, offset + size * step.offset)
        let found = rows.smoothedEntropy(a, b, yes, no)
        if found < value - 1e-4 * size * step.slope {
          (scale, offset, value, isBetter) = (a, b, found, true)
          break
        }
        size /= 2
      }
      if !isBetter { break }
    }
    guard scale > 0, scale.isFinite, offset.isFinite else { throw .misleading }
    return LogitScaling(
      scale: scale, offset: offset, before: rows.crossEntropy(1, 0), after: rows.crossEntropy(scale, offset))
  }
}

/// Rows of logits with their classes.
private struct LogitRows {
  let logits: Matrix
  let classes: [Int]
  let count: Int

  init(logits: Matrix, classes: [Int]) {
    self.logits = logits
    self.classes = classes
    let width = max(logits.columns, 1)
    count = min(logits.rows, classes.count, logits.values.count / width)
  }

  private func logit(_ row: Int, _ column: Int) -> Double {
    Double(logits.values[row * logits.columns + column])
  }

  private var isBinary: Bool { logits.columns == 1 }

  /// Whether the first column is one number, but for what float32 sums of some thousand terms are wrong by.
  var areAlike: Bool {
    var (least, most) = (Double.infinity, -Double.infinity)
    for row in 0..<count {
      least = min(least, logit(row, 0))
      most = max(most, logit(row, 0))
    }
    return most - least <= 1e-5 * max(abs(least), abs(most), 1e-3)
  }

  /// The derivative of the sum of cross-entropies by the scale: Σ (Σₖ pₖ zₖ − z of the true class).
  func slope(_ scale: Double) -> Double {
    var sum = 0.0
    for row in 0..<count {
      if isBinary {
        let z = logit(row, 0)
        sum += (sigmoid(scale * z) - (classes[row] == 1 ? 1 : 0)) * z
        continue
      }
      let top = (0..<logits.columns).reduce(-Double.infinity) { max($0, scale * logit(row, $1)) }
      var (total, weighted) = (0.0, 0.0)
      for column in 0..<logits.columns {
        let share = ck_exponential(scale * logit(row, column) - top)
        total += share
        weighted += share * logit(row, column)
      }
      let truth = classes[row]
      sum += weighted / total - (truth >= 0 && truth < logits.columns ? logit(row, truth) : 0)
    }
    return sum
  }

  func crossEntropy(_ scale: Double, _ offset: Double) -> Double {
    var sum = 0.0
    for row in 0..<count {
      if isBinary {
        let z = scale * logit(row, 0) + offset
        sum += softplus(classes[row] == 1 ? -z : z)
        continue
      }
      let top = (0..<logits.columns).reduce(-Double.infinity) { max($0, scale * logit(row, $1)) }
      let total = (0..<logits.columns).reduce(0) { $0 + ck_exponential(scale * logit(row, $1) - top) }
      let truth = classes[row]
      let own = truth >= 0 && truth < logits.columns ? scale * logit(row, truth) : 0
      sum += top + ck_logarithm(total) - own
    }
    return sum / Double(max(count, 1))
  }

  /// Σ of the cross-entropies with targets `yes` and `no`.
  func smoothedEntropy(_ scale: Double, _ offset: Double, _ yes: Double, _ no: Double) -> Double {
    var sum = 0.0
    for row in 0..<count {
      let z = scale * logit(row, 0) + offset
      let target = classes[row] == 1 ? yes : no
      sum += target * softplus(-z) + (1 - target) * softplus(z)
    }
    return sum
  }

  /// The step to the minimum of the parabola that touches the sum, and by how much the sum falls along it at first.
  func newtonStep(
    _ scale: Double, _ offset: Double, _ yes: Double, _ no: Double
  ) -> (scale: Double, offset: Double, slope: Double) {
    var (ga, gb) = (0.0, 0.0)
    // A little on the diagonal keeps it invertible.
    var (haa, hab, hbb) = (1e-12, 0.0, 1e-12)
    for row in 0..<count {
      let z = logit(row, 0)
      let p = sigmoid(scale * z + offset)
      let difference = p - (classes[row] == 1 ? yes : no)
      ga += difference * z
      gb += difference
      let weight = p * (1 - p)
      haa += weight * z * z
      hab += weight * z
      hbb += weight
    }
    let determinant = haa * hbb - hab * hab
    guard determinant > 0 else { return (-ga, -gb, ga * ga + gb * gb) }
    let a = -(hbb * ga - hab * gb) / determinant
    let b = -(haa * gb - hab * ga) / determinant
    return (a, b, -(ga * a + gb * b))
  }

  private func sigmoid(_ z: Double) -> Double {
    if z >= 0 { return 1 / (1 + ck_exponential(-z)) }
    let e = ck_exponential(z)
    return e / (1 + e)
  }

  /// log(1 + eᶻ).
  private func softplus(_ z: Double) -> Double {
    z > 0 ? z + ck_logarithm(1 + ck_exponential(-z)) : ck_logarithm(1 + ck_exponential(z))
  }
}

/// log(p / (1 − p)), with a logarithm of our own.
public func logit(ofProbability p: Float) -> Float {
  Float(ck_logarithm(Double(p)) - ck_logarithm(1 - Double(p)))
}
