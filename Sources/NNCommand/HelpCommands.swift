import ArgumentParser
import NN

/// `nn help [TOPIC]`: what there is, from the catalog.
struct HelpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Tells of a stage, a layer, or anything else of the language.")

  @Argument(
    help: "A kind such as `layers`, a name such as `dense`, or a code such as E0203.",
    completion: .list(Help.topics))
  var topic: [String] = []

  @Option(help: ArgumentHelp("Colour the output.", valueName: "auto|always|never"))
  var color: ColorChoice = .auto

  func run() throws {
    guard let topic = topic.first else { return show([Help.overview], color) }
    do {
      try show(Help.pages(for: topic), color)
    } catch {
      Output.diagnostics.write("nn help: \(error.message); \(error.advice)\n")
      throw ExitStatus.rejected
    }
  }
}

/// `nn explain CODE`: what an error means, with a wrong and a right example.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explains an error or a warning by its code.")

  @Argument(help: "Codes such as E0203.", completion: .list(Explanation.all.map(\.code)))
  var codes: [String]

  @Option(help: ArgumentHelp("Colour the output.", valueName: "auto|always|never"))
  var color: ColorChoice = .auto

  func run() throws {
    var isUnknown = false
    for code in codes {
      if let explanation = Explanation.of(code) {
        show([explanation.page], color)
        continue
      }
      let near = Explanation.nearest(to: code)
      let advice =
        near.isEmpty
        ? "`nn help diagnostics` lists all codes" : "did you mean \(near.joined(separator: " or "))?"
      Output.diagnostics.write("nn explain: there is no code `\(escapingControls(code))`; \(advice)\n")
      isUnknown = true
    }
    if isUnknown { throw ExitStatus.rejected }
  }
}

private func show(_ pages: [HelpPage], _ color: ColorChoice) {
  let isColored = color.isOn(for: .standard)
  let texts = pages.map { $0.text(width: Output.standard.width, usesColor: isColored) }
  Output.standard.write(texts.joined(separator: "\n\n") + "\n")
}
