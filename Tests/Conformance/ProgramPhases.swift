import Foundation
import NNDiagnostics
import Support

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
