import NNDiagnostics
import NNReport

/// A line about what is being typed: what a stage does, the options that it still takes, what an option means. From the catalog
/// alone, so that it can be asked at every key.
public struct OptionHint: Sendable, Hashable {
  /// What the hint is of: a stage, a layer, an option.
  public var subject: String
  public var text: String

  public init(subject: String, text: String) {
    self.subject = subject
    self.text = text
  }

  /// Nil where there is nothing to tell.
  /// - Parameter offset: the cursor's place in the source, in bytes.
  public static func at(
    _ offset: Int, of source: SourceFile, interpreter: Interpreter = Interpreter()
  ) -> OptionHint? {
    let context = CursorContext(source, at: offset, definitions: interpreter.scope.declarations)
    let typed = context.typed
    switch context.place {
    case .nothing, .variable, .subject: return nil
    case .stage:
      let stages = Catalog.stages.map { ($0.declaration.name, $0.declaration.summary) }
      return hint(typed: typed, among: stages, kind: "stages")
    case .layer:
      return hint(typed: typed, among: Catalog.layers.map { ($0.name, $0.summary) }, kind: "layers")
    case .value(let option, _): return hint(option)
    case .argument(let owner):
      let named = typed.isEmpty ? [] : owner.openOptions.filter { $0.name.hasPrefix(typed) }
      if named.count == 1 { return hint(named[0]) }
      let shown = (named.isEmpty ? owner.openOptions : named).map(form)
      return shown.isEmpty
        ? nil : OptionHint(subject: owner.declaration.name, text: shown.joined(separator: " "))
    }
  }

  private static func hint(
    typed: String, among names: [(name: String, summary: String)], kind: String
  ) -> OptionHint? {
    let matching = typed.isEmpty ? [] : names.filter { $0.name.hasPrefix(typed) }
    if let only = matching.first(where: { $0.name == typed }) ?? (matching.count == 1 ? matching[0] : nil) {
      return OptionHint(subject: only.name, text: only.summary)
    }
    return matching.isEmpty
      ? nil : OptionHint(subject: kind, text: matching.map(\.name).joined(separator: " "))
  }

  private static func hint(_ option: OptionDeclaration) -> OptionHint {
    let value = option.defaultValue.map { " (\($0.spelling) without it)" } ?? ""
    return OptionHint(subject: option.name, text: option.help + "; " + option.type.expectation + value)
  }

  /// `[path]`, `epochs=1`, `seed=`.
  private static func form(_ option: OptionDeclaration) -> String {
    if option.isPositional, option.defaultValue == nil {
      return option.isRequired ? option.name : "[\(option.name)]"
    }
    return "\(option.name)=\(option.defaultValue?.spelling ?? "")"
  }
}
