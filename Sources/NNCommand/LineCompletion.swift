import CReadline
import NN
import NNDiagnostics
import NNShell

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What Tab does: what may stand at the cursor, from the assistant, in readline's terms, and the list of it with a line of help each.
final class LineCompletion {
  private var assistant: LineAssistant?
  /// What is offered, as the list shows it.
  private var offered: [Completion] = []

  /// Where readline takes a word to begin.
  static let breaks = " \t\n;|<>()[]{}=!,"

  func begin(_ assistant: LineAssistant) {
    self.assistant = assistant
    offered = []
  }

  /// The matches for the bytes of the line from `start` to `end`, the longest common beginning first; empty if there are none.
  func matches(start: Int, end: Int) -> [String] {
    guard let assistant else { return [] }
    let bytes = LineDisplay.line.text
    guard start >= 0, start <= end, end <= bytes.count else { return [] }
    let line = String(decoding: bytes, as: UTF8.self)
    let found = assistant.completions(line, cursor: end)
    let from = min(max(found.span.start, 0), end)
    let quote = bytes[from..<end].first.flatMap { byte -> String? in
      byte == UInt8(ascii: "\"") ? "\"" : byte == UInt8(ascii: "'") ? "'" : nil
    }
    var texts: [String] = []
    offered = []
    for item in found.items {
      var text = item.text
      if let quote, !text.hasPrefix(quote) {
        text = quote + text + (item.kind == .folder ? "" : quote)
      }
      if from < start {
        let head = String(decoding: bytes[from..<start], as: UTF8.self)
        guard text.hasPrefix(head) else { continue }
        text = String(text.dropFirst(head.count))
      } else if from > start {
        text = String(decoding: bytes[start..<from], as: UTF8.self) + text
      }
      texts.append(text)
      offered.append(item)
    }
    guard let first = texts.first else { return [] }
    let isOpen = texts.count == 1 && (offered[0].kind == .folder || first.hasSuffix("="))
    readline_completed(texts.count == 1 && !isOpen ? 32 : 0)
    return texts.count == 1
      ? [first] : [texts.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }] + texts
  }

  /// The list under the line.
  func list(width: Int, height: Int, usesColors: Bool) -> String {
    let width = max(width - 1, 8)
    let rows = max(height - 3, 3)
    let names = offered.map { escapingControls($0.label) }
    let widest = names.reduce(0) { max($0, displayWidth(of: $1)) }
    var lines: [String] = []
    if offered.count <= rows, offered.contains(where: { !$0.detail.isEmpty }) {
      let column = min(widest, width / 2)
      for (name, item) in zip(names, offered) {
        let shown = truncating(name, toWidth: column)
        let gap = String(repeating: " ", count: column - displayWidth(of: shown) + 2)
        let room = width - column - 4
        let detail = room > 8 ? truncating(escapingControls(item.detail), toWidth: room) : ""
        lines.append(
          "  " + shown + (detail.isEmpty ? "" : gap + (usesColors ? "\u{1B}[2m\(detail)\u{1B}[0m" : detail)))
      }
    } else {
      let column = min(widest, width) + 2
      let across = max(1, width / column)
      let shown = names.prefix(across * (rows - 1))
      for start in stride(from: 0, to: shown.count, by: across) {
        lines.append(
          shown[start..<min(start + across, shown.count)].map { name in
            let text = truncating(name, toWidth: column - 2)
            return text + String(repeating: " ", count: column - displayWidth(of: text))
          }.joined())
      }
      let rest = names.count - shown.count
      if rest > 0 { lines.append("… and \(rest) more; type on") }
    }
    return lines.map { $0 + "\r\n" }.joined()
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
