import NNData
import NNEngine

/// Keeps a fit in a folder, so that the same script, started again after the program was ended from outside, goes on from
/// there and gives the same bits. The folder is removed when the fit is complete.
struct Backup: Callback {
  enum Frequency: Sendable, Equatable {
    case epochs
    case steps(Int)
  }

  let folder: String
  let frequency: Frequency
  /// Two of them: the last and the one before.
  let keepsPrevious: Bool
  let removesFolder: Bool
  let environment: CallbackEnvironment

  /// What the other callbacks remember is kept, too.
  let isLast = true

  var stepInterval: Int? {
    if case .steps(let count) = frequency { count } else { nil }
  }

  mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
    do throws(DataError) {
      try makeFolders(expandingTilde(folder))
    } catch {
      throw .callbackFailed(error.description)
    }
  }

  mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction { write(fit) }

  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    frequency == .epochs ? write(fit) : .proceed
  }

  private func write(_ fit: any FitUnderWay) -> CallbackAction {
    guard let identity = environment.identity else { return .proceed }
    do throws(Found) {
      try BackupFile(folder: folder).write(fit.snapshot(), identity: identity, keepsPrevious: keepsPrevious)
      return .proceed
    } catch {
      return .fail(error.problem.message)
    }
  }

  mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
    let isComplete: Bool
    switch reason {
    case .epochs, .earlyStopping, .budget, .steps: isComplete = true
    // The next run would come to the same end; it is the last whole epoch that is worth keeping.
    case .nonFinite:
      isComplete = environment.toleratesNaN
      if !isComplete { return CallbackEnd() }
    case .interrupted, .callbackFailed, .rowsFailed: isComplete = false
    }
    if isComplete, removesFolder {
      do throws(DataError) {
        try BackupFile(folder: folder).remove()
      } catch {
        return CallbackEnd(failure: error.description)
      }
    } else if case .fail(let reason) = write(fit) {
      return CallbackEnd(failure: reason)
    }
    return CallbackEnd()
  }
}
