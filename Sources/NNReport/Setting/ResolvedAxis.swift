/// A chart's axis when its data is known: the range with a margin, and the ticks.
struct ResolvedAxis: Equatable {
  let axis: Axis
  let ticks: [Axis.Tick]

  /// - Parameters:
  ///   - values: the data's.
  ///   - wanted: about how many ticks.
  ///   - margin: how much of the range stays free at both ends, unless a range was given.
  init(_ description: ChartAxis, values: some Sequence<Double>, ticks wanted: Int, margin: Double = 0.04) {
    var axis: Axis
    if let range = description.range {
      axis = Axis(low: range.lowerBound, high: range.upperBound)
    } else {
      var (low, high) = (Double.infinity, -Double.infinity)
      for value in values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
      for value in description.includes where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
      var found = Axis(around: [low, high]) ?? Axis(low: 0, high: 1)
      if description.scale == .linear { found.isLogarithmic = false }
      if description.isEpochs, low == high { found = Axis(low: low - 1, high: high + 1) }
      axis = found.widened(by: margin, notBelow: low >= 0 && description.includes.contains(0) ? 0 : nil)
    }
    self.axis = axis
    var found = axis.ticks(about: wanted, atMost: wanted * 2)
    if description.isEpochs {
      let whole = found.filter { $0.value == $0.value.rounded() && $0.value >= 1 }
      found = (whole.isEmpty ? found : whole).map { tick in
        Axis.Tick(value: tick.value, label: abs(tick.value) < 1e15 ? "\(Int(tick.value))" : tick.label)
      }
    }
    if description.isCount { found = found.filter { $0.value == $0.value.rounded() } }
    // Where no round numbers would do, the ends have long texts.
    ticks = found
  }

  func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    guard axis.low < axis.high else { return 0.5 }
    return axis.position(of: value)
  }
}

extension Axis {
  init(low: Double, high: Double, isLogarithmic: Bool = false) {
    self.low = min(low, high)
    self.high = max(low, high)
    self.isLogarithmic = isLogarithmic
  }

  /// With room at both ends.
  fileprivate func widened(by share: Double, notBelow floor: Double?) -> Axis {
    var result = self
    if isLogarithmic {
      let factor = decimalPower((decimalLog(high) - decimalLog(low)) * share)
      result.low = low / factor
      result.high = high * factor
    } else {
      let room = (high / 2 - low / 2) * 2 * share
      result.low = low - room
      result.high = high + room
    }
    if let floor { result.low = max(result.low, floor) }
    return result.low.isFinite && result.high.isFinite && (!isLogarithmic || result.low > 0) ? result : self
  }
}
