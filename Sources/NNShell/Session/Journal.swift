import NN

/// What was done in a session, statement by statement: for taking back, for doing again, for writing down.
struct Journal: Sendable {
  /// A statement that ran, to its end or not.
  struct Entry: Sendable {
    enum Ending: Sendable {
      case done
      /// What ran before the mistake is kept.
      case failed(Diagnostic)
      case interrupted
    }

    var source: SourceFile
    /// As it was typed.
    var text: String
    var before: Interpreter
    var after: Interpreter
    var fits: [FitReport]
    var ending: Ending
    /// The file that was run at the start: it is not taken back.
    var isInitial = false
  }

  private(set) var done: [Entry] = []
  private(set) var undone: [Entry] = []

  mutating func add(_ entry: Entry) {
    done.append(entry)
    undone = []
  }

  /// Takes the last statement back. - Returns: nil if there is none.
  mutating func undo() -> Entry? {
    guard let last = done.last, !last.isInitial else { return nil }
    undone.append(done.removeLast())
    return last
  }

  mutating func redo() -> Entry? {
    guard let entry = undone.popLast() else { return nil }
    done.append(entry)
    return entry
  }

  /// The last statement that was typed.
  var last: Entry? { done.last.flatMap { $0.isInitial ? nil : $0 } }
}
