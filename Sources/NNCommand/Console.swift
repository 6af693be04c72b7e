import NN
import Synchronization

/// Shows a run: as text for people, or as JSON events.
final class Console: RunObserver {
  private let json: JSONEvents?
  private let text: TextEvents?

  init(_ options: RunningOptions, script: String, page: (@Sendable (String) -> Bool)? = nil) {
    json = options.json ? JSONEvents(script: script) : nil
    text = options.json ? nil : TextEvents(options, page: page)
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
