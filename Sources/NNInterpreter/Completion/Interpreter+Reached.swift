import NNData
import NNDiagnostics
import NNSyntax

extension Interpreter {
  /// What a script comes to, as far as a check can know it: the experiment, and the names.
  func reached(_ source: SourceFile, options: RunOptions) -> (experiment: Experiment, scope: Scope) {
    let context = CheckContext(sources: SourceMap(source), options: options, tables: TableStore(options))
    var checker = Checker(context: context, scope: scope, experiment: experiment, fileName: source.name)
    _ = checker.check(parse(source).script)
    return (checker.reached, checker.scope)
  }

  /// A table by its path, as `data` would open it without options; nil if it cannot be read.
  func table(_ path: String, options: RunOptions) -> Table? {
    let store = TableStore(options)
    let path = expandingTilde(path)
    guard !store.isTooLarge(path) else { return nil }
    return try? store.table(paths: [path], name: path, options: ReadOptions())
  }
}
