import NNDiagnostics

/// Habits from other languages: what was meant is known, so each has its fix, and the tree holds what was meant.
public enum Mistake: Sendable, Hashable {
  /// A stretch of text and what should stand in its place.
  public struct Rewrite: Sendable, Hashable {
    public var span: Span
    public var text: String
  }

  /// `predict x > y`. `fix` is nil for stages that write no file.
  case redirect(Span, fix: Rewrite?)
  /// `model < dense 3`'s look-alike, `predict < data.csv`.
  case redirectIn(Span, fix: Rewrite)
  /// `dense(6, relu)`.
  case callOfStage(Span, fix: Rewrite)
  /// `adam (lr=0.1)`.
  case blankBeforeCall(Span, name: String, fix: Rewrite)
  /// `select a, b`.
  case commaBetweenArguments(Span, fix: Rewrite)
  /// `filter a = 3`, and other spellings of a comparison.
  case comparison(Span, meant: String)
  /// `filter a < 3 and b < 2`.
  case conjunction(Span, fix: Rewrite?)
  /// `epochs: 5`.
  case colon(Span, fix: Rewrite)
  /// `model < dense 6 | dense 2 >`.
  case pipeInBlock(Span, fix: Rewrite)
  /// `model < dense(6), dense(2) >`.
  case commaBetweenLayers(Span, fix: Rewrite)
  /// `model`, then `<` on the next line.
  case bracketOnNextLine(Span, bracket: String, fix: Rewrite)
  /// `dense 3 { … }`.
  case braceInBlock(Span)
  /// `$dir/best.onnx`; `isQuoting` says whether the fix makes one string of it.
  case touching(Span, isQuoting: Bool, fix: Rewrite)
  /// `let lr 0.1`.
  case missingAssign(Span, fix: Rewrite)
  /// `compile loss=mse`, and `lr=0.1` further in on the next line.
  case optionOnNextLine(Span, fix: Rewrite)
  /// `lr = 0.1`.
  case missingLet(Span, fix: Rewrite)
  /// `evaluate loss <= 3`.
  case comparisonElsewhere(Span)
  /// `epochs==5`.
  case doubleAssign(Span)
  /// `$base fit`.
  case missingPipe(Span, fix: Rewrite)
  /// `data t.csv > fit`, `data t.csv |> fit`.
  case foreignPipe(Span)
  /// `fit expect loss < 3`.
  case missingPipeBefore(Span, stage: String)
  /// `[a b]`, `adam(0.1 0.9)`.
  case missingComma(Span, fix: Rewrite)
  /// `adam(lr 0.1)`.
  case pairInCall(Span, fix: Rewrite)
  /// `[a, , b]`.
  case emptyItem(Span)
  /// `let $lr = 0.1`.
  case dollarInDeclaration(Span, name: String)
  /// `${name}` outside a string.
  case bracedVariable(Span, name: String)
  /// `def block { … }`.
  case missingFormals(Span, name: String)
  /// `class_weight={0: 1}`.
  case bracesForList(Span, fix: Rewrite)
  /// `let base = data a.csv; split`: a warning.
  case semicolonInLet(Span, name: String, stage: String)

  public static let comparisonElsewhereCode = "E0162"

  public var code: String {
    switch self {
    case .redirect: "E0140"
    case .redirectIn: "E0141"
    case .callOfStage: "E0142"
    case .blankBeforeCall: "E0143"
    case .commaBetweenArguments: "E0144"
    case .comparison: "E0145"
    case .conjunction: "E0146"
    case .colon: "E0147"
    case .pipeInBlock, .commaBetweenLayers: "E0148"
    case .bracketOnNextLine: "E0149"
    case .braceInBlock: "E0150"
    case .touching: "E0151"
    case .missingAssign: "E0152"
    case .missingLet: "E0153"
    case .doubleAssign: "E0154"
    case .comparisonElsewhere: Self.comparisonElsewhereCode
    case .missingPipe, .missingPipeBefore: "E0155"
    case .missingComma: "E0156"
    case .pairInCall: "E0157"
    case .emptyItem: "E0158"
    case .dollarInDeclaration: "E0159"
    case .bracedVariable: "E0160"
    case .missingFormals: "E0161"
    case .bracesForList: "E0163"
    case .optionOnNextLine: "E0164"
    case .foreignPipe: "E0165"
    case .semicolonInLet: "W0101"
    }
  }

  public var span: Span {
    switch self {
    case .redirect(let span, _), .redirectIn(let span, _), .callOfStage(let span, _),
      .blankBeforeCall(let span, _, _), .commaBetweenArguments(let span, _), .comparison(let span, _),
      .conjunction(let span, _), .colon(let span, _), .pipeInBlock(let span, _),
      .commaBetweenLayers(let span, _),
      .bracketOnNextLine(let span, _, _), .braceInBlock(let span), .touching(let span, _, _),
      .missingAssign(let span, _), .missingLet(let span, _), .doubleAssign(let span),
      .comparisonElsewhere(let span),
      .missingPipe(let span, _), .foreignPipe(let span), .missingPipeBefore(let span, _),
      .missingComma(let span, _), .pairInCall(let span, _), .emptyItem(let span),
      .dollarInDeclaration(let span, _), .bracedVariable(let span, _), .missingFormals(let span, _),
      .bracesForList(let span, _), .optionOnNextLine(let span, _),
      .semicolonInLet(let span, _, _):
      span
    }
  }

  public func diagnostic(in source: SourceFile) -> Diagnostic {
    var result = Diagnostic(code: code, "", source: source, span: span)
    func fix(_ message: String, _ rewrite: Rewrite?) {
      guard let rewrite else { return }
      result.fixIts.append(Diagnostic.FixIt(message, span: rewrite.span, replacement: rewrite.text))
    }
    /// Names what the fix writes, if that is short enough to read.
    func write(_ rewrite: Rewrite?, orElse message: String) {
      guard let rewrite else { return }
      let text = rewrite.text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
      let isShort = text.count <= 60 && !text.contains("\n")
      fix(isShort ? "write `\(text)`" : message, rewrite)
    }
    switch self {
    case .redirect(let span, let rewrite):
      result.message = "\(source.quoted(span)) does not write to a file"
      if rewrite == nil { result.help = "stages that write a file take its name, as in `predict to=FILE`" }
      write(rewrite, orElse: "name the file with `to=`")
    case .redirectIn(_, let rewrite):
      result.message = "`<` does not read from a file"
      write(rewrite, orElse: "leave out the `<`")
    case .callOfStage(_, let rewrite):
      result.message = "options follow a stage or a layer after blanks, without brackets and commas"
      write(rewrite, orElse: "leave out the brackets and commas")
    case .blankBeforeCall(_, let name, let rewrite):
      result.message = "`(` must touch `\(name)` to make a call"
      write(rewrite, orElse: "remove the blank")
    case .commaBetweenArguments(_, let rewrite):
      result.message = "values are separated by blanks here, not by commas"
      // The fix itself may be the list.
      if rewrite.text.last != "]" { result.help = "a list is written in brackets, as in `[a, b]`" }
      write(rewrite, orElse: "leave out the commas")
    case .comparison(let span, let meant):
      result.message = "\(source.quoted(span)) does not compare; `\(meant)` does"
      fix("write `\(meant)`", Rewrite(span: span, text: meant))
    case .conjunction(let span, let rewrite):
      result.message = "\(source.quoted(span)) cannot join two conditions"
      if rewrite == nil { result.help = "one stage takes one condition" }
      write(rewrite, orElse: "make it two stages")
    case .colon(_, let rewrite):
      result.message = "an option is written with `=`, not with `:`"
      write(rewrite, orElse: "write `=`")
    case .pipeInBlock(_, let rewrite):
      result.message = "layers are separated by `;` or a new line, not by `|`"
      write(rewrite, orElse: "write `;` instead")
    case .commaBetweenLayers(_, let rewrite):
      result.message = "layers are separated by `;` or a new line, not by commas"
      write(rewrite, orElse: "write `;` instead")
    case .bracketOnNextLine(_, let bracket, let rewrite):
      result.message = "`\(bracket)` must stand on the line of what it belongs to"
      write(rewrite, orElse: "move it to the end of that line")
    case .braceInBlock:
      result.message = "a layer takes its block in `< … >`, not in `{ … }`"
    case .touching(_, let isQuoting, let rewrite):
      result.message = "these values touch"
      if isQuoting {
        result.label = "one value or two?"
        fix("quote them: \(rewrite.text)", rewrite)
      } else {
        fix("put a blank between them", rewrite)
      }
    case .missingAssign(_, let rewrite):
      result.message = "there is no `=` before this value"
      write(rewrite, orElse: "write `=`")
    case .missingLet(_, let rewrite):
      result.message = "a value gets its name with `let`"
      write(rewrite, orElse: "write `let` before it")
    case .doubleAssign(let span):
      result.message = "an option is set with one `=`"
      fix("write `=`", Rewrite(span: span, text: "="))
    case .comparisonElsewhere:
      result.message = "values are compared only behind `filter` and `expect`"
    case .missingPipe(_, let rewrite):
      result.message = "there is no `|` between the start of this flow and its first stage"
      write(rewrite, orElse: "write `|`")
    case .foreignPipe(let span):
      result.message = "stages are joined by `|`, not by \(source.quoted(span))"
      fix("write `|`", Rewrite(span: span, text: "|"))
    case .missingPipeBefore(let span, let stage):
      result.message = "there is no `|` before `\(stage)`, which is a stage of its own"
      fix("write `| \(stage)`", Rewrite(span: span, text: "| \(stage)"))
    case .missingComma(_, let rewrite):
      result.message = "there is no comma before this value"
      fix("write `,`", rewrite)
    case .pairInCall(_, let rewrite):
      result.message = "inside a call an option needs its `=`"
      write(rewrite, orElse: "write `=`")
    case .emptyItem(let span):
      result.message = "there is no value before this comma"
      fix("remove it", Rewrite(span: span, text: ""))
    case .dollarInDeclaration(let span, let name):
      result.message = "a name is declared without `$`"
      fix("write `\(name)`", Rewrite(span: span, text: name))
    case .bracedVariable(let span, let name):
      result.message = "`${…}` stands only in strings"
      fix("write `$\(name)`", Rewrite(span: span, text: "$\(name)"))
    case .missingFormals(let span, let name):
      result.message = "a `def` has `( )` after its name, even without parameters"
      write(Rewrite(span: span, text: "def \(name)()"), orElse: "write `()`")
    case .optionOnNextLine(_, let rewrite):
      result.message = "a new line ends a stage, and this option stands behind it"
      fix("end the line before in `\\`", rewrite)
    case .bracesForList(_, let rewrite):
      result.message = "a list is written in `[ … ]`, not in `{ … }`"
      write(rewrite, orElse: "write `[ … ]`")
    case .semicolonInLet(let span, let name, let stage):
      result.severity = .warning
      result.message = "this `;` ends `let \(name)`, so `\(stage)` works on the script's experiment"
      result.help = "put the next statement on its own line if that is what you mean"
      fix("write `|` to go on with `\(name)`", Rewrite(span: span, text: " |"))
    }
    return result
  }
}
