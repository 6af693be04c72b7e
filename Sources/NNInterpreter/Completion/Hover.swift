import NNData
import NNDiagnostics
import NNSyntax

/// What stands at a place of a script, told in Markdown.
public struct Hover: Sendable {
  public var span: Span
  public var text: String

  /// Nil where there is nothing to tell.
  public init?(_ source: SourceFile, at offset: Int, options: RunOptions = RunOptions()) {
    let token = tokenize(source).tokens.first { token in
      guard token.span.start <= offset, offset <= token.span.end else { return false }
      switch token.kind {
      case .word, .string, .variable: return true
      default: return false
      }
    }
    guard let token else { return nil }
    span = token.span
    var isString = false
    if case .string = token.kind { isString = true }
    // In a string the place is the same as if its quote were not there yet.
    let context = CursorContext(source, at: isString ? token.span.start : token.span.end)
    let word: String
    switch token.kind {
    case .word(let text): word = text
    case .variable(let name, _): word = name
    case .string(let literal):
      word = literal.pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    default: return nil
    }
    guard let text = Teller(source: source, options: options, context: context).text(of: word) else {
      return nil
    }
    self.text = text
  }
}

private struct Teller {
  let source: SourceFile
  let options: RunOptions
  let context: CursorContext

  func text(of word: String) -> String? {
    switch context.place {
    case .nothing: return nil
    case .stage: return Catalog.stage(named: word).flatMap { page($0.declaration, "stages") }
    case .layer: return Catalog.layer(named: word).flatMap { page($0, "layers") }
    case .variable: return variable(word)
    case .subject: return column(word) ?? component(word, of: [.metric, .loss])
    case .argument(let owner):
      if let option = owner.declaration.option(named: word) { return text(of: option, owner) }
      return value(word, owner.nextPositionals, owner)
    case .value(let option, let owner): return value(word, [option], owner)
    }
  }

  private func page(_ entry: any Declaration, _ group: String) -> String? {
    HelpGroup.all.first { $0.name == group }.map { HelpPage(entry, in: $0).markdown(level: 3) }
  }

  private func component(_ word: String, of kinds: [ComponentKind]) -> String? {
    for kind in kinds {
      if let entry = Catalog.component(kind, named: word) { return page(entry, kind.plural) }
    }
    return nil
  }

  private func text(of option: OptionDeclaration, _ owner: CursorContext.Owner) -> String {
    var text = "`\(option.name)` of `\(owner.declaration.name)`: \(option.help); \(option.type.expectation)."
    if let value = option.defaultValue { text += " Default: `\(value.spelling)`." }
    if !option.aliases.isEmpty { text += " Also \(OptionType.list(of: option.aliases.map { "`\($0)`" }))." }
    return text
  }

  private func value(_ word: String, _ options: [OptionDeclaration], _ owner: CursorContext.Owner) -> String?
  {
    if let text = component(word, of: options.flatMap(\.type.kinds)) { return text }
    guard let option = options.first else { return nil }
    if let text = column(word, owner) ?? table(word) { return text }
    return text(of: option, owner)
  }

  private func variable(_ name: String) -> String? {
    switch reached.scope[name] {
    case .value(let constant)?: "`$\(name)` is `\(constant.printed)`."
    case .flow(let future)?:
      "`$\(name)` is a flow" + (future.experiment.data.map { " from `\($0.path)`" } ?? "") + "."
    case .broken?, nil: nil
    }
  }

  private var reached: (experiment: Experiment, scope: Scope) {
    Completer(source, context: context, options: options).reached
  }

  private func column(_ word: String, _ owner: CursorContext.Owner? = nil) -> String? {
    let completer = Completer(source, context: context, options: options)
    let table = owner.map(completer.table) ?? completer.experiment.data?.table
    // `zip:categorical`, `setosa:2`
    let name = table?[word] == nil ? String(word.split(separator: ":").first ?? "") : word
    guard let table, let column = table[name] else { return nil }
    var text = "`\(name)`, a column of \(column.isCategorical ? "categories" : "numbers")"
    text += " in \(counted(table.rowCount, "row"))"
    if column.missingCount > 0 { text += ", \(formatted(column.missingCount)) missing" }
    return text + "."
  }

  private func table(_ path: String) -> String? {
    guard path.contains("."), let table = Interpreter().table(path, options: options) else { return nil }
    let columns = table.columns.prefix(24).map { "`\($0.name)`" }.joined(separator: ", ")
    let more = table.columns.count > 24 ? " and \(table.columns.count - 24) more" : ""
    return
      "`\(path)`: \(counted(table.rowCount, "row")), \(counted(table.columns.count, "column")): \(columns)\(more)."
  }

  private func formatted(_ count: Int) -> String { counted(count, "value") }
}
