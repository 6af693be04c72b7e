/// The number that a word reads as: `6`, `-0.5`, `1e-3`, `20%`; nil if it does not. Durations are not numbers,
/// nor are `inf`, `nan`, and what a double cannot hold.
public func number(fromWord word: String) -> Double? {
  let bytes = Array(word.utf8)
  var start = 0
  if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { start = 1 }
  guard let end = endOfUnsignedNumber(in: bytes[...], from: start), end == bytes.count else { return nil }
  let isPercent = bytes[end - 1] == UInt8(ascii: "%")
  let digits = word.utf8.dropLast(isPercent ? 1 : 0)
  guard let value = Double(String(Substring(digits))), value.isFinite else { return nil }
  return isPercent ? value / 100 : value
}

/// The end of the longest unsigned number that begins at `start`; nil if none does.
func endOfUnsignedNumber(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
  func digits(_ from: Int) -> Int {
    var end = from
    while end < bytes.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end]) { end += 1 }
    return end
  }
  var end = digits(start)
  var count = end - start
  if end < bytes.endIndex, bytes[end] == UInt8(ascii: ".") {
    let fraction = digits(end + 1)
    count += fraction - end - 1
    if count > 0 { end = fraction }
  }
  guard count > 0 else { return nil }
  if end < bytes.endIndex, bytes[end] == UInt8(ascii: "e") || bytes[end] == UInt8(ascii: "E") {
    var exponent = end + 1
    if exponent < bytes.endIndex, bytes[exponent] == UInt8(ascii: "-") || bytes[exponent] == UInt8(ascii: "+")
    {
      exponent += 1
    }
    let last = digits(exponent)
    if last > exponent { end = last }
  }
  if end < bytes.endIndex, bytes[end] == UInt8(ascii: "%") { end += 1 }
  return end
}
