/// A number as people read it: four significant digits by default, the same in every locale.
///
/// The integer part is never rounded away below ten million (`123457`, not `1.235e5`); beyond that, and below
/// 0.0001, the number is written with an exponent (`1.235e7`). Numbers that are not finite are `nan`, `inf` and
/// `-inf`, as in the program's JSON.
///
/// - Parameters:
///   - value: any number.
///   - significantDigits: how many digits to keep, at least 1.
///   - trailingZeros: `true` keeps the zeros that show the precision (`0.2500`), which holds columns steady;
///     `false` drops them (`0.25`).
public func formatMetric(_ value: Double, significantDigits: Int = 4, trailingZeros: Bool = true) -> String {
  guard value.isFinite else { return nonFinite(value) }
  guard value != 0 else { return "0" }
  let wanted = min(max(significantDigits, 1), 17)
  let exact = DecimalDigits(shortest: value)
  let rounded = exact.rounded(significant: max(wanted, min(exact.exponent + 1, 7)))
  if rounded.exponent >= 7 || rounded.exponent < -4 {
    return exact.rounded(significant: wanted).scientific(trailingZeros: trailingZeros, digits: wanted)
  }
  let decimals = max(0, wanted - 1 - rounded.exponent)
  return rounded.fixed(decimals: trailingZeros ? decimals : nil)
}

/// A share between 0 and 1 with three digits after the point, so that a column of them can be compared at a glance: `0.067`.
public func formatShare(_ share: Double) -> String {
  guard share.isFinite else { return nonFinite(share) }
  return DecimalDigits(shortest: share).rounded(decimals: 3).fixed(decimals: 3)
}

/// A count with its thousands set apart: `53,940`.
public func formatCount(_ count: Int) -> String {
  var groups: [String] = []
  var rest = count.magnitude
  while rest >= 1_000 {
    let group = String(rest % 1_000)
    groups.append(String(repeating: "0", count: 3 - group.count) + group)
    rest /= 1_000
  }
  groups.append(String(rest))
  return (count < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
}

/// A length of time in the two largest units that matter: `85 ms`, `3.2 s`, `2 min 05 s`, `1 h 02 min`.
///
/// - Parameter seconds: zero or more; what is not finite or negative is `–`.
public func formatDuration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e15 else { return "–" }
  if seconds < 0.0995 {
    let milliseconds = seconds * 1_000
    return DecimalDigits(shortest: milliseconds).rounded(decimals: milliseconds < 9.95 ? 1 : 0).fixed(
      decimals: nil) + " ms"
  }
  if seconds < 9.95 { return DecimalDigits(shortest: seconds).rounded(decimals: 1).fixed(decimals: 1) + " s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3_600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
  let minutes = (whole + 30) / 60
  return "\(formatCount(minutes / 60)) h \(twoDigits(minutes % 60)) min"
}

/// A number with a fixed count of digits after the point, for axis labels; exponent form where that is shorter.
func formatTick(_ value: Double, decimals: Int) -> String {
  guard value.isFinite else { return nonFinite(value) }
  guard value != 0 else { return "0" }
  let exact = DecimalDigits(shortest: value)
  if exact.exponent >= 6 || exact.exponent < -4 {
    return exact.rounded(decimals: decimals).scientific(trailingZeros: false, digits: 0)
  }
  return exact.rounded(decimals: decimals).fixed(decimals: max(0, decimals))
}

private func nonFinite(_ value: Double) -> String {
  value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
}

private func twoDigits(_ value: Int) -> String {
  value < 10 ? "0\(value)" : "\(value)"
}
