import NN
import NNData

/// The parts of editors/ that name what the catalog names: the grammars that colour scripts.
public enum EditorGrammar {
  /// A file's path in editors/ and its text.
  public struct File: Sendable {
    public var path: String
    public var text: String
  }

  public static var files: [File] {
    [
      File(path: "vscode/syntaxes/nn.tmLanguage.json", text: textMate),
      File(path: "vim/syntax/nn.vim", text: vim),
    ]
  }

  private static let statements = ["let", "def", "param", "include"]
  private static let constants = ["true", "false", "none"]

  private static func names(of group: String) -> [String] {
    HelpGroup.all.first { $0.name == group }?.entries.flatMap { [$0.name] + $0.aliases } ?? []
  }

  /// Names of what options take: activations, losses …
  private static var components: [String] {
    let known = Set(names(of: "stages") + names(of: "layers"))
    var seen: Set<String> = []
    return HelpGroup.all.dropFirst(2).flatMap { names(of: $0.name) }
      .filter { !known.contains($0) && seen.insert($0).inserted }
  }

  // MARK: TextMate

  /// Word boundaries: a word of the language may hold `.`, `/`, `-` and more.
  private static let before = #"(?<![^\s;|<>()\[\]{}=!,"'$`])"#
  private static let after = #"(?![^\s;|<>()\[\]{}=!,"'$`])"#

  private static func word(_ names: [String], isOption: Bool = false) -> String {
    before + "(?:" + names.joined(separator: "|") + ")" + after + (isOption ? "" : #"(?!\s*=(?!=))"#)
  }

  private static func rule(_ name: String, _ match: String) -> JSONValue {
    .object(["name": .string(name + ".nn"), "match": .string(match)])
  }

  static var textMate: String {
    let variable = rule("variable.other.readwrite", #"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})"#)
    let patterns: [JSONValue] = [
      rule("comment.line.number-sign", before + "#.*$"),
      .object([
        "name": .string("string.quoted.double.nn"), "begin": .string("\""), "end": .string("\"|$"),
        "patterns": .array([rule("constant.character.escape", #"\\(?:u\{[0-9A-Fa-f]+\}|.)"#), variable]),
      ]),
      rule("string.quoted.single", "'[^']*(?:'|$)"), variable,
      rule("keyword.control", word(statements)),
      rule("entity.name.function.stage", word(names(of: "stages"))),
      rule("entity.name.type.layer", word(names(of: "layers"))),
      rule("variable.parameter", before + #"[A-Za-z_]\w*(?=\s*=(?!=))"#),
      rule("constant.language", word(constants)),
      rule("constant.numeric", before + #"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?:%|s|m|h)?"# + after),
      rule("support.function", word(components)), rule("keyword.operator", #"[|;]|[<>=!]=|[<>=]|\\\s*$"#),
    ]
    let grammar = JSONValue.object([
      "$schema": .string("https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json"),
      "name": .string("nn"), "scopeName": .string("source.nn"), "fileTypes": .strings(["nn"]),
      "firstLineMatch": .string(#"^#!.*\bnn\b"#), "patterns": .array(patterns),
    ])
    return indented(grammar, 0) + "\n"
  }

  /// JSON for people: a line for each member and entry.
  private static func indented(_ value: JSONValue, _ depth: Int) -> String {
    let margin = String(repeating: "  ", count: depth + 1)
    let end = "\n" + String(repeating: "  ", count: depth)
    switch value {
    case .object(let members) where !members.isEmpty:
      let lines = members.map {
        margin + JSONValue.string($0.name).text() + ": " + indented($0.value, depth + 1)
      }
      return "{\n" + lines.joined(separator: ",\n") + end + "}"
    case .array(let values) where !values.isEmpty:
      return "[\n" + values.map { margin + indented($0, depth + 1) }.joined(separator: ",\n") + end + "]"
    default: return value.text()
    }
  }

  // MARK: Vim

  static var vim: String {
    func keywords(_ group: String, _ names: [String]) -> String {
      var lines: [String] = []
      var line = "syn keyword \(group)"
      for name in names {
        if line.count + name.count > 98 {
          lines.append(line)
          line = "syn keyword \(group)"
        }
        line += " " + name
      }
      return (lines + [line]).joined(separator: "\n")
    }
    return #"""
      " Vim syntax file for nn. Made from the catalog by NN_UPDATE_DOCS=1 swift test --filter EditorTests.
      if exists('b:current_syntax')
        finish
      endif

      """# + "\n"
        + [
          keywords("nnStatement", statements), keywords("nnStage", names(of: "stages")),
          keywords("nnLayer", names(of: "layers")), keywords("nnName", components),
          keywords("nnConstant", constants),
        ].joined(separator: "\n") + "\n\n"
          + #"""
          syn match nnOption "\<\h\w*\ze\s*==\@!"
          syn match nnNumber "\%(^\|[[:space:];|<>()[\]{}=!,]\)\@1<=[-+]\=\d\+\%(\.\d\+\)\=\%([eE][-+]\=\d\+\)\=[%smh]\=\%($\|[[:space:];|<>()[\]{}=!,]\)\@="
          syn match nnVariable "\$\h\w*"
          syn match nnOperator "[|;]\|[<>=!]=\|[<>=]"
          syn match nnEscape contained "\\\%(u{\x\+}\|.\)"
          syn match nnInterpolation contained "\$\%(\h\w*\|{\h\w*}\)"
          syn region nnString start=+"+ skip=+\\.+ end=+"\|$+ contains=nnEscape,nnInterpolation
          syn region nnRawString start=+'+ end=+'\|$+
          " `#` at a word's start; runs#2.csv is a word.
          syn match nnComment "\%(^\|[[:space:];|<>()[\]{}=!,]\)\@1<=#.*$" contains=@Spell

          hi def link nnStatement Statement
          hi def link nnStage Function
          hi def link nnLayer Type
          hi def link nnName Identifier
          hi def link nnConstant Boolean
          hi def link nnOption Label
          hi def link nnNumber Number
          hi def link nnVariable PreProc
          hi def link nnOperator Operator
          hi def link nnString String
          hi def link nnRawString String
          hi def link nnEscape SpecialChar
          hi def link nnInterpolation PreProc
          hi def link nnComment Comment

          let b:current_syntax = 'nn'

          """#
  }
}
