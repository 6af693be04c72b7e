import NNData
import NNDiagnostics
import NNReport

/// `report to=FILE.html`: everything about the model on one page: a model card.
struct ReportStage: Stage {
  static let declaration = StageDeclaration(
    "report", "writes a page about the model: data, network, training, quality, and how to repeat it",
    options: [
      OptionDeclaration("to", .text("a file"), positional: true, required: true, "the page, ending in .html"),
      OptionDeclaration("title", .text("a title"), "the page's heading; the target's name without it"),
      OptionDeclaration("note", .text("a text"), "what the model is for, and what it is not for"),
      OptionDeclaration("author", .text("a name"), "who answers for it"),
      OptionDeclaration(
        "theme", .choice(Theme.allCases.map(\.rawValue)),
        "light, dark, or as the reader's system is without it"),
      OptionDeclaration(
        "repeats", .integer(0...10_000), default: .integer(10),
        "how often each feature is shuffled for its importance; 0 leaves importance out"),
    ],
    needs: [.weights], streams: true)

  private let bound: BoundStage

  var files: StageFiles {
    StageFiles(writes: bound.arguments.text("to").map { [.file($0)] } ?? [], isResult: true)
  }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard let path = bound.arguments.text("to") else { return }
    let span = bound.arguments.span("to")
    if path.contains("://") {
      context.report(DataProblem.remote(path), at: span)
    } else if ![".html", ".htm"].contains(NNInterpreter.ending(of: path)) {
      context.report(OutcomeProblem.reportEnding(path), at: span)
    }
    context.writtenPaths.insert(path)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let path = bound.arguments.text("to") else { return }
    let span = bound.arguments.span("to")
    if let target = experiment.model?.trained?.target {
      experiment.announceData(to: context, force: true, target: target)
    }
    let card = ModelCard(
      experiment: experiment, bound: bound, context: context,
      repeats: bound.arguments.integer("repeats", or: 10))
    let page = try placed(at: bound.nameSpan) { () throws(Found) in try card.page() }
    do throws(DataError) {
      try makeFolders(above: expandingTilde(path))
      let file = try AtomicFile(path: expandingTilde(path))
      try file.write(Array(page.html(theme: bound.arguments.choice("theme", or: .auto)).utf8))
      try file.commit()
    } catch {
      throw Found(RunProblem.writing(error), at: span)
    }
    context.tell(.saved(path: path))
  }
}
