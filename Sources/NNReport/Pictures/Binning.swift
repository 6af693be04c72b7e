/// Values counted in bins of one width.
struct Binning: Equatable {
  /// Ascending, one more than counts.
  let edges: [Double]

  /// Bins around the finite values: some 2·∛n of them (Rice), from 8 to 50, with round edges.
  init(around values: some Collection<Double>) {
    var (low, high, count) = (Double.infinity, -Double.infinity, 0)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
      count += 1
    }
    guard count > 0 else {
      edges = []
      return
    }
    let range = high - low
    guard range > 0, range.isFinite else {
      let half = max(abs(low) * 0.05, 0.5)
      edges = low - half < low + half ? [low - half, low + half] : []
      return
    }
    // The cube root by halving exponents would do; for a number of bins this is near enough.
    var root = 1.0
    while root * root * root < Double(count) { root += 1 }
    let wanted = min(max(2 * root, 8), 50)
    let step = Self.roundStep(range / wanted)
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    guard abs(first) < 1e15, abs(last) < 1e15, last > first, last - first < 200 else {
      edges = (0...Int(wanted)).map { low + range * Double($0) / Double(Int(wanted)) }
      return
    }
    edges = (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  init(edges: [Double]) { self.edges = edges }

  /// How many finite values lie in each bin; the last one has its upper edge, too.
  func counts(_ values: some Sequence<Double>) -> [Double] {
    guard edges.count > 1, let low = edges.first, let high = edges.last, high > low else { return [] }
    var counts = [Double](repeating: 0, count: edges.count - 1)
    for value in values where value.isFinite && value >= low && value <= high {
      let place = Int((value - low) / (high - low) * Double(counts.count))
      counts[min(max(place, 0), counts.count - 1)] += 1
    }
    return counts
  }

  /// The least of 1, 2, 2.5, 5 times a power of ten that is no less than the width wanted.
  private static func roundStep(_ width: Double) -> Double {
    guard width > 0, width.isFinite else { return 1 }
    let power = decimalPower(decimalLog(width).rounded(.down))
    for factor in [1, 2, 2.5, 5] where factor * power >= width { return factor * power }
    return 10 * power
  }
}
