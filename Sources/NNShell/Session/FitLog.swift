import NN
import Synchronization

/// What a statement's fits came to, as far as repeating them needs to know.
struct FitReport: Sendable {
  var fit: Int
  /// Inside many runs which of them.
  var run: Int?
  /// The stage and, from the innermost, the uses of the definitions that it stands in.
  var places: [RunEvent.Place]
  var seed: UInt64
  var seedIsDrawn: Bool
  /// Why it stopped; empty where it did not come to an end.
  var reason = ""
  /// Steps that it took.
  var steps = 0
}

/// Listens to a run for its fits, and hands everything on.
public final class FitLog: RunObserver {
  private let reports = Mutex<[FitReport]>([])

  public init() {}

  /// An observer that tells this log and another.
  public func passing(on other: any RunObserver) -> any RunObserver { Both(log: self, other: other) }

  private struct Both: RunObserver {
    let log: FitLog
    let other: any RunObserver

    func observe(_ event: RunEvent) {
      log.observe(event)
      other.observe(event)
    }
  }

  var all: [FitReport] { reports.withLock { $0 } }

  public func observe(_ event: RunEvent) {
    switch event {
    case .fitStarted(let fit):
      reports.withLock {
        $0.append(
          FitReport(
            fit: fit.fit, run: fit.run, places: fit.places, seed: fit.seed, seedIsDrawn: fit.seedIsDrawn))
      }
    case .fitStopped(let stop):
      reports.withLock { reports in
        guard let index = reports.lastIndex(where: { $0.fit == stop.fit && $0.run == stop.run }) else {
          return
        }
        reports[index].reason = stop.reason
        reports[index].steps = stop.steps
      }
    default: break
    }
  }
}
