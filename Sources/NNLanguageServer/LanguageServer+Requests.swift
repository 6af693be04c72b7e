import NN
import NNData
import NNDiagnostics
import NNSyntax

extension LanguageServer {
  func completion(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let (document, offset) = try place(parameters)
    let completions = Completer(document.source, at: offset, options: options(for: document)).completions
    let range = document.range(completions.span)
    let items = completions.items.enumerated().map { index, item in
      // The order is ours: a client would sort by label.
      let digits = String(index)
      let order = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      return JSONValue.object([
        "label": .string(item.label), "kind": .integer(item.kind.number), "detail": .string(item.detail),
        "sortText": .string(order), "filterText": .string(item.text),
        "textEdit": .object(["range": range, "newText": .string(item.text)]),
      ])
    }
    return .object(["isIncomplete": .bool(false), "items": .array(items)])
  }

  func hover(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let (document, offset) = try place(parameters)
    guard let hover = Hover(document.source, at: offset, options: options(for: document)) else {
      return .null
    }
    return .object([
      "contents": .object(["kind": .string("markdown"), "value": .string(hover.text)]),
      "range": document.range(hover.span),
    ])
  }

  /// The whole text in its layout; nothing where it does not parse, as the diagnostics say why.
  func formatting(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let document = try document(parameters)
    guard let text = try? Formatter.text(of: document.source), Array(text.utf8) != document.source.bytes
    else {
      return .array([])
    }
    let whole = Span(0, document.source.bytes.count)
    return .array([.object(["range": document.range(whole), "newText": .string(text)])])
  }

  // MARK: Names

  private func names(_ document: Document) -> NameTable {
    NameTable(parse(document.source).script, in: document.source)
  }

  func definition(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let (document, offset) = try place(parameters)
    guard let definition = names(document).definition(at: offset) else { return .null }
    return .object(["uri": .string(document.uri), "range": document.range(definition.span)])
  }

  func references(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let (document, offset) = try place(parameters)
    guard let definition = names(document).definition(at: offset) else { return .array([]) }
    let withDeclaration = parameters["context"]?["includeDeclaration"]?.bool ?? true
    return .array(
      ((withDeclaration ? [definition.span] : []) + definition.uses).map { span in
        .object(["uri": .string(document.uri), "range": document.range(span)])
      })
  }

  func prepareRename(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let (document, offset) = try place(parameters)
    guard let definition = names(document).definition(at: offset),
      let span = ([definition.span] + definition.uses).first(where: { $0.start <= offset && offset <= $0.end }
      )
    else { return .null }
    return .object(["range": document.range(span), "placeholder": .string(definition.name)])
  }

  func rename(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let (document, offset) = try place(parameters)
    guard var name = parameters["newName"]?.string else {
      throw Failure(code: .invalidParams, message: "a request without a name")
    }
    let table = names(document)
    guard let definition = table.definition(at: offset) else {
      throw Failure(code: .requestFailed, message: "there is no name of this script here")
    }
    if name.hasPrefix("$") { name.removeFirst() }
    guard isName(name) else {
      throw Failure(
        code: .requestFailed,
        message: "a name is made of letters, digits and `_`, and does not begin with a digit")
    }
    if name != definition.name,
      table.definitions.contains(where: { $0.name == name && $0.isDefinition == definition.isDefinition })
    {
      throw Failure(code: .requestFailed, message: "`\(name)` is a name of this script already")
    }
    if definition.isDefinition, Completer.isBuiltIn(name) {
      throw Failure(code: .requestFailed, message: "`\(name)` is a name of the language")
    }
    return document.edit(([definition.span] + definition.uses).map { ($0, name) })
  }

  func documentSymbols(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let document = try document(parameters)
    let parsed = parse(document.source)
    var symbols = NameTable(parsed.script, in: document.source).definitions.filter { $0.kind != .formal }.map
    {
      (span: $0.whole, name: $0.name, range: $0.span, kind: $0.symbolKind, detail: $0.detail)
    }
    // Models and fits are what people look for.
    for case .flow(let flow) in parsed.script.statements {
      for stage in flow.stages where ["data", "model", "fit"].contains(stage.name.text) {
        let text = document.source.text(stage.span).split(separator: "\n").first.map(String.init) ?? ""
        symbols.append((stage.span, String(text.prefix(60)), stage.name.span, 12, ""))
      }
    }
    return .array(
      symbols.sorted { ($0.range.start, $0.name) < ($1.range.start, $1.name) }.map { symbol in
        .object([
          "name": .string(symbol.name), "detail": symbol.detail.isEmpty ? nil : .string(symbol.detail),
          "kind": .integer(symbol.kind), "range": document.range(symbol.span),
          "selectionRange": document.range(symbol.range),
        ])
      })
  }
}

extension NameTable.Definition {
  var isDefinition: Bool { kind == .definition }

  /// The protocol's number: a function, a constant, or a variable.
  fileprivate var symbolKind: Int {
    switch kind {
    case .definition: 12
    case .parameter: 14
    case .value, .flow, .formal: 13
    }
  }

  fileprivate var detail: String {
    switch kind {
    case .value: "let"
    case .flow: "let, a flow"
    case .parameter: "param"
    case .definition: "def"
    case .formal: "a parameter"
    }
  }
}

extension Completion.Kind {
  /// The protocol's number for its icon.
  fileprivate var number: Int {
    switch self {
    case .stage: 3
    case .layer: 7
    case .option: 10
    case .name: 20
    case .column: 5
    case .metric: 12
    case .file: 17
    case .folder: 19
    case .variable: 6
    case .keyword: 14
    }
  }
}
