import NNDiagnostics

/// A text that is safe to print inside a line: control characters, line and paragraph separators, and the
/// marks that turn the direction of writing stand as escapes (`\n`, `\u{1b}`).
public func escapingControls(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: needsEscape) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where needsEscape(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// The text cut to a width, with `…` as its last column where something was left out.
public func truncating(_ text: String, toWidth width: Int) -> String {
  guard width > 0 else { return "" }
  guard displayWidth(of: text) > width else { return text }
  var result = ""
  var used = 0
  for character in text {
    let columns = displayWidth(of: character)
    if used + columns > width - 1 { break }
    result.append(character)
    used += columns
  }
  return result + "…"
}

/// The text filled with blanks up to a width, on its right or its left.
func padded(_ text: String, toWidth width: Int, alignRight: Bool = false) -> String {
  let fill = String(repeating: " ", count: max(0, width - displayWidth(of: text)))
  return alignRight ? fill + text : text + fill
}

private func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0x061C, 0x200E, 0x200F, 0xFEFF: true
  default: false
  }
}
