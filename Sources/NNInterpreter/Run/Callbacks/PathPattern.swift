/// A path with places for an epoch's numbers, as Keras's ModelCheckpoint has it: `{epoch:02d}`, `{val_loss:.2f}`; `{{` and
/// `}}` stand for braces.
struct PathPattern: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    case field(String, PythonFormat)
  }

  let source: String
  private(set) var parts: [Part] = []

  /// What is wrong with a pattern, for a message.
  struct Malformed: Error, Equatable {
    var reason: String
  }

  /// The names that stand for whole numbers.
  static let wholeNames: Set<String> = ["epoch", "batch"]

  init(_ source: String) throws(Malformed) {
    self.source = source
    var text = ""
    var rest = source[...]
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        text.append(character)
        rest = rest.dropFirst()
      case "}": throw Malformed(reason: "a `}` that closes nothing is written `}}`")
      case "{":
        guard let close = rest.firstIndex(of: "}") else {
          throw Malformed(reason: "a `{` that is not closed")
        }
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        parts.append(try Self.field(rest[..<close]))
        rest = rest[rest.index(after: close)...]
      default: text.append(character)
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
  }

  /// A path that is taken as it stands.
  init(plain source: String) {
    self.source = source
    parts = [.text(source)]
  }

  private static func field(_ text: Substring) throws(Malformed) -> Part {
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    let name = String(text[..<colon])
    let format = colon == text.endIndex ? "" : text[text.index(after: colon)...]
    let isName =
      name.first.map { $0.isLetter || $0 == "_" } == true
      && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    guard isName else {
      throw Malformed(reason: "`{\(text)}` names no value, as `{epoch}` or `{val_loss:.2f}` does")
    }
    guard let parsed = PythonFormat(format), parsed.fits(isWhole: wholeNames.contains(name)) else {
      throw Malformed(
        reason:
          "`\(format)` is no format for `\(name)`, as \(wholeNames.contains(name) ? "`02d`" : "`.2f`") is"
      )
    }
    return .field(name, parsed)
  }

  /// The names that it has places for.
  var names: [String] {
    parts.compactMap { if case .field(let name, _) = $0 { name } else { nil } }
  }

  /// The path for some numbers.
  /// - Returns: nil with the name of the first value that is not there.
  func path(
    epoch: Int, batch: Int?, values: [(name: String, value: Double)]
  ) -> (path: String?, missing: String?) {
    var path = ""
    for part in parts {
      switch part {
      case .text(let text): path += text
      case .field("epoch", let format): path += format.text(epoch)
      case .field("batch", let format):
        guard let batch else { return (nil, "batch") }
        path += format.text(batch)
      case .field(let name, let format):
        guard let value = values.first(where: { $0.name == name })?.value else { return (nil, name) }
        path += format.text(value)
      }
    }
    return (path, nil)
  }

  /// Whether a path could be one that it gives.
  func matches(_ path: String) -> Bool {
    var rest = path[...]
    for (index, part) in parts.enumerated() {
      guard case .text(let text) = part else { continue }
      if index == 0 {
        guard rest.hasPrefix(text) else { return false }
        rest = rest.dropFirst(text.count)
      } else if index == parts.count - 1 {
        return rest.hasSuffix(text)
      } else {
        guard let found = rest.firstRange(of: text) else { return false }
        rest = rest[found.upperBound...]
      }
    }
    if case .field? = parts.last { return true }
    return rest.isEmpty
  }
}
