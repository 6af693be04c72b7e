/// A row of numbers as one line of bars, `▇▅▃▂▂▁`: the smallest is `▁`, the largest `█`.
///
/// - Parameters:
///   - values: any numbers; one that is not finite leaves a blank.
///   - width: the most characters to use; more values than that are averaged in groups of near-equal size.
/// - Returns: one character a value, or `width` characters; `▄` throughout where all are equal.
public func sparkline(_ values: [Double], width: Int? = nil) -> String {
  let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  let points = averaged(values, into: max(1, width ?? values.count))
  let finite = points.filter(\.isFinite)
  guard let low = finite.min(), let high = finite.max() else {
    return String(repeating: " ", count: points.count)
  }
  return String(
    points.map { value -> Character in
      guard value.isFinite else { return " " }
      guard high > low else { return bars[3] }
      // Halved first, so that the range of the largest doubles does not overflow.
      let share = (value / 2 - low / 2) / (high / 2 - low / 2)
      guard share.isFinite else { return bars[3] }
      return bars[min(max(Int(share * 8), 0), 7)]
    })
}

/// The means of the finite values in `count` groups of near-equal size, or the values where they are no more.
private func averaged(_ values: [Double], into count: Int) -> [Double] {
  guard values.count > count else { return values }
  return (0..<count).map { group in
    let start = groupStart(group, of: count, over: values.count)
    let end = groupStart(group + 1, of: count, over: values.count)
    let finite = values[start..<end].filter(\.isFinite)
    guard !finite.isEmpty else { return .nan }
    let size = Double(finite.count)
    return finite.reduce(0) { $0 + $1 / size }
  }
}

/// Where group `index` of `groups` begins among `count` items: floor(index · count / groups).
func groupStart(_ index: Int, of groups: Int, over count: Int) -> Int {
  // Quotient and remainder apart, so that no product can overflow.
  let (quotient, remainder) = count.quotientAndRemainder(dividingBy: groups)
  return index * quotient + index * remainder / groups
}
