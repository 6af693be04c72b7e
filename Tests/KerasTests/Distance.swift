/// The measure of docs/keras.md.
enum Distance {
  static let tolerance = 1e-5

  /// max|a − b| / max(1e-2, max|a|)
  static func tensors(_ expected: [Float], _ values: [Float]) -> Double {
    guard expected.count == values.count else { return .infinity }
    var largest = 0.0
    var apart = 0.0
    for (a, b) in zip(expected, values) {
      guard a.isFinite, b.isFinite else { return .infinity }
      largest = max(largest, abs(Double(a)))
      apart = max(apart, abs(Double(a) - Double(b)))
    }
    return apart / max(1e-2, largest)
  }

  /// |a − b| / max(floor, |a|), 1e-3 being the floor of a loss; what is not finite has to be the same.
  static func numbers(_ expected: Double, _ value: Double, floor: Double = 1e-3) -> Double {
    guard expected.isFinite, value.isFinite else {
      return expected == value || expected.isNaN && value.isNaN ? 0 : .infinity
    }
    return abs(expected - value) / max(floor, abs(expected))
  }
}
