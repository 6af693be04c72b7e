/// What is wrong, where, and the way out. The one shape of every error and warning of the program;
/// each module owns the text of its own problems and turns them into this.
public struct Diagnostic: Error, Sendable {
  public enum Severity: String, Sendable {
    case error, warning
  }

  /// A second place that explains the first.
  public struct Note: Sendable {
    public var message: String
    public var source: SourceFile?
    public var span: Span?

    public init(_ message: String, source: SourceFile? = nil, span: Span? = nil) {
      self.message = message
      self.source = source
      self.span = span
    }
  }

  /// A change of text that would set it right.
  public struct FixIt: Sendable {
    /// What to do, as in `did you mean relu?`
    public var message: String
    public var span: Span
    public var replacement: String

    public init(_ message: String, span: Span, replacement: String) {
      self.message = message
      self.span = span
      self.replacement = replacement
    }
  }

  public var severity: Severity
  /// A stable identity, `E0203` or `W0101`: its hundred says which phase found it (docs/architecture.md).
  public var code: String
  /// One sentence, without a full stop at its end.
  public var message: String
  /// Where, if the problem has a place in a source text.
  public var source: SourceFile?
  public var span: Span?
  /// A few words to stand under the underlined span, such as `expected a number`.
  public var label: String?
  public var notes: [Note]
  /// The way out in words.
  public var help: String?
  public var fixIts: [FixIt]

  public init(
    _ severity: Severity = .error, code: String, _ message: String, source: SourceFile? = nil,
    span: Span? = nil, label: String? = nil, notes: [Note] = [], help: String? = nil,
    fixIts: [FixIt] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.source = source
    self.span = span
    self.label = label
    self.notes = notes
    self.help = help
    self.fixIts = fixIts
  }
}
