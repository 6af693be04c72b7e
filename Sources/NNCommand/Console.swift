import NN
import Synchronization

/// Shows a run: as text for people, or as JSON events. Of several ranks the first shows it, and the others nothing.
final class Console: RunObserver {
  private let json: JSONEvents?
  private let text: TextEvents?

  init(_ options: RunningOptions, script: String, page: (@Sendable (String) -> Bool)? = nil) {
    json = options.json && Job.speaks ? JSONEvents(script: script) : nil
    text = options.json || !Job.speaks ? nil : TextEvents(options, page: page)
  }

  func begin() { json?.begin() }

  func observe(_ event: RunEvent) {
    json?.observe(event)
    text?.observe(event)
  }

  /// Shows what stopped the run, and that it has ended.
  func end(_ diagnostics: [Diagnostic], status: ExitStatus) {
    json?.end(diagnostics, status: status)
    text?.end(diagnostics, status: status)
  }
}
