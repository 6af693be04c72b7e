/// A page of help, before it is set for a terminal or written as Markdown.
public struct HelpPage: Sendable {
  /// A piece of a page. In texts, what stands between backticks is of the language.
  public enum Part: Sendable {
    case heading(String)
    case paragraph(String)
    /// Names and what they are.
    case rows([Row])
    /// How a thing is written, its parts in capitals.
    case usage(String)
    /// Lines of the language, or of a shell if they begin with `nn `.
    case code(String)
  }

  public struct Row: Sendable {
    /// As it is typed, without backticks.
    public var name: String
    public var text: String
    /// The page that tells more, in the same reference.
    public var link: String?

    init(_ name: String, _ text: String, link: String? = nil) {
      self.name = name
      self.text = text
      self.link = link
    }
  }

  public var title: String
  public var parts: [Part]
  /// Topics of `nn help`.
  public var seeAlso: [String]

  init(_ title: String, _ parts: [Part], seeAlso: [String] = []) {
    self.title = title
    self.parts = parts
    self.seeAlso = seeAlso
  }

  /// The scripts that the page shows.
  public var examples: [String] {
    parts.compactMap { if case .code(let text) = $0, !text.hasPrefix("nn ") { text } else { nil } }
  }
}
