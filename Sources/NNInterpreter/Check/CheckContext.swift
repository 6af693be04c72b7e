import NNData
import NNDiagnostics
import NNSyntax

/// What the checker knows beside the experiment, and where problems go.
final class CheckContext {
  /// The script and what it includes.
  var sources: SourceMap
  let options: RunOptions
  let tables: TableStore
  /// What was found, of each severity so much as anyone would read.
  var diagnostics: [Diagnostic] { kept + leftOut.values.map(\.told) }
  private var kept: [Diagnostic] = []
  private var leftOut: [Diagnostic.Severity: LeftOut] = [:]
  /// Where stages stand that there are not: what the parser finds odd in them is no mistake of its own.
  var unknownStages: [Span] = []
  /// Files that an earlier statement writes: they are checked when they are reached.
  var writtenPaths: Set<String> = []
  /// Paths with places for numbers, of which callbacks write any.
  var writtenPatterns: [PathPattern] = []
  /// Looks at a `def`'s body that nobody uses yet: which files there will be is not known, and the definitions that it uses
  /// have been looked at themselves.
  private(set) var isAside = false
  /// Names, parameters and definitions by their place, and what has been used of them.
  var uses = UseRecord()
  /// Every `compile` behind a fit, and what has used one.
  var compilations = Compilations()
  /// The uses of definitions in whose bodies the checker is, from the outermost.
  var expansions: [(name: String, span: Span)] = []
  /// How many stages and layers definitions have been expanded to.
  var expanded = 0
  private var reported: Set<String> = []
  /// Codes and places of what was reported, whatever it said.
  private var reportedPlaces: Set<String> = []
  /// The run of many whose body is being checked.
  var run: CheckedRun?
  /// The texts of the files that the script includes, by their paths.
  var includes: [String: String] = [:]
  /// What callbacks write.
  var claims: [(path: String, isFolder: Bool)] = []

  init(sources: SourceMap, options: RunOptions, tables: TableStore) {
    self.sources = sources
    self.options = options
    self.tables = tables
  }

  /// A context for looking at a definition's body that nobody uses yet: it claims no paths, and what it records is dropped
  /// but for its problems.
  func aside() -> CheckContext {
    let context = CheckContext(sources: sources, options: options, tables: tables)
    context.isAside = true
    return context
  }

  func report(_ problem: any Problem, at span: Span?) {
    var diagnostic = problem.diagnostic(in: sources, at: span)
    // In a definition's body the mistake may lie in what it was given.
    if let span, let use = expansions.last {
      let isOutside = expansions.allSatisfy { !($0.span.start <= span.start && span.end <= $0.span.end) }
      if isOutside {
        diagnostic.notes.append(
          Diagnostic.Note("`\(use.name)` is used here", source: sources.file(use.span), span: use.span))
      }
    }
    if let run, run.number > 1, let span = diagnostic.span {
      diagnostic.notes.append(
        Diagnostic.Note("in the run with \(run.settings)", source: sources.file(run.span), span: run.span))
      // What a warning says of one run it would say of all, in other numbers.
      if diagnostic.severity == .warning,
        reportedPlaces.contains("\(diagnostic.code) \(span.start) \(span.end)")
      {
        return
      }
    }
    report(diagnostic)
  }

  var errorCount: Int { kept.count { $0.severity == .error } + (leftOut[.error]?.count ?? 0) }

  /// The most problems of a severity that are told, as many as the parser tells.
  private static let mostProblems = 1_000

  /// Problems that were too many to be told.
  private struct LeftOut {
    var first: Diagnostic
    var count = 1

    var told: Diagnostic {
      guard let source = first.source, let place = first.span else { return first }
      var result = SyntaxProblem.structure(.tooMany(place, left: count)).diagnostic(in: source)
      result.severity = first.severity
      return result
    }
  }

  /// Adds a problem, once: a definition that is used twice has its mistakes once.
  func report(_ diagnostic: Diagnostic) {
    let place = diagnostic.span.map { "\($0.start) \($0.end)" } ?? ""
    guard reported.insert("\(diagnostic.code) \(place) \(diagnostic.message)").inserted else { return }
    reportedPlaces.insert("\(diagnostic.code) \(place)")
    if leftOut[diagnostic.severity] != nil {
      leftOut[diagnostic.severity]?.count += 1
    } else if kept.count(where: { $0.severity == diagnostic.severity }) < Self.mostProblems {
      kept.append(diagnostic)
    } else {
      leftOut[diagnostic.severity] = LeftOut(first: diagnostic)
    }
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

  /// Tells what was odd about a file.
  func reportNotices(of table: Table?, at span: Span?) {
    for notice in table?.notices ?? [] { report(DataProblem.noticed(notice), at: span) }
  }

  /// Whether a path can only be looked at when a run reaches it.
  func isDeferred(_ path: String) -> Bool {
    isAside || path == "-" || writtenPaths.contains(path)
      || writtenPatterns.contains { $0.matches(path) }
      || isPattern(path) && writtenPaths.contains { isMatch($0, path) } || tables.isTooLarge(path)
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

/// Every `compile` of a model that is trained already, and which of them a fit or a measurement uses.
struct Compilations {
  private var declared: [Span] = []
  private var used: Set<Span> = []

  mutating func declare(_ span: Span) { if !declared.contains(span) { declared.append(span) } }
  mutating func use(_ span: Span?) { if let span { used.insert(span) } }

  var unused: [Span] { declared.filter { !used.contains($0) } }
}

/// What was declared, and what of it is used.
struct UseRecord {
  struct Declared {
    var kind: NameProblem.Declared
    var name: String
    var span: Span
  }

  private var declared: [Declared] = []
  private var used: Set<Span> = []

  mutating func declare(_ kind: NameProblem.Declared, _ name: Name) {
    if !declared.contains(where: { $0.span == name.span }) {
      declared.append(Declared(kind: kind, name: name.text, span: name.span))
    }
  }

  mutating func use(_ declaration: Span?) {
    if let declaration { used.insert(declaration) }
  }

  /// Whether what was declared there has been used.
  func isUsed(_ declaration: Span) -> Bool { used.contains(declaration) }

  mutating func merge(_ other: UseRecord) { used.formUnion(other.used) }

  /// In the source's order. A name that begins with `_` is meant to be left alone.
  var unused: [Declared] { declared.filter { !used.contains($0.span) && !$0.name.hasPrefix("_") } }
}
