import NNEngine

/// x ↦ (x − offset) / scale, worked in double and rounded once; or with `knots` the share of values below x.
public struct Scaling: Sendable, Hashable {
  public var kind: ScaleKind
  public var offset: Double
  /// Never 0.
  public var scale: Double
  /// The quantiles at even shares from 0 to 1, ascending, of `quantile`; empty for the others.
  public var knots: [Float]

  public init(kind: ScaleKind, offset: Double, scale: Double, knots: [Float] = []) {
    self.kind = kind
    self.offset = offset
    self.scale = scale
    self.knots = knots
  }

  @inline(__always)
  public func apply(_ value: Float) -> Float {
    knots.isEmpty ? Float((Double(value) - offset) / scale) : share(of: value)
  }

  /// Of the scalings by offset and scale.
  @inline(__always)
  public func undo(_ value: Float) -> Float { Float(Double(value) * scale + offset) }

  /// By linear interpolation between the knots; the middle of several equal ones.
  private func share(of value: Float) -> Float {
    guard let first = knots.first, let last = knots.last, value > first else { return value.isNaN ? .nan : 0 }
    guard value < last else { return 1 }
    // The first knot that is not below the value, and the last one that is not above it.
    let above = knots.partitioningIndex { $0 >= value }
    let below = knots.partitioningIndex { $0 > value } - 1
    let place: Double
    if above <= below {
      place = Double(above + below) / 2
    } else {
      let low = Double(knots[below])
      place = Double(below) + (Double(value) - low) / (Double(knots[above]) - low)
    }
    return Float(place / Double(knots.count - 1))
  }
}

extension Scaling {
  /// The most knots of a quantile scaling.
  public static let mostKnots = 1000

  /// A constant column is divided by 1.
  init(_ kind: ScaleKind, of sample: Sample, _ statistics: ColumnStatistics) throws(DataError) {
    guard sample.count > 0 else {
      self.init(kind: kind, offset: 0, scale: 1, knots: kind == .quantile ? [0, 0] : [])
      return
    }
    let low = Double(statistics.minimum)
    let high = Double(statistics.maximum)
    // Sums of equal numbers are rounded, so that the deviation of a constant column is not always 0.
    let isConstant = low == high
    func usable(_ scale: Double) -> Double { scale > 0 && scale.isFinite ? scale : 1 }
    switch kind {
    case .standard:
      let deviation = isConstant ? 0 : statistics.standardDeviation
      self.init(kind: kind, offset: isConstant ? low : statistics.mean, scale: usable(deviation))
    case .minmax:
      self.init(kind: kind, offset: low, scale: usable(high - low))
    case .robust:
      let quartiles = try sample.quantiles([0.25, 0.5, 0.75])
      self.init(kind: kind, offset: quartiles[1], scale: usable(quartiles[2] - quartiles[0]))
    case .quantile:
      let count = max(2, min(sample.count, Self.mostKnots))
      let shares = (0..<count).map { Double($0) / Double(count - 1) }
      self.init(kind: kind, offset: 0, scale: 1, knots: try sample.quantiles(shares).map { Float($0) })
    }
  }

  /// Learned from values none of which is missing.
  init(_ kind: ScaleKind, of sample: [Float]) throws(DataError) {
    let sample = Sample.held(sample)
    try self.init(kind, of: sample, sample.statistics())
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index from which on `belongs` holds, in a collection where it holds from some place on to the end.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
