import Foundation
import NNDiagnostics
import Support
import TerminalScreen

/// Phases in which the program itself runs on the case: its SOURCE as `script.nn` in a folder of its own, with the case's
/// files beside it and the tables of scripts/ at hand.
extension Phase {
  static let programPhases: [Phase] = [
    // `nn check`: every mistake and warning, then the status. Nothing may be written.
    Phase(heading: "CHECK") { subject, source in
      let folder = try subject.folder(source)
      let before = folder.names
      let run = try Program.run(["check"] + subject.arguments.dropFirst() + ["script.nn"], in: folder.url)
      let written = folder.names.filter { !before.contains($0) }
      return run.output + run.errors + "status \(run.status)"
        + (written.isEmpty ? "" : "\nwrote \(written.joined(separator: ", "))")
    },
    // `nn check --explain`: what the script would do.
    Phase(heading: "EXPLAINED") { subject, source in
      let folder = try subject.folder(source)
      let run = try Program.run(
        ["check", "--explain"] + subject.arguments.dropFirst() + ["script.nn"], in: folder.url)
      return run.output + run.errors + "status \(run.status)"
    },
    // `nn run`: standard output.
    Phase(heading: "OUTPUT") { subject, source in try subject.run(source).output.withoutTimes },
    // Standard error, then the status.
    Phase(heading: "NOTES") { subject, source in
      let run = try subject.run(source)
      return run.errors.withoutTimes + "status \(run.status)"
    },
    // `nn run --json`.
    Phase(heading: "EVENTS") { subject, source in
      try subject.run(source, ["--json"]).output.withoutTimes
    },
    // What the script leaves in its folder: each new text file's name and content, a carriage return as `\r`.
    Phase(heading: "FILES") { subject, source in
      let folder = try subject.folder(source)
      let before = folder.names
      _ = try Program.run(subject.arguments + ["script.nn"], in: folder.url)
      return try folder.names.filter { !before.contains($0) }.map { name in
        name.hasSuffix(".csv") ? "\(name):\n\(try folder.read(name).replacing("\r\n", with: "\\r\n"))" : name
      }.joined(separator: "\n")
    },
    // The lines of TYPED, typed into the shell on a terminal: all that a person has seen at the end.
    Phase(heading: "SESSION") { subject, source in try subject.session(source, columns: 80).shown },
    Phase(heading: "SESSION AT 40 COLUMNS") { subject, source in
      try subject.session(source, columns: 40).shown
    },
    // What `:save session.nn` wrote: that is to be the case's SOURCE, and to end with the weights that the session had.
    Phase(heading: "SAVED SESSION") { subject, source in
      let session = try subject.session(source, columns: 80)
      let saved = try session.folder.read("session.nn")
      let run = try Program.run(["run", "session.nn"], in: session.folder.url)
      let weights = run.output.split(separator: "\n").last { $0.hasPrefix("  weights") } ?? "none"
      // A section's text has no line end behind its last line.
      let isSource = saved == String(decoding: source.bytes, as: UTF8.self) + "\n"
      return (isSource ? "the source" : saved) + "\n"
        + (session.shown.contains(weights) ? "the same weights" : "other weights: \(weights)")
        + "\nstatus \(run.status)"
    },
  ]
}

extension CaseFile {
  /// The words of an `# ARGUMENTS` section, given to the program before the script.
  fileprivate var arguments: [String] {
    ["run"]
      + (sections.first { $0.heading == "ARGUMENTS" }?.text.split(separator: "\n").map(String.init) ?? [])
  }

  /// A folder with the script, the case's FILE sections and the tables of scripts/.
  fileprivate func folder(_ source: SourceFile) throws -> Folder {
    let folder = try Folder()
    let tables = repository.appendingPathComponent("scripts")
    for name in ["data.csv", "iris.csv", "cars.csv"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name), withDestinationURL: tables.appendingPathComponent(name))
    }
    for section in sections where section.heading.hasPrefix("FILE ") {
      try folder.write(section.text + "\n", to: String(section.heading.dropFirst("FILE ".count)))
    }
    try Data(source.bytes).write(to: folder.url.appendingPathComponent("script.nn"))
    return folder
  }

  /// Types the lines of TYPED, each at its prompt, and leaves.
  fileprivate func session(_ source: SourceFile, columns: Int) throws -> (shown: String, folder: Folder) {
    let folder = try folder(source)
    // High enough for all of it, so that nothing is paged.
    let terminal = try ShellTerminal(in: folder.url, rows: 400, columns: columns)
    terminal.waitForPrompt(seconds: 60)
    let typed = sections.first { $0.heading == "TYPED" }?.text ?? ""
    for line in typed.split(separator: "\n", omittingEmptySubsequences: false) {
      guard terminal.enter(String(line), seconds: 60) else {
        return (terminal.screen.text + "\nno prompt came behind `\(line)`", folder)
      }
    }
    let shown = terminal.screen.text
    terminal.type("\u{15}:quit\r")
    let status = terminal.status(seconds: 60) ?? -1
    let text = shown.withoutTimes.replacing(#/nn \d+\.\d+\.\d+/#) { _ in "nn VERSION" }
    return (text + (status == 0 ? "" : "\nstatus \(status)"), folder)
  }

  fileprivate func run(_ source: SourceFile, _ extra: [String] = []) throws -> Program.Run {
    let folder = try folder(source)
    let run = try Program.run(arguments + extra + ["script.nn"], in: folder.url)
    return run
  }
}

extension String {
  /// The text with what the clock decides taken out.
  fileprivate var withoutTimes: String {
    replacing(#/(epoch \d+, )[0-9.]+ (ms|s|min)\b[^:]*/#) { "\($0.output.1)TIME" }
      .replacing(#/"seconds":[-+0-9.e]+/#) { _ in "\"seconds\":0" }
  }
}
