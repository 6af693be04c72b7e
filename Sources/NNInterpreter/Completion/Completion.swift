import NNDiagnostics

/// Something that may be typed at a place of a script.
public struct Completion: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case keyword, stage, layer, option, name, column, metric, file, folder, variable
  }

  public var kind: Kind
  /// What is shown, and typed unless ``text`` says otherwise.
  public var label: String
  /// What is typed.
  public var text: String
  /// What it is, in a few words.
  public var detail: String

  public init(_ kind: Kind, _ label: String, text: String? = nil, _ detail: String) {
    self.kind = kind
    self.label = label
    self.text = text ?? label
    self.detail = detail
  }
}

/// What may be typed at a place, and what it stands in the place of.
public struct Completions: Sendable {
  /// The word that is being typed.
  public var span: Span
  /// Those that begin with what is typed; the likeliest first.
  public var items: [Completion]

  public init(span: Span, items: [Completion]) {
    self.span = span
    self.items = items
  }
}
