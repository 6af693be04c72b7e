import NNData
import NNDiagnostics
import NNSyntax

/// The files that a script includes.
struct IncludedFiles {
  /// The folder that each file under way stands in, and its path, from the script inwards.
  private var open: [(path: String, folder: String)]
  /// Files that were taken before, by their paths, and the names that they declare.
  private var taken: [String: [Plan.Naming]] = [:]

  /// - Parameter script: the script's file; names in `< >` stand for a text that is no file.
  init(script: String) {
    let isFile = !script.hasPrefix("<")
    open = [(isFile ? plainPath(script) : "", isFile ? folder(of: script) : "")]
  }

  /// The path of a file that is written in the file under way.
  func resolved(_ path: String) -> String {
    let path = expandingTilde(path)
    return plainPath(path.hasPrefix("/") ? path : (open.last?.folder ?? "") + path)
  }

  /// The files that include one another, if this one is among them.
  func cycle(to path: String) -> [String]? {
    guard let index = open.firstIndex(where: { $0.path == path }) else { return nil }
    return open[index...].map(\.path) + [path]
  }

  var depth: Int { open.count }

  mutating func begin(_ path: String) { open.append((path, folder(of: path))) }

  mutating func end(_ namings: ArraySlice<Plan.Naming>) {
    guard let file = open.popLast() else { return }
    taken[file.path] = Array(namings)
  }

  /// What a file that was taken before declares.
  func namings(of path: String) -> [Plan.Naming]? { taken[path] }
}

/// The folder that a file stands in, with a `/` at its end; empty for the working directory.
private func folder(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
}

extension Checker {
  /// Files within files, at most.
  private static let deepestInclude = 50

  mutating func check(
    _ include: Include, startingFrom experiment: Experiment, _ cursor: PlanBuilder.Cursor
  ) {
    let span = include.path.span
    guard let value = evaluator.evaluate(include.path) else { return }
    guard let written = value.constant.text else {
      context.report(
        NameProblem.wrongType(
          option: "include", expectation: "a file", found: value.constant.shown, suggestion: nil), at: span)
      return
    }
    if written.contains("://") { return context.report(DataProblem.remote(written), at: span) }
    let path = includes.resolved(written)
    if let cycle = includes.cycle(to: path) {
      return context.report(ScriptProblem.includeCycle(cycle), at: span)
    }
    // A file is taken once; a second `include` of it brings its names back.
    if let namings = includes.namings(of: path) {
      for naming in namings {
        naming.apply(&scope)
        builder.name(naming.apply)
      }
      return
    }
    guard includes.depth < Self.deepestInclude else {
      return context.report(ScriptProblem.includesTooDeep, at: span)
    }
    guard let bytes = context.attempt(at: span, { () throws(Found) in try readScript(path, context) }) else {
      return
    }
    context.includes[path] = String(decoding: bytes, as: UTF8.self)
    let source = context.sources.add(SourceFile(name: path, bytes: bytes))
    let parsed = parse(source)
    for problem in parsed.problems { context.report(problem) }
    let before = builder.plan.namings.count
    includes.begin(path)
    var nothing = experiment
    var own = cursor
    check(parsed.script.statements, on: &nothing, &own, in: .included)
    includes.end(builder.plan.namings[before...])
  }
}

/// The bytes of a script that another includes.
private func readScript(_ path: String, _ context: CheckContext) throws(Found) -> [UInt8] {
  if let replay = context.options.replay {
    // The file may have changed since, and so may what it stands beside.
    guard let text = replay.seal.includes[path] else {
      throw Found(DataError.fileMissing(path: path).problem)
    }
    return Array(text.utf8)
  }
  do {
    return try readFile(path: path, limit: 64 << 20)
  } catch {
    throw Found(error.problem)
  }
}
