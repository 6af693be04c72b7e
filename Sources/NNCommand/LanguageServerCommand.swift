import ArgumentParser
import NNLanguageServer

/// `nn lsp`: a language server on standard input and output, for editors.
struct LanguageServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serves an editor, by the Language Server Protocol on standard input and output.")

  /// Editors of some make add it; there is no other way here.
  @Flag(name: .customLong("stdio"), help: .hidden)
  var stdio = false

  func run() throws {
    var server = LanguageServer()
    while server.exitStatus == nil {
      guard let bytes = InputFile.readSome() else {
        server.end()
        break
      }
      Output.standard.write(server.receive(bytes))
      Output.standard.flush()
    }
    if let status = server.exitStatus, status != 0 { throw ExitStatus(code: status) }
  }
}
