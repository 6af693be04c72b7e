import NNData
import NNDiagnostics
import NNSyntax

/// What the checker knows beside the experiment, and where problems go.
final class CheckContext {
  let source: SourceFile
  let options: RunOptions
  let tables: TableStore
  private(set) var diagnostics: [Diagnostic] = []
  /// Where stages stand that there are not: what the parser finds odd in them is no mistake of its own.
  var unknownStages: [Span] = []
  /// Files that an earlier statement writes: they are checked when they are reached.
  var writtenPaths: Set<String> = []
  /// Paths with places for numbers, of which callbacks write any.
  var writtenPatterns: [PathPattern] = []
  /// What callbacks write.
  private var claims: [(path: String, isFolder: Bool)] = []

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
  func isDeferred(_ path: String) -> Bool {
    path == "-" || writtenPaths.contains(path) || writtenPatterns.contains { $0.matches(path) }
      || tables.isTooLarge(path)
  }

  /// Gives a callback a path of its own.
  /// - Returns: whether no other has it.
  func claim(_ path: String, isFolder: Bool = false) -> Bool {
    let path = path.hasSuffix("/") ? String(path.dropLast()) : path
    let isFree = !claims.contains { claim in
      claim.path == path || claim.isFolder && path.hasPrefix(claim.path + "/")
        || isFolder && claim.path.hasPrefix(path + "/")
    }
    claims.append((path, isFolder))
    return isFree
  }
}
