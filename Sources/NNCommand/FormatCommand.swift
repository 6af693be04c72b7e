import ArgumentParser
import NN

import struct NNSyntax.Formatter

/// `nn fmt [--check] FILE…`: the one layout of a script.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Lays scripts out in the one canonical way.",
    discussion: """
      Files are changed in place; standard input is written to standard output. Comments stay, and what a script
      means does not change. A file that does not parse is left as it is, with its mistakes shown and status 2.
      """)

  @Argument(help: "Scripts, or - for standard input.", completion: .file(extensions: ["nn"]))
  var files: [String]

  @Flag(help: "Change nothing; list the files that would change, and end with status 1 if there are any.")
  var check = false

  @Option(help: ArgumentHelp("Colour the output.", valueName: "auto|always|never"))
  var color: ColorChoice = .auto

  func run() throws {
    var worst = ExitStatus.done
    for file in files {
      do {
        try format(file)
      } catch {
        worst = worst.code >= error.code ? worst : error
      }
    }
    if worst != .done { throw worst }
  }

  private func format(_ file: String) throws(ExitStatus) {
    let source: SourceFile
    do {
      source = try readSource(file)
    } catch {
      show([error])
      throw .rejected
    }
    let text: String
    do {
      text = try Formatter.text(of: source)
    } catch {
      show(error.problems)
      throw .rejected
    }
    let isChanged = Array(text.utf8) != source.bytes
    if check {
      guard isChanged else { return }
      Output.standard.write(source.name + "\n")
      throw .failed
    }
    if file == "-" {
      Output.standard.write(text)
    } else if isChanged {
      do throws(DataError) {
        let output = try AtomicFile(path: file)
        try output.write(Array(text.utf8))
        try output.commit()
      } catch {
        show([Diagnostic(code: "E1005", error.description)])
        throw .failed
      }
    }
  }

  private func show(_ diagnostics: [Diagnostic]) {
    let renderer = Renderer(usesColor: color.isOn(for: .diagnostics), width: Output.diagnostics.width)
    Output.diagnostics.write(renderer.text(of: diagnostics) + "\n")
  }
}
