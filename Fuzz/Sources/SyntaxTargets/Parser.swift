import NNDiagnostics
import NNSyntax

/// Every problem has a code, a sentence and a place in the text, and comes once; a text for people can be made of all.
@_cdecl("fuzz_parser")
public func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let source = SourceFile(name: "fuzz", bytes: bytes(start, count))
  for mode in [ParseMode.script, .shell] {
    let result = parse(source, mode: mode)
    var seen: Set<String> = []
    for problem in result.problems {
      guard let span = problem.span else { fatalError("\(problem.code) has no place") }
      require(isWithin(span, source), "\(problem.code) sticks out")
      require(!problem.code.isEmpty && !problem.message.isEmpty, "a problem says nothing")
      require(seen.insert("\(problem.code) \(span)").inserted, "\(problem.code) comes twice")
      for fix in problem.fixIts { require(isWithin(fix.span, source), "a fix of \(problem.code) sticks out") }
      for note in problem.notes {
        if let span = note.span { require(isWithin(span, source), "a note of \(problem.code) sticks out") }
      }
    }
    _ = Renderer(width: 60).text(of: Array(result.problems.prefix(20)))
    guard result.problems.allSatisfy({ $0.severity == .warning }), !result.continuesPrevious else { continue }
    let printed = Printer.text(of: result.script)
    let again = parse(SourceFile(name: "printed", text: printed))
    require(again.problems.allSatisfy { $0.severity == .warning }, "what is printed does not parse: \(printed)")
    require(
      TreePrinter.text(of: again.script) == TreePrinter.text(of: result.script), "another tree is printed: \(printed)")
  }
  return 0
}
