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
    /// Where the session stood before and behind it; nil for a statement that is too old to be taken back.
    var states: States?
    var fits: [FitReport]
    var ending: Ending
    /// The file that was run at the start: it is not taken back.
    var isInitial = false
  }

  /// On the heap, for all but the last statements go without.
  final class States: Sendable {
    let before: Interpreter
    let after: Interpreter

    init(before: Interpreter, after: Interpreter) {
      self.before = before
      self.after = after
    }

    /// What it takes to keep it: the weights behind the statement, if the statement has made them.
    fileprivate var weightBytes: Int {
      before.experiment.digest == after.experiment.digest ? 0 : after.experiment.weightBytes
    }
  }

  private(set) var done: [Entry] = []
  private(set) var undone: [Entry] = []
  /// Statements that are no longer known.
  private(set) var forgotten = 0

  /// The statements that can be taken back, at most, and the bytes of weights that are kept for it. The last one always can.
  static let mostStates = 100
  static let mostBytes = 512 << 20
  /// The statements that can be written down.
  static let mostEntries = 10_000

  mutating func add(_ entry: Entry) {
    done.append(entry)
    undone = []
    var bytes = 0
    for (age, index) in done.indices.reversed().enumerated() {
      guard let states = done[index].states else { break }
      if age > 0, age >= Self.mostStates || bytes > Self.mostBytes { done[index].states = nil }
      bytes += states.weightBytes
    }
    if done.count > Self.mostEntries {
      let count = Self.mostEntries / 10
      done.removeFirst(count)
      forgotten += count
    }
  }

  /// Takes the last statement back. - Returns: nil if there is none that can be.
  mutating func undo() -> (entry: Entry, state: Interpreter)? {
    guard let last = done.last, !last.isInitial, let states = last.states else { return nil }
    undone.append(done.removeLast())
    return (last, states.before)
  }

  mutating func redo() -> (entry: Entry, state: Interpreter)? {
    guard let entry = undone.last, let states = entry.states else { return nil }
    undone.removeLast()
    done.append(entry)
    return (entry, states.after)
  }

  /// There are statements before those that can be taken back.
  var isTooOld: Bool { done.last.map { !$0.isInitial && $0.states == nil } ?? false }

  /// The last statement that was typed.
  var last: Entry? { done.last.flatMap { $0.isInitial ? nil : $0 } }
}
