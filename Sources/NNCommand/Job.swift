import NN

/// What `mpirun` has started: several processes with the same arguments.
enum Job {
  /// The others and this one; nil where there is one.
  @TaskLocal static var ranks: (any Ranks)?

  /// Whether this process is the one that reads what is typed, and writes.
  static var speaks: Bool { ranks.map { $0.rank == 0 } ?? true }

  /// Seconds that a rank which has failed waits for the others to come to the same end.
  static let patience = 5.0
}

/// Runs a script on every rank, and anything else on the first.
func runAmongRanks(_ arguments: [String], _ ranks: any Ranks) -> ExitStatus {
  let command = try? NNCommand.parseAsRoot(arguments)
  guard command is RunCommand || ranks.rank == 0 else { return leave(.done, ranks, []) }
  return runAlone(arguments)
}

/// Ends a script on every rank.
///
/// What all have failed with, rank 0 has said. What one alone has failed with, such as a file that its machine does not have, it says
/// itself, with its number, and ends the others, which would wait for it.
func leave(_ status: ExitStatus, _ ranks: any Ranks, _ diagnostics: [Diagnostic]) -> ExitStatus {
  let ends = ranks.agree(Int(status.code), within: status == .done ? .infinity : Job.patience)
  if status != .done, ranks.rank > 0, ends?.first != Int(status.code) {
    let renderer = Renderer(
      usesColor: ColorChoice.auto.isOn(for: .diagnostics), width: max(Output.diagnostics.width, 40))
    for diagnostic in diagnostics {
      var diagnostic = diagnostic
      diagnostic.message = "rank \(ranks.rank): \(diagnostic.message)"
      Output.diagnostics.write(renderer.text(of: diagnostic) + "\n")
    }
  }
  guard ends == nil else { return status }
  Output.standard.flush()
  Output.diagnostics.flush()
  ranks.abort(Int(status.code))
}
