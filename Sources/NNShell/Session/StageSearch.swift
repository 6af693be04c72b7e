import NN
import NNSyntax

/// Finds stages of a text by their places.
struct StageSearch {
  /// A stage with the flow that it is of.
  struct Found {
    var stage: NNSyntax.Stage
    var flow: Flow
    /// The definition that it stands in, if it stands in one.
    var definition: Definition?
  }

  private(set) var all: [Found] = []
  /// Every name that a definition, a `let` or a formal gives.
  private(set) var names: Set<String> = []

  init(_ source: SourceFile) { walk(parse(source).script, in: nil) }

  /// The innermost stage that a span lies in.
  func stage(at span: Span) -> Found? {
    all.last { $0.stage.span.start <= span.start && span.end <= $0.stage.span.end }
  }

  private mutating func walk(_ script: Script, in definition: Definition?) {
    for statement in script.statements {
      switch statement {
      case .flow(let flow): walk(flow, in: definition)
      case .binding(let binding):
        names.insert(binding.name.text)
        if case .flow(let flow) = binding.binding { walk(flow, in: definition) }
      case .definition(let inner):
        names.formUnion([inner.name.text] + inner.formals.map(\.name.text))
        walk(inner.body, in: inner)
      case .parameter(let parameter): names.insert(parameter.name.text)
      case .include: break
      }
    }
  }

  private mutating func walk(_ flow: Flow, in definition: Definition?) {
    for stage in flow.stages {
      all.append(Found(stage: stage, flow: flow, definition: definition))
      if case .body(let body) = stage.tail { walk(body, in: definition) }
    }
  }
}

extension NNSyntax.Stage {
  /// Where another argument may be written.
  var argumentsEnd: Int { arguments.last?.span.end ?? name.span.end }

  /// The argument of a name, written `name=value` or `name value`, with all of its span.
  func argument(_ name: String) -> Span? {
    for (index, argument) in arguments.enumerated() {
      if argument.name?.text == name { return argument.span }
      if argument.name == nil, case .word(name, let span) = argument.value {
        let next = index + 1 < arguments.count ? arguments[index + 1] : nil
        return next.map { $0.name == nil ? span.union($0.span) : span } ?? span
      }
    }
    return nil
  }
}
