/// What was odd about a file and has been taken care of: worth a word, and no error.
public enum ReadNotice: Sendable, Hashable {
  /// Names that stand in the header more than once, and what the later ones are called.
  case renamed(source: String, names: [Renaming])
  /// Columns without a name in the header, by the names that they were given.
  case nameless(source: String, names: [String])
  /// A column without a name and without a value, as a separator at each row's end makes one; it is left out.
  case emptyColumn(source: String, place: Int)
  /// Lines above the header that are no rows of the table.
  case titleLines(source: String, count: Int, text: String)

  /// A column taken for text whose cells are numbers if other signs stand in them.
  case otherSpelling(source: String, column: String, text: String, spelling: OtherSpelling)

  public struct Renaming: Sendable, Hashable {
    public var from: String
    public var to: String
  }
}

extension ReadNotice: CustomStringConvertible {
  /// One sentence without a full stop, control characters escaped.
  public var description: String {
    switch self {
    case .renamed(let source, let names):
      let pairs = names.prefix(6).map { "\(shown($0.from)) is \(shown($0.to))" }.joined(separator: ", ")
      return "\(shown(source)): names stand in the header more than once; the later \(pairs)"
        + (names.count > 6 ? " and so on" : "")
    case .nameless(let source, let names):
      return
        "\(shown(source)): \(names.count == 1 ? "a column has" : "columns have") no name in the header, and "
        + "\(names.count == 1 ? "is" : "are") called \(listed(names))"
    case .emptyColumn(let source, let place):
      return "\(shown(source)): column \(place) has neither a name nor a value, and is left out"
    case .titleLines(let source, let count, let text):
      return count == 1
        ? "\(shown(source)): line 1, \(quoted(text)), stands above the header and is left out"
        : "\(shown(source)): the first \(count) lines, from \(quoted(text)) on, stand above the header and are left out"
    case .otherSpelling(let source, let column, let text, _):
      return "\(shown(source)): column \(shown(column)) is text, as \(quoted(text)) is not a number here"
    }
  }

  /// What to do if it is not meant so; a clause in the language of scripts.
  public var advice: String? {
    switch self {
    case .renamed, .nameless: return nil
    case .emptyColumn: return "a separator at the end of each row makes one"
    case .titleLines(_, let count, _):
      return "`skip=\(count)` says so, too; `header=true` takes the first line for the header"
    case .otherSpelling(_, _, _, let spelling): return "`\(spelling.options)` reads such numbers"
    }
  }
}
