import NNDiagnostics

/// What can be wrong with the way a text is built.
public enum StructureProblem: Sendable, Hashable {
  /// Something other than what may stand here; `found` is nil at the end of a line or of the text.
  case unexpected(Span, found: Found, expected: Expectation)
  /// A bracket that nothing closes; `end` is where the closing one was missed.
  case unclosed(Span, Bracket, end: Int)
  /// A closing bracket that nothing opened.
  case strayCloser(Span, String)
  /// `[a, b)`: closed by another kind of bracket.
  case wrongCloser(Span, found: String, bracket: Bracket, opened: Span)
  case notAName(Span, role: String)
  /// A string or a word that is no name before `=`.
  case notAnOptionName(Span)
  /// `epochs=` and nothing.
  case missingValue(Span, name: Span)
  /// `a | | b`, `| a`, `a |`.
  case emptyPipe(Span, EmptyPipe)
  /// More after a statement that is complete, such as `let a = 1 2`.
  case extra(Span, after: Completed)
  /// `fit | let a = 1`.
  case statementInFlow(Span, keyword: String)
  /// `fit | $base`.
  case variableInFlow(Span)
  /// Something that is no number in `( … )`.
  case notArithmetic(Span)
  case namelessBlock(Span)
  case tooDeep(Span, limit: Int)
  case tooLong(Span, limit: Int)
  /// So many problems that the rest is not worth its time: this is hardly a script.
  case tooMany(Span, left: Int)

  public enum Found: Sendable, Hashable {
    case text
    case lineEnd
    case end
  }

  public enum Expectation: String, Sendable, Hashable {
    case stage = "a stage"
    case layer = "a layer"
    case value = "a value"
    case option = "a value or an option"
    case separator = "`;` or a new line"
    case layerSeparator = "`;`, a new line or `>`"
    case pipe = "`|`, `;` or a new line"
    case body = "`{`"
    case formals = "`(`"
    case name = "a name"
    case assignment = "`=`"
    case comparison = "`<`, `<=`, `>`, `>=`, `==` or `!=`"
    case subject = "the name of a column or of a metric"
    case factor = "a number, `$name` or `(`"
    case arithmeticOperator = "`+`, `-`, `*`, `/` or `)`"
    case comma = "`,` or a closing bracket"
  }

  public enum Bracket: String, Sendable, Hashable {
    case parenthesis = "("
    case bracket = "["
    case angle = "<"
    case brace = "{"

    public var closer: String {
      switch self {
      case .parenthesis: ")"
      case .bracket: "]"
      case .angle: ">"
      case .brace: "}"
      }
    }
  }

  public enum EmptyPipe: Sendable, Hashable {
    case leading, trailing, double
  }

  public enum Completed: String, Sendable, Hashable {
    case letValue = "`let` binds one value"
    case condition = "a condition compares two values"
    case definition = "a `def` ends with its `}`"
    case parameter = "`param` declares one name"
    case include = "`include` takes one file"
  }

  public var code: String {
    switch self {
    case .unexpected: "E0120"
    case .unclosed: "E0121"
    case .strayCloser: "E0122"
    case .wrongCloser: "E0123"
    case .notAName: "E0124"
    case .notAnOptionName: "E0125"
    case .missingValue: "E0126"
    case .emptyPipe: "E0127"
    case .extra: "E0128"
    case .statementInFlow: "E0129"
    case .variableInFlow: "E0130"
    case .notArithmetic: "E0131"
    case .namelessBlock: "E0132"
    case .tooDeep: "E0133"
    case .tooLong: "E0134"
    case .tooMany: "E0135"
    }
  }

  public var span: Span {
    switch self {
    case .unexpected(let span, _, _), .unclosed(let span, _, _), .strayCloser(let span, _),
      .wrongCloser(let span, _, _, _), .notAName(let span, _), .notAnOptionName(let span),
      .missingValue(let span, _), .emptyPipe(let span, _), .extra(let span, _), .statementInFlow(let span, _),
      .variableInFlow(let span), .notArithmetic(let span), .namelessBlock(let span), .tooDeep(let span, _),
      .tooLong(let span, _), .tooMany(let span, _):
      span
    }
  }

  public func diagnostic(in source: SourceFile) -> Diagnostic {
    var result = Diagnostic(code: code, "", source: source, span: span)
    func fix(_ message: String, _ replacement: String, at place: Span? = nil) {
      result.fixIts.append(Diagnostic.FixIt(message, span: place ?? span, replacement: replacement))
    }
    let text = source.quoted(span)
    switch self {
    case .unexpected(_, let found, let expected):
      switch found {
      case .text: result.message = "expected \(expected.rawValue), found \(text)"
      case .lineEnd: result.message = "expected \(expected.rawValue), found the end of the line"
      case .end: result.message = "expected \(expected.rawValue), found the end of the text"
      }
      result.label = "expected \(expected.rawValue)"
      if expected == .formals {
        result.help =
          "a definition says in brackets what it takes: `def train(n, rate=0.01) { compile lr=$rate; fit epochs=$n }`"
      }
    case .unclosed(_, let bracket, let end):
      result.message = "this `\(bracket.rawValue)` is never closed"
      result.label = "opened here"
      let place = Span(end, end)
      result.notes.append(
        Diagnostic.Note("`\(bracket.closer)` was expected here", source: source, span: place))
      let gap = bracket == .angle || bracket == .brace ? " " : ""
      fix("add `\(bracket.closer)`", gap + bracket.closer, at: place)
    case .strayCloser(_, let closer):
      result.message = "this `\(closer)` closes nothing"
      fix("remove it", "")
    case .wrongCloser(_, let found, let bracket, let opened):
      result.message = "`\(bracket.rawValue)` is closed by `\(found)`"
      result.notes.append(Diagnostic.Note("opened here", source: source, span: opened))
      fix("write `\(bracket.closer)`", bracket.closer)
    case .notAName(_, let role):
      result.message = "\(text) cannot be \(role)"
      if let meant = Self.meant(by: source.text(span), as: role) {
        fix("write `\(meant)`", meant)
      } else {
        result.help = "a name is made of letters, digits and `_`, and does not begin with a digit"
      }
    case .notAnOptionName:
      result.message = "\(text) cannot be an option's name"
      result.help =
        "an option's name is a bare word of letters, digits and `_`; a value with `=` in it needs quotes"
    case .missingValue(_, let name):
      result.message = "\(source.quoted(name)) has no value"
      result.label = "expected a value after `=`"
    case .emptyPipe(_, let kind):
      switch kind {
      case .leading:
        result.message = "there is no stage before this `|`"
        fix("remove it", "")
      case .trailing:
        result.message = "there is no stage after this `|`"
        result.label = "expected a stage"
      case .double:
        result.message = "there is no stage between these two `|`"
        fix("remove one", "")
      }
    case .extra(_, let completed):
      result.message = "\(completed.rawValue), so \(text) has no place here"
      switch completed {
      case .letValue:
        result.help = "several values are a list, as in `[8, 16]`; quote a text with blanks in it"
      case .condition: result.help = "for another stage write `|` before it"
      default: result.help = "the next statement begins after `;` or on a new line"
      }
    case .statementInFlow(_, let keyword):
      result.message = "`\(keyword)` begins a statement, so it cannot be a stage"
      result.help = "put it on a line of its own"
    case .variableInFlow:
      result.message = "\(text) can only be the beginning of a flow"
      result.help = "a flow starts from an experiment, as in `$base | fit`, and goes on with stages"
    case .notArithmetic:
      result.message = "\(text) is not a number"
      result.label = "arithmetic takes numbers and `$name`"
    case .namelessBlock:
      result.message = "a block without a layer's name stands only in `parallel`"
      result.help = "name the layer that takes it, as in `residual < … >`"
    case .tooDeep(_, let limit):
      result.message = "brackets are nested more than \(limit) deep"
    case .tooLong(_, let limit):
      result.message = "there are more than \(limit) operators in one piece of arithmetic"
      result.help = "name a part of it with `let`"
    case .tooMany(_, let left):
      result.message = "there are \(left) more problems from here on"
      result.help = "is this a script of nn?"
    }
    return result
  }

  /// What was meant by a word that is no name: `model.fit(…)`, `data.csv | …`, `< 16 relu >`.
  private static func meant(by text: String, as role: String) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let last = parts.last.map(String.init) else { return nil }
    switch role {
    case "a stage":
      if ["csv", "tsv"].contains(last), parts.count > 1 { return "data \(text)" }
      return parts.count == 2 && ["compile", "fit", "evaluate", "predict", "summary", "save"].contains(last)
        ? last : nil
    case "a layer":
      if number(fromWord: text) != nil { return "dense \(text)" }
      return parts.count > 1 && ["layers", "keras", "tf", "nn"].contains(String(parts[0])) ? last : nil
    default: return nil
    }
  }
}
