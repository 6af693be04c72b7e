import NN

/// What the argument parser finds wrong, in the form of every other mistake: what it is, and how the command is written.
struct CommandLineMistake {
  /// As the argument parser has it: `Missing expected argument '<data>'`.
  private let text: String
  private let command: String
  private var meant: String?

  init(_ text: String, _ arguments: [String]) {
    self.text = text
    command = arguments.first { Self.forms[$0] != nil } ?? ""
    // `nn chek a.nn` is the script `chek` to the parser.
    if command.isEmpty, let word = arguments.first, !word.hasPrefix("-"), !word.contains(".") {
      meant = Spelling.nearest(to: word, in: Self.forms.keys.sorted())
    }
  }

  /// How each command is written, in short.
  private static let forms = [
    "run": "nn run [OPTIONS] SCRIPT|-", "check": "nn check [--json] FILE…", "fmt": "nn fmt [--check] FILE…",
    "predict": "nn predict MODEL DATA|- [--to FILE] [--proba]", "evaluate": "nn evaluate MODEL DATA",
    "summary": "nn summary MODEL", "explain": "nn explain CODE…", "help": "nn help [TOPIC]",
    "repl": "nn repl",
    "lsp": "nn lsp", "verify": "nn verify SEAL",
  ]

  private static let needs = [
    "model": "a model, as `save` writes it", "data": "a table behind the model, or - for standard input",
    "files": "a script, or - for standard input", "codes": "a code, such as E0203",
    "seal": "a seal, as `fit seal=FILE` writes it",
  ]

  var diagnostic: Diagnostic {
    var result = Diagnostic(code: "E0520", message)
    if let meant {
      result.help = "did you mean `nn \(meant)`?"
      return result
    }
    let form = Self.forms[command] ?? "nn SCRIPT, nn -e 'SOURCE', nn COMMAND …"
    result.help =
      "it is written `\(form)`; `\(command.isEmpty ? "nn" : "nn " + command) --help` tells of all options"
    return result
  }

  private var message: String {
    if let match = text.firstMatch(of: #/^Missing expected argument '<([a-z-]+)>/#) {
      let name = String(match.output.1)
      return "`nn \(command)` needs \(Self.needs[name] ?? "`\(name.uppercased())`")"
    }
    var sentence = escapingControls(text.split(separator: "\n").joined(separator: " "))
    while sentence.last == "." { sentence.removeLast() }
    guard let first = sentence.first else { return "the command line is not understood" }
    // A word in capitals, or an option, is left as it is.
    return sentence.dropFirst().first?.isUppercase == true
      ? sentence : first.lowercased() + sentence.dropFirst()
  }
}
