#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The value axis of a plot: which part of the numbers it shows, on which scale, and where its ticks stand.
struct Axis: Equatable {
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  var low: Double
  var high: Double
  var isLogarithmic: Bool

  /// An axis around the finite values; logarithmic where all are above zero and they span more than two
  /// decades. `nil` if no value is finite.
  init?(around values: some Sequence<Double>) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return nil }
    if low == high {
      // One value stands in the middle of an axis of its own size.
      let margin = low == 0 ? 1 : abs(low) * 0.1
      let widened = (low - margin, high + margin)
      if margin > 0, widened.0.isFinite, widened.1.isFinite { (low, high) = widened }
    }
    self.low = low
    self.high = high
    isLogarithmic = low > 0 && log10(high) - log10(low) > 2
  }

  /// Where a value stands between the axis's ends, 0 to 1; `nil` if it is not finite or has no place.
  func position(of value: Double) -> Double? {
    guard value.isFinite, low < high else { return value == low ? 0.5 : nil }
    let share: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      share = (log10(value) - log10(low)) / (log10(high) - log10(low))
    } else {
      // Halved first, so that the range of the largest doubles does not overflow.
      share = (value / 2 - low / 2) / (high / 2 - low / 2)
    }
    return share.isFinite ? min(max(share, 0), 1) : nil
  }

  /// Ticks at round numbers within the axis, ascending: no more than wanted, or where that leaves fewer than
  /// two, no more than `most`. Where no round numbers will do, the axis's ends.
  func ticks(about count: Int, atMost most: Int) -> [Tick] {
    let count = max(count, 2)
    var found = isLogarithmic ? logarithmicTicks(count) : linearTicks(count)
    if found.count < 2, !isLogarithmic { found = linearTicks(max(count, most)) }
    if found.count >= 2 { return found }
    let ends = low < high ? [low, high] : [low]
    return ends.map { Tick(value: $0, label: formatMetric($0, trailingZeros: false)) }
  }

  /// Steps of 1, 2 or 5 times a power of ten, the finest that gives no more than `count` ticks.
  private func linearTicks(_ count: Int) -> [Tick] {
    let range = high - low
    guard range.isFinite, range > 0 else { return [] }
    let power = Int(log10(range / Double(count)).rounded(.down))
    guard abs(power) < 290 else { return [] }
    for (factor, shift) in [(1.0, 0), (2.0, 0), (5.0, 0), (1.0, 1), (2.0, 1), (5.0, 1)] {
      let exponent = power + shift
      // Tick values are an integer times the step; dividing by a power of ten gives the nearest double to it.
      let scale = pow(10, Double(abs(exponent)))
      let step = exponent < 0 ? factor / scale : factor * scale
      let first = (low / step - 1e-9).rounded(.up)
      let last = (high / step + 1e-9).rounded(.down)
      guard abs(first) < 1e15, abs(last) < 1e15, last - first < Double(count) else { continue }
      guard last - first >= 1 else { return [] }
      return (Int(first)...Int(last)).map { index in
        let multiple = Double(index) * factor
        let value = exponent < 0 ? multiple / scale : multiple * scale
        return Tick(value: value, label: formatTick(value, decimals: -exponent))
      }
    }
    return []
  }

  /// Powers of ten, thinned out evenly; on a short axis, 2 and 5 times them as well.
  private func logarithmicTicks(_ count: Int) -> [Tick] {
    let first = Int((log10(low) - 1e-9).rounded(.up))
    let last = Int((log10(high) + 1e-9).rounded(.down))
    guard first <= last else { return [] }
    let step = (last - first) / count + 1
    var exponents = Array(stride(from: first, through: last, by: step))
    if exponents.isEmpty { exponents = [first] }
    let factors: [Double] = exponents.count * 2 <= count && step == 1 ? [1, 2, 5] : [1]
    let from = factors.count > 1 ? first - 1 : first
    let all = factors.count > 1 ? Array(from...last) : exponents
    var ticks: [Tick] = []
    for exponent in all {
      for factor in factors {
        let scale = pow(10, Double(abs(exponent)))
        let value = exponent < 0 ? factor / scale : factor * scale
        guard value >= low * (1 - 1e-9), value <= high * (1 + 1e-9), value.isFinite, value > 0 else {
          continue
        }
        ticks.append(Tick(value: value, label: formatTick(value, decimals: -exponent)))
      }
    }
    return ticks
  }
}

/// The decimal logarithm, for places on a page.
func decimalLog(_ value: Double) -> Double { log10(value) }

/// 10^exponent, for places on a page.
func decimalPower(_ exponent: Double) -> Double { pow(10, exponent) }
