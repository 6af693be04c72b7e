#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Text from a file or a user as a message may show it: control characters escaped, cut where it is long.
public func shown(_ text: String, limit: Int = 80) -> String {
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == limit {
      result += "…"
      break
    }
    count += 1
    switch scalar {
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    default:
      // Controls, and what reorders or hides text around it.
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}

/// The same between quotes.
public func quoted(_ text: String) -> String { "\"" + shown(text) + "\"" }

/// `1 row`, `2 rows`.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  count == 1 ? "1 \(singular)" : "\(count) \(plural ?? singular + "s")"
}

/// The first of some names.
func listed(_ names: [String], limit: Int = 12) -> String {
  let first = names.prefix(limit).map { shown($0) }.joined(separator: ", ")
  return names.count > limit ? first + " and \(names.count - limit) more" : first
}

/// The shortest decimal that reads back as the same float32, whole numbers without `.0`.
public func shortestText(_ number: Float) -> String {
  if number == number.rounded(.towardZero), number.magnitude < 16_777_216 {
    return number == 0 && number.sign == .minus ? "-0" : String(Int(number))
  }
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Bytes of memory that the machine has.
func physicalMemory() -> UInt64 {
  let pages = sysconf(Int32(_SC_PHYS_PAGES))
  let size = sysconf(Int32(_SC_PAGESIZE))
  guard pages > 0, size > 0 else { return 1 << 36 }
  return UInt64(pages).multipliedReportingOverflow(by: UInt64(size)).partialValue
}

/// The system's words for an error number.
public func systemMessage(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "error \(code)" }
  // SAFETY: strerror returns a NUL-terminated string that is valid until the next call on this thread.
  return String(cString: text)
}
