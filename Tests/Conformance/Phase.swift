import NNDiagnostics
import NNSyntax

/// What the program makes of a case's source at one stage of its way. A case has a section for each phase that it
/// wants to pin down; a phase that is `isImplicit` must come out empty where a case has no section for it.
struct Phase: Sendable {
  var heading: String
  var isImplicit = false
  /// The text that the section must hold, without a line end at its end.
  var run: @Sendable (CaseFile, SourceFile) async throws -> String

  /// All phases, in the order in which they stand in a case. To add one is to add a line here.
  static let all: [Phase] =
    [
      Phase(heading: "TOKENS") { _, source in TokenPrinter.text(of: tokenize(source)) },
      Phase(heading: "TOKENS WITH SPANS") { _, source in
        TokenPrinter.text(of: tokenize(source), withSpans: true)
      },
      Phase(heading: "TREE") { _, source in TreePrinter.text(of: parse(source).script) },
      Phase(heading: "TREE WITH SPANS") { _, source in
        TreePrinter.text(of: parse(source).script, withSpans: true)
      },
      Phase(heading: "PROBLEMS", isImplicit: true) { _, source in Renderer().text(of: parse(source).problems)
      },
      Phase(heading: "FIXED") { _, source in source.applyingFixes(of: parse(source).problems) },
      Phase(heading: "PRINTED") { _, source in Printer.text(of: parse(source).script) },
      Phase(heading: "FORMATTED") { _, source in try Formatter.text(of: source) },
      Phase(heading: "INCOMPLETE") { _, source in parse(source, mode: .shell).isIncomplete ? "yes" : "no" },
    ] + programPhases

  /// Headings that are no phase: they hold what phases work on. (`FILE name` may come any number of times.)
  static func isInput(_ heading: String) -> Bool {
    heading == "SOURCE" || heading == "SOURCE BYTES" || heading == "ARGUMENTS" || heading == "TYPED"
      || heading.hasPrefix("FILE ")
  }
}
