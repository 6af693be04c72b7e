/// A ladder of thresholds with the outputs sorted between its rungs, so that one look at an output counts it for all of
/// them. An output is above a threshold if it is larger; equal is not above.
struct Thresholds: Sendable, Equatable {
  /// Rising.
  let values: [Float]
  /// Spaced evenly from 0 to 1: the rung is then computed, from an output cut to [0, 1], as Keras does.
  let isEven: Bool
  /// The outermost lie just outside of [0, 1], so every output is above the first.
  let isWidened: Bool

  /// Keras's epsilon().
  private static let epsilon = 1e-7

  /// `count` evenly spaced ones.
  /// - Parameter widened: the first is below 0 and the last above 1, by 1e-7.
  init(count: Int, widened: Bool) {
    guard count > 1 else {
      self.init(values: [0.5], isEven: false, isWidened: false)
      return
    }
    let inner = (1..<(count - 1)).map { Double($0) / Double(count - 1) }
    self.init(inner: inner, isEven: true, isWidened: widened)
  }

  /// Given ones, between one below 0 and one above 1. If they are as good as evenly spaced, Keras takes them for even.
  init(_ given: [Double]) {
    let inner = given.sorted()
    let all = [0] + inner + [1]
    let isEven =
      all.count > 2
      && all.indices.allSatisfy { index in
        let even = Double(Float(index) / Float(all.count - 1))
        return abs(all[index] - even) <= Self.epsilon + 1e-5 * abs(even)
      }
    self.init(inner: inner, isEven: isEven, isWidened: true)
  }

  private init(inner: [Double], isEven: Bool, isWidened: Bool) {
    let margin = isWidened ? Self.epsilon : 0
    self.init(
      values: ([-margin] + inner + [1 + margin]).map { Float($0) }, isEven: isEven, isWidened: isWidened)
  }

  private init(values: [Float], isEven: Bool, isWidened: Bool) {
    self.values = values
    self.isEven = isEven
    self.isWidened = isWidened
  }

  var count: Int { values.count }

  /// The most that are of use: a float32 has not many more values between 0 and 1.
  static let most = 1_000_000

  /// Calls `body` with a function that gives the last threshold below an output, or -1 if there is none.
  @inline(__always)
  func withRungs(_ body: ((Float) -> Int) -> Void) {
    if isEven {
      let steps = Float(count - 1)
      let least = isWidened ? 0 : -1
      body { output in
        // Not a number counts as 0.
        let low = output > 0 ? output : 0
        let scaled = (low < 1 ? low : 1) * steps
        // ⌈scaled⌉ − 1; `scaled` is from 0 to `steps`.
        let whole = Int(scaled)
        let rung = Float(whole) < scaled ? whole : whole - 1
        return rung > least ? rung : least
      }
    } else {
      values.withUnsafeBufferPointer { values in
        body { output in
          var low = 0
          var high = values.count
          while low < high {
            let middle = (low + high) / 2
            if values[middle] < output { low = middle + 1 } else { high = middle }
          }
          return low - 1
        }
      }
    }
  }
}

/// What is above each threshold of a ladder, and what is not.
struct CurvePoint {
  var truePositives = 0.0
  var falsePositives = 0.0
  var falseNegatives = 0.0
  var trueNegatives = 0.0

  var positives: Double { truePositives + falseNegatives }
  var negatives: Double { falsePositives + trueNegatives }
  var recall: Double { share(truePositives, of: positives) }
  var specificity: Double { share(trueNegatives, of: negatives) }
  var falsePositiveRate: Double { share(falsePositives, of: negatives) }
  var precision: Double { share(truePositives, of: truePositives + falsePositives) }
}

extension Thresholds {
  /// Sums for one label: those with their outputs on each rung whose target is 1, then the like whose target is 0, then all
  /// of either.
  var sumCount: Int { 2 * count + 2 }

  /// Adds some outputs of a row to one label's sums.
  @inline(__always)
  func add(
    _ output: UnsafePointer<Float>, _ units: Range<Int>, of row: Int, _ reader: TargetReader, weight: Double,
    to sums: UnsafeMutablePointer<Double>, _ rung: (Float) -> Int
  ) {
    var real = 0
    for unit in units {
      let isReal = reader.value(row, unit) != 0
      let place = rung(output[unit])
      real += isReal ? 1 : 0
      if place >= 0 { sums[(isReal ? 0 : count) + place] += weight }
    }
    sums[2 * count] += weight * Double(real)
    sums[2 * count + 1] += weight * Double(units.count - real)
  }

  /// The curve from the sums, at each threshold from the lowest.
  func curve(_ sums: UnsafePointer<Double>) -> [CurvePoint] {
    var points = [CurvePoint](repeating: CurvePoint(), count: count)
    var hits = 0.0
    var misses = 0.0
    for index in (0..<count).reversed() {
      hits += sums[index]
      misses += sums[count + index]
      points[index] = CurvePoint(
        truePositives: hits, falsePositives: misses, falseNegatives: sums[2 * count] - hits,
        trueNegatives: sums[2 * count + 1] - misses)
    }
    return points
  }
}
