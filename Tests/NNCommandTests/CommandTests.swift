import Foundation
import Support
import Testing

/// The program from outside: arguments, standard input and output, exit status.
@Suite struct CommandTests {
  static let sentence =
    "model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mae opt=sgd; fit data.csv epochs=100 seed=42"
  static let scripts = repository.appendingPathComponent("scripts")

  private func nn(_ arguments: [String], input: String? = nil, in directory: URL = scripts) throws
    -> Program.Run
  {
    try Program.run(arguments, in: directory, input: input.map { Data($0.utf8) })
  }

  private func digest(_ run: Program.Run) -> String? {
    run.output.firstMatch(of: #/weights ([0-9a-f]{16})/#).map { String($0.output.1) }
  }

  @Test func theSentenceGivesOneDigestHoweverItIsRun() throws {
    let folder = try Folder()
    let script = try folder.write(Self.sentence + "\n", to: "sentence.nn")
    let runs = [
      try nn(["-e", Self.sentence]), try nn([script]), try nn(["run", script]),
      try nn(["run", "-"], input: Self.sentence),
      try nn([], input: Self.sentence), try nn(["-e", Self.sentence, "--threads", "1"]),
      try nn(["-e", Self.sentence, "--threads", "2"]), try nn(["--threads", "2", script]),
      try Program.run(["-e", Self.sentence], in: Self.scripts, environment: ["NN_ISA": "portable"]),
      try Program.run(["-e", Self.sentence], in: Self.scripts, environment: ["NN_ISA": "avx2"]),
    ]
    for run in runs { #expect(run.status == 0, "\(run.errors)") }
    #expect(Set(runs.map { digest($0) ?? "none" }) == ["fbebfa95172167e1"])
  }

  @Test func aScriptThatCannotBeReadIsAMistakeOnTheCommandLine() throws {
    for arguments in [
      ["nothere.nn"], ["run", "nothere.nn"], ["check", "."], ["check", "--explain", "nothere.nn"],
    ] {
      let run = try nn(arguments)
      #expect(run.status == 2)
      #expect(run.errors.hasPrefix("error[E0501]: cannot read "), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  static let mistakes: [(arguments: [String], says: [String])] = [
    (
      ["predict", "m.safetensors"],
      [
        "error[E0520]: `nn predict` needs a table behind the model, or - for standard input",
        "`nn predict MODEL DATA|- [--to FILE] [--proba]`",
      ]
    ),
    (["predict"], ["error[E0520]: `nn predict` needs a model"]),
    (["summary"], ["error[E0520]: `nn summary` needs a model"]),
    (["fmt"], ["error[E0520]: `nn fmt` needs a script"]),
    (
      ["predict", "m.safetensors", "a.csv", "--prob"], ["error[E0520]: unknown option '--prob'", "'--proba'"]
    ),
    (["chek", "iris.nn"], ["did you mean `nn check`?"]),
    (
      ["predict", "iris.csv", "m.safetensors"],
      ["error[E0521]: the model stands first", "`nn predict m.safetensors iris.csv`"]
    ),
    (["evaluate", "-", "m.onnx"], ["error[E0521]: the model stands first", "`nn evaluate m.onnx -`"]),
  ]

  @Test(arguments: mistakes) func aMistakeOnTheCommandLineTellsHowItIsWritten(
    arguments: [String], says: [String]
  ) throws {
    let run = try nn(arguments)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    for text in says { #expect(run.errors.contains(text), "\(run.errors)") }
  }

  static let statuses: [(arguments: [String], status: Int32)] = [
    (["-e", "fti"], 2), (["nothere.nn"], 2), (["--nonsense"], 2), (["run", "--threads", "0", "iris.nn"], 2),
    (["-e", "print 1", "iris.nn"], 2), (["-e", "data nothere.csv"], 2), (["check", "nothere.nn"], 2),
    (["check", "iris.nn"], 0), (["-e", "print 1"], 0), (["-e", ""], 0), (["--version"], 0), (["--help"], 0),
    (["-e", "data iris.csv | model < output > | fit seed=1 | expect loss < 0"], 1),
    (["-e", "data iris.csv | sweep lr=[1] save=iris.csv/x { model < output > | compile lr=$lr | fit }"], 1),
    (["-e", "print $x", "--set", "y=1"], 2), (["run", "--set", "nonsense", "iris.nn"], 2), (["."], 2),
    (["summary", "iris.csv"], 2), (["summary", "nothere.safetensors"], 2),
    (["-e", "print a", "--json", "--quiet"], 0),
  ]

  @Test(arguments: statuses) func exitStatus(arguments: [String], status: Int32) throws {
    let run = try nn(arguments)
    #expect(run.status == status, "\(arguments): \(run.output)\(run.errors)")
    if status != 0 { #expect(!run.errors.isEmpty, "\(arguments) failed without a word") }
  }

  @Test func resultsGoToStandardOutputAndTheRestToStandardError() throws {
    let run = try nn(["-e", "data iris.csv | model < output > | fit epochs=3 seed=1 | print hello"])
    #expect(run.output.contains("weights"))
    #expect(run.output.contains("hello"))
    #expect(run.errors.contains("150 rows"))
    #expect(!run.errors.contains("\u{1B}"), "colour without a terminal")
    #expect(!run.output.contains("\u{1B}"), "colour without a terminal")
    let colored = try nn(["-e", "data iris.csv | model < output > | fit seed=1", "--color", "always"])
    #expect(colored.output.contains("\u{1B}"))
  }

  @Test func everyLineOfJSONIsAnObject() throws {
    let run = try nn([
      "-e",
      "data iris.csv | split val=20% | model < output > | fit epochs=2 patience=1 | evaluate | describe",
      "--json",
    ])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    var kinds: [String] = []
    for line in run.output.split(separator: "\n") {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      kinds.append(try #require(object["event"] as? String))
    }
    #expect(kinds == ["start", "data", "fit", "epoch", "epoch", "stop", "evaluate", "output", "done"])
  }

  @Test func predictReadsAndWritesPipes() throws {
    let folder = try Folder()
    let model = folder.url.appendingPathComponent("m.safetensors").path
    #expect(
      try nn([
        "-e",
        "data iris.csv | scale standard | model < dense 8 relu; output > | fit epochs=5 seed=1 | save '\(model)'",
      ])
      .status == 0)
    let rows = "petal_width,petal_length,sepal_width,sepal_length\n0.2,1.4,3.5,5.1\n2.1,5.9,3.0,7.1\n"
    let piped = try nn(["predict", model, "-"], input: rows)
    #expect(piped.status == 0)
    #expect(piped.output.split(separator: "\n").count == 3)
    #expect(piped.output.hasPrefix("species\n"))
    let file = try folder.write(rows, to: "rows.csv")
    let answers = folder.url.appendingPathComponent("answers.csv").path
    #expect(try nn(["predict", model, file, "--to", answers, "--proba"]).status == 0)
    let text = try folder.read("answers.csv")
    #expect(text.hasPrefix("species,p(setosa),p(versicolor),p(virginica)\n"))
    #expect(try nn(["evaluate", model, "iris.csv"]).output.contains("test_loss"))
    #expect(try nn(["summary", model]).output.contains("67 parameters"))
    #expect(try nn(["predict", model, file, "--json"]).status == 2)
    #expect(try nn(["predict", model, "cars.csv"]).status == 2)
  }

  @Test func aMissingColumnNamesItself() throws {
    let folder = try Folder()
    let model = folder.url.appendingPathComponent("m.safetensors").path
    _ = try nn(["-e", "data iris.csv | model < output > | fit seed=1 | save '\(model)'"])
    let run = try nn(["predict", model, "-"], input: "sepal_length,sepal_width,petal_length\n1,2,3\n")
    #expect(run.status == 1 || run.status == 2)
    #expect(run.errors.contains("petal_width"))
    #expect(run.output.isEmpty)
  }

  @Test func nothingIsWrittenWhereCheckingFails() throws {
    let folder = try Folder()
    try folder.write(
      "data x.csv | model < output > | fit seed=1 | save m.safetensors | predict to=p.csv; fti\n", to: "s.nn")
    try folder.write("a,b\n1,2\n3,4\n", to: "x.csv")
    let run = try nn(["run", "s.nn"], in: folder.url)
    #expect(run.status == 2)
    #expect(folder.names == ["s.nn", "x.csv"])
  }

  @Test func aFailedSaveLeavesTheOldFile() throws {
    let folder = try Folder()
    try folder.write("a,b\n1,2\n3,4\n", to: "x.csv")
    let script = "data x.csv | model < output > compile loss=mse | fit seed=1 | save m.safetensors"
    #expect(try nn(["-e", script], in: folder.url).status == 0)
    let before = try Data(contentsOf: folder.url.appendingPathComponent("m.safetensors"))
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("d.safetensors"), withIntermediateDirectories: false)
    let failed = try nn(["-e", script.replacingOccurrences(of: "m.safe", with: "d.safe")], in: folder.url)
    #expect(failed.status == 1)
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("m.safetensors")) == before)
    // The model is in a file of its own then, and no temporary one is left.
    let rescued = folder.names.filter { $0.hasPrefix("rescue-") }
    #expect(folder.names == (["d.safetensors", "m.safetensors", "x.csv"] + rescued).sorted())
    let rescue = try #require(rescued.first)
    #expect(failed.errors.contains(rescue))
    #expect(try nn(["predict", rescue, "x.csv"], in: folder.url).status == 0)
  }

  // MARK: Killed and begun again

  /// A fit with every callback that remembers something, slow enough to be killed in its middle.
  private static let killable = """
    data iris.csv target=species | split val=20% seed=1 | scale standard
    model < dense 16 relu; dropout 20%; output > | compile lr=0.05 metrics=[accuracy]
    fit epochs=120 batch=8 seed=7 steps_per_epoch=7 callbacks=[backup(kept, FREQUENCY), reduce_lr_on_plateau(patience=9), \
      early_stopping(monitor=val_accuracy, patience=90, restore_best_weights=true), csv_logger(log.csv), \
      checkpoint(best.safetensors, monitor=val_accuracy, save_best_only=true)]
    """

  /// Starts the program and ends it with a signal once the folder `kept` has been written to some more.
  private func end(_ script: String, in folder: Folder, with signal: Int32, after seconds: Double) throws {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = ["run", script]
    process.currentDirectoryURL = folder.url
    process.environment = ["PATH": "/usr/bin:/bin"].merging(Program.instruments) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let file = folder.url.appendingPathComponent("kept/backup.safetensors").path
    while process.isRunning, !FileManager.default.fileExists(atPath: file) { usleep(1000) }
    usleep(UInt32(seconds * 1e6))
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
  }

  @Test(arguments: ["save_freq=epoch", "save_freq=4"], [SIGKILL, SIGINT])
  func aFitThatWasEndedGoesOnToTheSameBits(frequency: String, signal: Int32) throws {
    func folder() throws -> Folder {
      let folder = try Folder()
      try FileManager.default.copyItem(
        at: Self.scripts.appendingPathComponent("iris.csv"), to: folder.url.appendingPathComponent("iris.csv")
      )
      try folder.write(Self.killable.replacing("FREQUENCY", with: frequency), to: "fit.nn")
      return folder
    }
    let whole = try folder()
    let uninterrupted = try nn(["run", "fit.nn"], in: whole.url)
    #expect(uninterrupted.status == 0, "\(uninterrupted.errors)")
    let parts = try folder()
    for seconds in [0.004, 0.03, 0.1] { try end("fit.nn", in: parts, with: signal, after: seconds) }
    #expect(parts.names.contains("kept"), "the fit was done before it could be ended")
    let last = try nn(["run", "fit.nn"], in: parts.url)
    #expect(last.status == 0, "\(last.errors)")
    #expect(last.errors.contains("goes on after epoch"), "\(last.errors)")
    #expect(digest(last) != nil && digest(last) == digest(uninterrupted))
    #expect(try parts.read("log.csv") == whole.read("log.csv"))
    #expect(!parts.names.contains("kept"))
  }
}
