/// A conformance case: a Markdown file that reads as documentation. Prose first, then sections, each a heading and a
/// fenced text:
///
///     What this case shows, in a sentence or two.
///
///     # SOURCE
///     ```nn
///     model < dense 6 | dense 2 >
///     ```
///     # PROBLEMS
///     ```
///     …
///     ```
struct CaseFile: Equatable {
  struct Section: Equatable {
    var heading: String
    /// What stands behind the fence's backticks.
    var language: String
    /// Without the line end before the closing fence.
    var text: String
  }

  var prose: String
  var sections: [Section]

  init(prose: String, sections: [Section]) {
    self.prose = prose
    self.sections = sections
  }

  struct Malformed: Error, CustomStringConvertible {
    var line: Int
    var reason: String
    var description: String { "line \(line): \(reason)" }
  }

  init(markdown: String) throws {
    prose = ""
    sections = []
    var heading: String?
    var fence: (mark: String, language: String, lines: [Substring], opened: Int)?
    for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let open = fence {
        if line == open.mark {
          sections.append(
            Section(heading: heading ?? "", language: open.language, text: open.lines.joined(separator: "\n"))
          )
          heading = nil
          fence = nil
        } else {
          fence?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        guard heading != nil else { throw Malformed(line: index + 1, reason: "a fence without a heading") }
        let mark = line.prefix { $0 == "`" }
        fence = (String(mark), String(line.dropFirst(mark.count)), [], index + 1)
      } else if line.hasPrefix("# ") {
        if let heading { throw Malformed(line: index + 1, reason: "# \(heading) has no fenced text") }
        heading = String(line.dropFirst(2))
      } else if heading == nil, sections.isEmpty {
        prose += line + "\n"
      } else if !line.allSatisfy(\.isWhitespace) {
        throw Malformed(line: index + 1, reason: "text between sections; put prose at the head of the file")
      }
    }
    if let fence { throw Malformed(line: fence.opened, reason: "the fence is not closed") }
    if let heading { throw Malformed(line: 0, reason: "# \(heading) has no fenced text") }
    while prose.last?.isNewline == true { prose.removeLast() }
  }

  var markdown: String {
    var result = prose + "\n"
    for section in sections {
      var mark = "```"
      while section.text.split(separator: "\n").contains(where: { $0.hasPrefix(mark) }) { mark += "`" }
      let text = section.text.isEmpty ? "" : section.text + "\n"
      result += "\n# \(section.heading)\n\(mark)\(section.language)\n\(text)\(mark)\n"
    }
    return result
  }

  subscript(heading: String) -> String? { sections.first { $0.heading == heading }?.text }

  /// The script: `# SOURCE` as it stands, or `# SOURCE BYTES`, where `\xNN` is a byte and line ends count only as `\x0A`.
  var source: [UInt8]? {
    if let text = self["SOURCE"] { return Array(text.utf8) }
    guard let text = self["SOURCE BYTES"] else { return nil }
    var result: [UInt8] = []
    var rest = text.utf8.filter { $0 != UInt8(ascii: "\n") }[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(value)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
