import NNDiagnostics
import NNReport

extension HelpPage {
  /// The page for a terminal, in lines of the width between words.
  public func text(width: Int, usesColor: Bool) -> String {
    // Long lines are hard to read, however wide the window is.
    let layout = Layout(width: min(max(width, 40), 100), usesColor: usesColor)
    var blocks = [layout.bold(title)]
    for part in parts {
      switch part {
      case .heading(let text): blocks.append(layout.bold(text))
      case .paragraph(let text): blocks.append(layout.wrapped(text, first: "", rest: ""))
      case .rows(let rows): blocks.append(layout.table(rows))
      case .usage(let text): blocks.append("  " + layout.bold(text))
      case .code(let text):
        blocks.append(
          text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(
            separator: "\n"))
      }
    }
    if !seeAlso.isEmpty {
      blocks.append(
        layout.wrapped("See also: nn help " + seeAlso.joined(separator: ", "), first: "", rest: "  "))
    }
    // A heading stands close to what it is over.
    var result = ""
    var isBehindHeading = false
    for (index, block) in blocks.enumerated() {
      if index > 0 { result += isBehindHeading ? "\n" : "\n\n" }
      result += block
      isBehindHeading = false
      if index > 0, index <= parts.count, case .heading = parts[index - 1] { isBehindHeading = true }
    }
    return result
  }

  private struct Layout {
    let width: Int
    let usesColor: Bool

    func bold(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// Words in lines of the width.
    func wrapped(_ text: String, first: String, rest: String) -> String {
      var result = first
      var column = displayWidth(of: first)
      var isFirst = true
      for word in words(of: text) {
        let cells = displayWidth(of: word)
        if !isFirst {
          if column + 1 + cells > width {
            result += "\n" + rest
            column = displayWidth(of: rest)
          } else {
            result += " "
            column += 1
          }
        }
        result += word
        column += cells
        isFirst = false
      }
      return result
    }

    /// What is quoted in backticks stays on one line if it is short.
    private func words(of text: String) -> [String] {
      var result: [String] = []
      var word = ""
      var isQuoted = false
      for character in text {
        if character == "`" { isQuoted.toggle() }
        if character == " ", !isQuoted || word.count > 40 {
          if !word.isEmpty { result.append(word) }
          word = ""
        } else {
          word.append(character)
        }
      }
      return word.isEmpty ? result : result + [word]
    }

    /// Names in a column, and beside each what it is; a long name has a line of its own.
    func table(_ rows: [Row]) -> String {
      let longest = rows.map { displayWidth(of: $0.name) }.max() ?? 0
      let column = min(longest, max(12, width / 3)) + 4
      let margin = String(repeating: " ", count: column)
      return rows.map { row in
        let cells = displayWidth(of: row.name)
        let name = "  " + bold(row.name)
        if cells + 4 > column { return name + "\n" + wrapped(row.text, first: margin, rest: margin) }
        let padding = String(repeating: " ", count: column - cells - 2)
        let text = wrapped(row.text, first: margin, rest: margin).dropFirst(column)
        return name + padding + text
      }.joined(separator: "\n")
    }
  }
}
