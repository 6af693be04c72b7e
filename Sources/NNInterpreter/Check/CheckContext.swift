import NNData
import NNDiagnostics
import NNSyntax

/// What the checker knows beside the experiment, and where problems go.
final class CheckContext {
  let source: SourceFile
  let options: RunOptions
  let tables: TableStore
  private(set) var diagnostics: [Diagnostic] = []
  /// Files that an earlier statement writes: they are checked when they are reached.
  var writtenPaths: Set<String> = []

  init(source: SourceFile, options: RunOptions, tables: TableStore) {
    self.source = source
    self.options = options
    self.tables = tables
  }

  func report(_ problem: any Problem, at span: Span?) {
    diagnostics.append(problem.diagnostic(in: source, at: span))
  }

  /// Runs a step that may find a problem, and reports it at the given place unless it has one.
  /// - Returns: nil if a problem was found.
  func attempt<Result>(at span: Span?, _ step: () throws(Found) -> Result) -> Result? {
    do {
      return try step()
    } catch {
      report(error.problem, at: error.span ?? span)
      return nil
    }
  }

  /// Whether a path can only be looked at when a run reaches it.
  func isDeferred(_ path: String) -> Bool { path == "-" || writtenPaths.contains(path) }
}
