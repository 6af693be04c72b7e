import NNDiagnostics

/// What can be wrong with characters.
public enum LexicalProblem: Sendable, Hashable {
  /// The text is not UTF-8 here, and `count - 1` times more.
  case notUTF8(Span, count: Int)
  case utf16(Span)
  /// `isRawString` is nil outside strings.
  case controlCharacter(Span, Unicode.Scalar, isRawString: Bool?)
  case foreignBlank(Span, Unicode.Scalar)
  /// `content` is what stands between two of them; nil if a partner is missing.
  case curlyQuote(Span, isDouble: Bool, content: String?)
  case backtick(Span, content: String?)
  case loneExclamation(Span)
  case loneDollar(Span, inString: Bool)
  case unterminatedString(Span, quote: String)
  case unknownEscape(Span, String)
  case badUnicodeEscape(Span)
  /// `${…}` in a string with something that is not a name in it.
  case badInterpolation(Span)

  public var code: String {
    switch self {
    case .notUTF8: "E0101"
    case .utf16: "E0102"
    case .controlCharacter: "E0103"
    case .foreignBlank: "E0104"
    case .curlyQuote: "E0105"
    case .backtick: "E0106"
    case .loneExclamation: "E0107"
    case .loneDollar: "E0108"
    case .unterminatedString: "E0109"
    case .unknownEscape: "E0110"
    case .badUnicodeEscape: "E0111"
    case .badInterpolation: "E0112"
    }
  }

  public var span: Span {
    switch self {
    case .notUTF8(let span, _), .utf16(let span), .controlCharacter(let span, _, _),
      .foreignBlank(let span, _),
      .curlyQuote(let span, _, _), .backtick(let span, _), .loneExclamation(let span),
      .loneDollar(let span, _),
      .unterminatedString(let span, _), .unknownEscape(let span, _), .badUnicodeEscape(let span),
      .badInterpolation(let span):
      span
    }
  }

  public func diagnostic(in source: SourceFile) -> Diagnostic {
    var result = Diagnostic(code: code, "", source: source, span: span)
    func fix(_ message: String, _ replacement: String) {
      result.fixIts.append(Diagnostic.FixIt(message, span: span, replacement: replacement))
    }
    switch self {
    case .notUTF8(_, let count):
      result.message = "this text is not UTF-8"
      result.label = count == 1 ? "this byte is not" : "the first of \(count) bytes that are not"
      result.help = "save the file in the encoding UTF-8"
    case .utf16:
      result.message = "this text is UTF-16, not UTF-8"
      result.help = "save the file in the encoding UTF-8"
    case .controlCharacter(_, let scalar, let isRawString):
      result.message = "a control character, \(Characters.description(of: scalar)), may not stand here"
      let escape = "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      switch isRawString {
      case false: fix("write \(escape)", escape)
      case true: result.help = "\"…\" can hold it as \(escape)"
      case nil:
        if scalar == "\r" {
          fix("end the line with a line feed", "\n")
        } else {
          fix("remove it", "")
        }
      }
    case .foreignBlank(_, let scalar):
      result.message = "this blank is \(Characters.description(of: scalar)), not a plain one"
      result.help = "it may stand in strings and comments"
      fix("write a plain blank", " ")
    case .curlyQuote(_, let isDouble, let content):
      let quote = isDouble ? "\"" : "'"
      result.message = "curly quotes do not quote; write \(quote)"
      if let content {
        fix("write \(quote)\(content)\(quote)", "\(quote)\(content)\(quote)")
      }
    case .backtick(_, let content):
      result.message = "backticks do not quote; write '…' or \"…\""
      if let content, !content.contains("'") { fix("write '\(content)'", "'\(content)'") }
    case .loneExclamation:
      result.message = "`!` stands only in `!=`"
    case .loneDollar(_, let inString):
      result.message = "`$` must be followed by a name"
      if inString {
        fix("write \\$ for a dollar sign", "\\$")
      } else {
        result.help = "`$name` is the value that `let` or `param` gave to name; '…' can hold a dollar sign"
      }
    case .unterminatedString(let span, let quote):
      result.message = "this string has no closing \(quote)"
      result.label = "a string ends on its line"
      result.fixIts.append(
        Diagnostic.FixIt("add the closing \(quote)", span: Span(span.end, span.end), replacement: quote))
    case .unknownEscape(_, let text):
      result.message = "`\(text)` is not an escape"
      result.help = "there are \\n \\t \\\" \\\\ \\$ and \\u{…}; '…' takes every character as it is"
      fix("write \\\(text) for a backslash", "\\" + text)
    case .badUnicodeEscape:
      result.message = "\(source.quoted(span)) does not name a character"
      result.help = "write the character's number in hexadecimal, as in \\u{1F600}"
    case .badInterpolation:
      result.message = "`${…}` holds a name and nothing else"
    }
    return result
  }
}
