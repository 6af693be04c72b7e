extension HelpPage {
  /// The page in Markdown.
  /// - Parameter level: of its title's heading.
  public func markdown(level: Int) -> String {
    var blocks = [String(repeating: "#", count: level) + " " + title]
    for part in parts {
      switch part {
      case .heading(let text): blocks.append("**\(text)**")
      case .paragraph(let text): blocks.append(text)
      case .rows(let rows):
        let lines = rows.map { row in
          let name = "`\(Self.escaped(row.name))`"
          return "| \(row.link.map { "[\(name)](\($0))" } ?? name) | \(Self.escaped(row.text)) |"
        }
        blocks.append((["| | |", "|---|---|"] + lines).joined(separator: "\n"))
      case .usage(let text): blocks.append("`\(text)`")
      case .code(let text):
        blocks.append("```\(text.hasPrefix("nn ") ? "sh" : "nn")\n\(text)\n```")
      }
    }
    return blocks.joined(separator: "\n\n")
  }

  private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
