import NNDiagnostics
import NNSyntax

/// A run of a text that is shown in a colour of its own.
public struct Highlight: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case keyword, stage, layer, option
    /// Something of the catalog that stands as a value: `relu`, `adam`.
    case name
    case number, string, variable, comment, mark
    /// A stage, a layer or an option that there is not.
    case unknown
  }

  public var span: Span
  public var kind: Kind

  public init(span: Span, kind: Kind) {
    self.span = span
    self.kind = kind
  }
}

/// Colours a text by what its words are, whether it parses or not. Nothing is checked: it takes microseconds, so that it can be
/// asked at every key.
public struct Highlighter {
  /// Stages and layers that definitions have given names.
  private var definedStages: Set<String> = []
  private var definedLayers: Set<String> = []
  private var found: [Int: Highlight] = [:]
  /// Where somebody is typing: a word that ends there may still become a known one.
  private let typing: Int?

  /// - Parameters:
  ///   - interpreter: what ran before the text, whose definitions it may use.
  ///   - typing: the cursor's place.
  public init(_ interpreter: Interpreter = Interpreter(), typing: Int? = nil) {
    self.typing = typing
    for definition in interpreter.scope.allDefinitions {
      define(definition.name.text, definition.isOfLayers)
    }
  }

  /// The coloured runs, in the text's order; they do not overlap.
  public func highlights(_ source: SourceFile) -> [Highlight] {
    var copy = self
    let lexed = tokenize(source)
    for token in lexed.tokens { copy.add(token, source) }
    for comment in lexed.comments { copy.put(comment.span, .comment) }
    copy.walk(parse(source).script)
    return copy.found.values.sorted { $0.span.start < $1.span.start }
  }

  private mutating func put(_ span: Span, _ kind: Highlight.Kind?) {
    found[span.start] = kind.map { Highlight(span: span, kind: $0) }
  }

  private mutating func define(_ name: String, _ isOfLayers: Bool) {
    if isOfLayers { definedLayers.insert(name) } else { definedStages.insert(name) }
  }

  private mutating func add(_ token: Token, _ source: SourceFile) {
    switch token.kind {
    case .word(let text): if number(fromWord: text) != nil { put(token.span, .number) }
    case .string: put(token.span, .string)
    case .variable: put(token.span, .variable)
    case .mark: put(token.span, .mark)
    case .invalid:
      let text = source.text(token.span)
      put(
        token.span, text.hasPrefix("\"") || text.hasPrefix("'") ? .string : text == "$" ? .variable : .unknown
      )
    case .newline, .end: break
    }
  }

  // MARK: The tree

  private mutating func walk(_ script: Script) {
    for statement in script.statements {
      switch statement {
      case .flow(let flow): walk(flow)
      case .binding(let binding):
        keyword("let", binding.span)
        switch binding.binding {
        case .value(let value): walk(value)
        case .flow(let flow): walk(flow)
        }
      case .parameter(let parameter): keyword("param", parameter.span)
      case .include(let include): keyword("include", include.span)
      case .definition(let definition):
        keyword("def", definition.span)
        let first: NNSyntax.Stage? =
          if case .flow(let flow)? = definition.body.statements.first { flow.stages.first } else { nil }
        let isOfLayers =
          first.map { isLayer($0.name.text) && Catalog.stage(named: $0.name.text) == nil } ?? false
        if isOfLayers { walkLayers(definition.body) } else { walk(definition.body) }
        define(definition.name.text, isOfLayers)
        put(definition.name.span, isOfLayers ? .layer : .stage)
      }
    }
  }

  private mutating func keyword(_ word: String, _ span: Span) {
    put(Span(span.start, span.start + word.utf8.count), .keyword)
  }

  private mutating func walk(_ flow: Flow) {
    for stage in flow.stages where !stage.name.text.isEmpty {
      let declaration = Catalog.stage(named: stage.name.text)?.declaration
      let isKnown = declaration != nil || definedStages.contains(stage.name.text)
      put(stage.name.span, kind(.stage, isKnown: isKnown, stage.name, among: stageNames))
      walk(stage.arguments, of: declaration)
      switch stage.tail {
      case .none: break
      case .condition(let condition): walk(condition.value)
      case .block(let block): walk(block)
      case .body(let script): walk(script)
      }
    }
  }

  private mutating func walk(_ block: Block) {
    for layer in block.layers {
      if let name = layer.name { walkLayer(name, layer.arguments) }
      if let block = layer.block { walk(block) }
    }
  }

  /// A definition's body, in which layers stand as stages do elsewhere.
  private mutating func walkLayers(_ body: Script) {
    for case .flow(let flow) in body.statements {
      for stage in flow.stages {
        walkLayer(stage.name, stage.arguments)
        if case .block(let block) = stage.tail { walk(block) }
      }
    }
  }

  private mutating func walkLayer(_ name: Name, _ arguments: [Argument]) {
    let layer = Catalog.layer(named: name.text)
    put(name.span, kind(.layer, isKnown: isLayer(name.text), name, among: layerNames))
    walk(arguments, of: layer)
  }

  private mutating func walk(_ arguments: [Argument], of declaration: (any Declaration)?) {
    for argument in arguments {
      if let name = argument.name {
        let isKnown = declaration == nil || declaration?.option(named: name.text) != nil
        let names = declaration?.options.flatMap { [$0.name] + $0.aliases } ?? []
        put(name.span, kind(.option, isKnown: isKnown, name, among: names))
      } else if case .word(let text, let span) = argument.value, declaration?.option(named: text) != nil {
        put(span, .option)
        continue
      }
      walk(argument.value)
    }
  }

  private mutating func walk(_ value: Value) {
    switch value {
    case .word(let text, let span):
      if ["true", "false", "none"].contains(text) {
        put(span, .keyword)
      } else if number(fromWord: text) == nil, Self.componentNames.contains(text) {
        put(span, .name)
      }
    case .string, .variable, .arithmetic: break
    case .list(let values, _): for value in values { walk(value) }
    case .call(let call):
      let entry = ComponentKind.allCases.lazy.compactMap { Catalog.component($0, named: call.name.text) }
        .first
      put(call.name.span, kind(.name, isKnown: entry != nil, call.name, among: Self.componentNames))
      walk(call.arguments, of: entry)
    }
  }

  // MARK: Names

  private func isLayer(_ name: String) -> Bool {
    Catalog.layer(named: name) != nil || definedLayers.contains(name)
  }

  private var stageNames: [String] {
    Catalog.stages.flatMap { [$0.declaration.name] + $0.declaration.aliases } + definedStages
      + ["let", "def", "param", "include"]
  }

  private var layerNames: [String] { Catalog.layers.flatMap { [$0.name] + $0.aliases } + definedLayers }

  private static let componentNames: Set<String> = Set(
    ComponentKind.allCases.flatMap { Catalog.components($0).flatMap { [$0.name] + $0.aliases } })

  /// The kind of a name; nil, uncoloured, where it is being typed and may still become a known one.
  private func kind(
    _ kind: Highlight.Kind, isKnown: Bool, _ name: Name, among known: some Sequence<String>
  ) -> Highlight.Kind? {
    if isKnown { return kind }
    if typing == name.span.end, known.contains(where: { $0.hasPrefix(name.text) }) { return nil }
    return .unknown
  }
}
