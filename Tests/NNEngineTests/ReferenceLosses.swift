@testable import NNEngine

/// Losses in double, by their formulas.
enum ReferenceLoss {
  static let low = 1e-7
  static let high = Double(Float(1 - 1e-7))

  static func clip(_ p: Double) -> Double { min(max(p, low), high) }

  /// One row's loss; nil if its class does not count.
  static func row(
    _ loss: any Loss, outputs y: [Double], logits z: [Double], activation: (any Activation)?,
    target t: [Double]
  ) -> Double? {
    // Keras keeps the logits of either.
    let hasLogits = activation is Softmax || activation is Sigmoid
    // In a batch of hinge's the tests' targets are all 0 or 1.
    let signs = t.map { 2 * $0 - 1 }
    func mean(_ term: (Double, Double) -> Double) -> Double {
      zip(y, t).reduce(0) { $0 + term($1.0, $1.1) } / Double(y.count)
    }
    switch loss {
    case is MeanAbsoluteError: return mean { abs($0 - $1) }
    case is MeanSquaredError: return mean { ($0 - $1) * ($0 - $1) }
    case is MeanAbsolutePercentageError: return mean { 100 * abs($1 - $0) / max(abs($1), low) }
    case is MeanSquaredLogarithmicError:
      return mean {
        let e = referenceLog(max($0, low) + 1) - referenceLog(max($1, low) + 1)
        return e * e
      }
    case is LogCosh: return mean { referenceLog(referenceCosh($0 - $1)) }
    case is Poisson: return mean { $0 - $1 * referenceLog($0 + low) }
    case is CosineSimilarity:
      func norm(_ x: [Double]) -> Double { max(x.reduce(0) { $0 + $1 * $1 }.squareRoot(), low) }
      return -zip(y, t).reduce(0) { $0 + $1.0 * $1.1 } / (norm(y) * norm(t))
    case is Hinge: return zip(y, signs).reduce(0) { $0 + max(1 - $1.0 * $1.1, 0) } / Double(y.count)
    case is SquaredHinge:
      return zip(y, signs).reduce(0) { $0 + max(1 - $1.0 * $1.1, 0) * max(1 - $1.0 * $1.1, 0) }
        / Double(y.count)
    case is CategoricalHinge:
      let right = zip(y, t).reduce(0) { $0 + $1.0 * $1.1 }
      let wrong = zip(y, t).map { (1 - $1) * $0 }.max() ?? 0
      return max(wrong - right + 1, 0)
    case is KLDivergence:
      return zip(y, t).reduce(0) {
        let (p, label) = (min(max($1.0, low), 1), min(max($1.1, low), 1))
        return $0 + label * referenceLog(label / p)
      }
    case let huber as Huber:
      let delta = Double(huber.delta)
      return mean { p, t in
        let e = abs(p - t)
        return e <= delta ? 0.5 * e * e : delta * e - 0.5 * delta * delta
      }
    case let binary as BinaryCrossentropy:
      let labels = smoothed(t, binary.labelSmoothing, towards: 0.5)
      let terms = y.indices.map { unit in
        binary.fromLogits || hasLogits
          ? logistic(hasLogits ? z[unit] : y[unit], labels[unit]) : binaryTerm(y[unit], labels[unit])
      }
      return terms.reduce(0, +) / Double(terms.count)
    case let focal as BinaryFocalCrossentropy:
      let labels = smoothed(t, focal.labelSmoothing, towards: 0.5)
      let terms = y.indices.map { unit -> Double in
        let label = labels[unit]
        // Asked for, logits are the outputs; after a softmax or sigmoid they are what went in.
        let p = focal.fromLogits ? ReferenceNetwork.sigmoid(y[unit]) : y[unit]
        let cross =
          focal.fromLogits
          ? logistic(y[unit], label) : hasLogits ? logistic(z[unit], label) : binaryTerm(p, label)
        let right = label * p + (1 - label) * (1 - p)
        let alpha = Double(focal.alpha)
        let weight = focal.applyClassBalancing ? label * alpha + (1 - label) * (1 - alpha) : 1
        return weight * referencePower(1 - right, Double(focal.gamma)) * cross
      }
      return terms.reduce(0, +) / Double(terms.count)
    case let categorical as CategoricalCrossentropy:
      let labels = smoothed(t, categorical.labelSmoothing, towards: 1 / Double(y.count))
      if categorical.fromLogits || hasLogits {
        return logits(hasLogits ? z : y, labels)
      }
      let sum = y.reduce(0, +)
      return -zip(y, labels).reduce(0) { $0 + $1.1 * referenceLog(clip($1.0 / sum)) }
    case let focal as CategoricalFocalCrossentropy:
      let labels = smoothed(t, focal.labelSmoothing, towards: 1 / Double(y.count))
      let p = focal.fromLogits ? ReferenceNetwork.activate(Softmax(), y) : y
      let sum = p.reduce(0, +)
      return p.indices.reduce(0) { total, unit in
        let o = clip(p[unit] / sum)
        let alpha = Double(focal.alpha[focal.alpha.count == 1 ? 0 : unit])
        return total - alpha * referencePower(1 - o, Double(focal.gamma)) * labels[unit] * referenceLog(o)
      }
    case let general as CategoricalGeneralizedCrossEntropy:
      return (1 - referencePower(y[Int(t[0])], Double(general.q))) / Double(general.q)
    case let sparse as SparseCategoricalCrossentropy:
      if let ignored = sparse.ignoreClass, t[0] == Double(ignored) { return nil }
      let seesThrough = sparse.ignoreClass == nil && hasLogits
      let labels = y.indices.map { $0 == Int(t[0]) ? 1.0 : 0.0 }
      if sparse.fromLogits || seesThrough { return logits(seesThrough ? z : y, labels) }
      return logits(y.map { referenceLog(clip($0)) }, labels)
    default: return nil
    }
  }

  private static func smoothed(_ t: [Double], _ smoothing: Float, towards odds: Double) -> [Double] {
    t.map { $0 * (1 - Double(smoothing)) + Double(smoothing) * odds }
  }

  private static func binaryTerm(_ y: Double, _ label: Double) -> Double {
    let p = clip(y)
    return -(label * referenceLog(p) + (1 - label) * referenceLog(1 - p))
  }

  private static func logistic(_ x: Double, _ label: Double) -> Double {
    max(x, 0) - x * label + referenceLog(1 + referenceExp(-abs(x)))
  }

  private static func logits(_ z: [Double], _ labels: [Double]) -> Double {
    let top = z.max() ?? 0
    let total = top + referenceLog(z.reduce(0) { $0 + referenceExp($1 - top) })
    return zip(z, labels).reduce(0) { $0 + $1.1 * (total - $1.0) }
  }
}
