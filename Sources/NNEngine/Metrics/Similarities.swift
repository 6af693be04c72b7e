/// The mean over rows of the cosine between targets and predictions: Σ t·p, both divided by their lengths. A length below
/// 1e-7 counts as 1e-7, so a row of zeros gives 0.
public struct CosineSimilarityMetric: Metric {
  public var name: String
  public var direction: MetricDirection? { .maximize }
  public init(name: String = "cosine") { self.name = name }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    for row in 0..<batch.rows {
      let y = batch.predictions.base + row * batch.predictions.stride
      let t = batch.targets.base + row * batch.targets.stride
      var (dot, ours, theirs) = (0.0, 0.0, 0.0)
      for unit in 0..<batch.predictions.columns {
        dot += Double(y[unit]) * Double(t[unit])
        ours += Double(y[unit]) * Double(y[unit])
        theirs += Double(t[unit]) * Double(t[unit])
      }
      batch.rowValues[row] = Float(dot * Self.inverseLength(ours) * Self.inverseLength(theirs))
    }
    batch.addRowValues(accumulator)
  }

  private static func inverseLength(_ square: Double) -> Double {
    let inverse = 1 / square.squareRoot()
    return inverse < 1e7 ? inverse : 1e7
  }
}

/// A correlation between the targets and the predictions of a row, over its outputs; then the mean over rows. A row that does
/// not vary has no Pearson correlation: NaN, as in Keras.
public struct RowCorrelation: Metric {
  public enum Kind: String, Sendable, CaseIterable {
    case pearson = "pearson_correlation"
    /// Keras takes the targets' deviations from the mean of the predictions, and so does this.
    case concordance = "concordance_correlation"
  }

  public var name: String
  public var kind: Kind
  public var direction: MetricDirection? { .maximize }

  public init(_ kind: Kind, name: String? = nil) {
    self.kind = kind
    self.name = name ?? kind.rawValue
  }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let width = batch.predictions.columns
    let count = Double(width)
    for row in 0..<batch.rows {
      let y = batch.predictions.base + row * batch.predictions.stride
      let t = batch.targets.base + row * batch.targets.stride
      var (meanY, meanT) = (0.0, 0.0)
      for unit in 0..<width {
        meanY += Double(y[unit])
        meanT += Double(t[unit])
      }
      meanY /= count
      meanT /= count
      let center = kind == .pearson ? meanT : meanY
      var (product, squareY, squareT) = (0.0, 0.0, 0.0)
      for unit in 0..<width {
        let dy = Double(y[unit]) - meanY
        let dt = Double(t[unit]) - meanT
        product += (Double(t[unit]) - center) * dy
        squareY += dy * dy
        squareT += dt * dt
      }
      let value =
        switch kind {
        case .pearson: product / (squareY.squareRoot() * squareT.squareRoot())
        case .concordance:
          2 * product
            / (squareY + squareT + count * ((meanT - meanY) * (meanT - meanY) + 1e-7))
        }
      batch.rowValues[row] = Float(value)
    }
    batch.addRowValues(accumulator)
  }
}
