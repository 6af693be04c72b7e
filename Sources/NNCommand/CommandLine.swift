import ArgumentParser
import NN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program: what `nn` does with its arguments, up to the exit status.
///
/// - Parameter ranks: the processes that were started with the same arguments; nil for this one alone.
public func runCommandLine(_ arguments: [String], ranks: (any Ranks)? = nil) -> ExitStatus {
  guard let ranks, ranks.count > 1 else { return runAlone(arguments) }
  return Job.$ranks.withValue(ranks) { runAmongRanks(arguments, ranks) }
}

func runAlone(_ arguments: [String]) -> ExitStatus {
  if let script = CompletionScript.requested(by: arguments) {
    Output.standard.write(script)
    return .done
  }
  do {
    var command = try NNCommand.parseAsRoot(arguments)
    try command.run()
    return .done
  } catch let status as ExitStatus {
    return status
  } catch {
    // Help and version are asked for through errors too; those have status 0.
    let code = NNCommand.exitCode(for: error)
    let text = NNCommand.fullMessage(for: error)
    if code == .success {
      Output.standard.write(text + "\n")
      return .done
    }
    let renderer = Renderer(
      usesColor: ColorChoice.auto.isOn(for: .diagnostics), width: max(Output.diagnostics.width, 40),
      wraps: Output.diagnostics.isTerminal)
    let mistake = CommandLineMistake(NNCommand.message(for: error), arguments)
    Output.diagnostics.write(renderer.text(of: mistake.diagnostic) + "\n")
    return .rejected
  }
}

/// Says on standard error what keeps the program from beginning.
public func complain(_ text: String) {
  Output.diagnostics.write(Renderer().text(of: Diagnostic(code: "E0522", text)) + "\n")
}

/// Leaves with a status, with everything written.
public func exitProgram(_ status: ExitStatus) -> Never {
  Output.standard.flush()
  Output.diagnostics.flush()
  exit(status == .done && Output.standard.hasFailed ? ExitStatus.failed.code : status.code)
}

/// How the program ends; interface.md fixes the numbers.
public struct ExitStatus: Error, Equatable, Sendable {
  public let code: Int32

  public static let done = ExitStatus(code: 0)
  /// The run failed: a bad cell, a failed `expect`, reading or writing.
  public static let failed = ExitStatus(code: 1)
  /// The script or the command line is wrong, and nothing ran.
  public static let rejected = ExitStatus(code: 2)
  /// The reader of standard output has gone.
  public static let closedPipe = ExitStatus(code: 141)
  /// Ended by a signal, once what was trained is kept.
  public static func signal(_ number: Int32) -> ExitStatus { ExitStatus(code: 128 + number) }
}

/// The root of the command line. Without a subcommand it runs a script.
struct NNCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nn",
    abstract: "Trains dense networks on tables, from one line of text.",
    discussion: """
      nn                      an interactive shell, or a script from standard input
      nn SCRIPT.nn            runs a script
      nn -e 'SOURCE'          runs a line of text

      For example:
        nn -e 'data iris.csv | model < dense 8 relu; output > | fit epochs=50 seed=1'
      """,
    version: "nn \(version) (\(instructionSetName))",
    subcommands: [
      RunCommand.self, CheckCommand.self, FormatCommand.self, PredictCommand.self, EvaluateCommand.self,
      SummaryCommand.self, VerifyCommand.self,
      ExplainCommand.self, HelpCommand.self, LanguageServerCommand.self, ReplCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}
