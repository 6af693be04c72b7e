/// Mistakes in what a script is made of, definitions and included files, E0250 ….
enum ScriptProblem: Problem {
  /// `def`, `param` or `include` in a body.
  case notAtTop(String)
  case usesItself(String)
  case formalTwice(String)
  /// A flow, or a `let` of one, in a definition of layers.
  case flowAmongLayers
  case pipeAmongLayers
  /// Definitions of definitions of definitions.
  case tooMuch(String)
  case flowInIncluded
  case includeCycle([String])
  case includesTooDeep

  var code: String {
    switch self {
    case .notAtTop: "E0250"
    case .usesItself: "E0251"
    case .formalTwice: "E0252"
    case .flowAmongLayers, .pipeAmongLayers: "E0253"
    case .tooMuch: "E0254"
    case .flowInIncluded: "E0255"
    case .includeCycle, .includesTooDeep: "E0256"
    }
  }

  var message: String {
    switch self {
    case .notAtTop(let word): "`\(word)` stands at the top of a script, not in a `{ … }` body"
    case .usesItself(let name): "`\(name)` cannot use itself"
    case .formalTwice(let name): "the parameter `\(name)` is named twice"
    case .flowAmongLayers: "this definition is one of layers, and a flow is no layer"
    case .pipeAmongLayers: "layers follow one another with `;` or on a new line, not with `|`"
    case .tooMuch(let name):
      "`\(name)` comes to more stages than nn takes, definitions within definitions counted"
    case .flowInIncluded: "an included file gives names their meaning, and this stage would do something"
    case .includeCycle(let paths):
      "files cannot include one another in a circle: \(paths.joined(separator: " → "))"
    case .includesTooDeep: "files include files more than 50 deep"
    }
  }

  var help: String? {
    switch self {
    case .usesItself: "a definition may use those in front of it; `repeat N < … >` repeats layers"
    case .flowInIncluded:
      "it may hold `let`, `def`, `param` and `include`; bind the flow to a name: `let NAME = …`"
    case .notAtTop: "move it out, in front of the statement that uses it"
    default: nil
    }
  }

  var replacement: String? {
    switch self {
    case .pipeAmongLayers: "; "
    default: nil
    }
  }
}
