import Foundation
import Support
import Testing

/// `fit … seal=run.nns`, and `nn verify run.nns`.
@Suite struct VerifyTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.copyItem(
      at: repository.appendingPathComponent("scripts/iris.csv"),
      to: folder.url.appendingPathComponent("iris.csv"))
    return folder
  }

  private func nn(_ arguments: [String], _ folder: Folder) throws -> Program.Run {
    try Program.run(arguments, in: folder.url)
  }

  private func remove(_ name: String, _ folder: Folder) throws {
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent(name))
  }

  /// Drawn seeds, an earlier fit, dropout, an included file, settings, callbacks that write.
  @Test func provesEveryBitOnAnyNumberOfThreads() throws {
    let folder = try folder()
    try folder.write("def body(w) { dense $w relu; dropout 20% }\n", to: "common.nn")
    try folder.write(
      """
      include common.nn
      param epochs=3
      data iris.csv | split val=20% | scale standard
      model < body 16; batchnorm; output >
      fit epochs=2
      fit epochs=$epochs seal=out/run.nns callbacks=[csv_logger(log.csv), early_stopping(patience=2, restore_best_weights=true)]
      save m.safetensors
      """, to: "script.nn")
    let run = try nn(["run", "--set", "epochs=6", "script.nn"], folder)
    #expect(run.status == 0, "\(run.errors)")
    for name in ["log.csv", "m.safetensors", "common.nn", "script.nn"] { try remove(name, folder) }
    let before = folder.names
    for threads in ["1", "2", "5"] {
      let proof = try nn(["verify", "out/run.nns", "--threads", threads], folder)
      #expect(proof.status == 0, "\(proof.errors)")
      #expect(proof.output.contains("out/run.nns: every bit is the same: "))
    }
    #expect(folder.names == before)
    let json = try nn(["verify", "--json", "out/run.nns"], folder)
    #expect(json.output.contains(#"{"event":"verify","path":"out/run.nns","ok":true,"epochs":"#))
  }

  @Test(arguments: [
    "data iris.csv stream | split val=20% | model < dense 8 relu; output > | fit epochs=4 patience=1 seal=run.nns",
    "data iris.csv | split val=20%\nsweep lr=[0.1, 0.01] save=runs { model < dense 8 relu; output > | compile lr=$lr | fit epochs=2 }\nbest val_loss | fit epochs=3 seal=run.nns",
    "data iris.csv | model < dense 8 relu; output > | fit epochs=1000000 budget=1s seal=run.nns",
    "let base = data iris.csv | model < dense 8 relu; output > | fit epochs=2\n$base | compile opt=sgd ema=0.99 | fit epochs=2 steps=7 seal=run.nns",
    "data iris.csv | model < dense 8 relu; output > | fit epochs=2 | save m.safetensors\nmodel m.safetensors | data iris.csv | fit epochs=2 seal=run.nns",
    "data iris.csv | model < dense 4; output > | fit epochs=0 seal=run.nns",
    "data iris.csv target=petal_width | model < dense 6 relu; output > | compile loss=mse opt=sgd(lr=1e6)\nfit epochs=10 callbacks=[terminate_on_nan] seal=run.nns",
  ])
  func provesWhatItsWeightsComeFrom(_ script: String) throws {
    let folder = try folder()
    let run = try nn(["-e", script], folder)
    #expect(run.status == 0, "\(run.errors)")
    let proof = try nn(["verify", "run.nns", "--threads", "3"], folder)
    #expect(proof.status == 0, "\(proof.errors)")
    #expect(proof.output.contains("every bit is the same"))
  }

  @Test func namesTheFirstEpochThatDiffers() throws {
    let folder = try folder()
    let run = try nn(
      ["-e", "data iris.csv | model < output > | fit epochs=5 seed=1 seal=run.nns"], folder)
    #expect(run.status == 0, "\(run.errors)")
    let seal = try folder.read("run.nns")
    let lines = seal.split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex { $0.hasPrefix(#"{"epoch":3,"#) })
    var changed = lines
    // Another bit of the digest of the third epoch.
    changed[place].replace(#/"weights":"(.)/#) { $0.output.1 == "0" ? #""weights":"1"# : #""weights":"0"# }
    try folder.write(changed.joined(separator: "\n"), to: "other.nns")
    let proof = try nn(["verify", "other.nns"], folder)
    #expect(proof.status == 1)
    #expect(proof.errors.contains("error[E1011]: epoch 3 differs"))
    #expect(proof.errors.contains("the 2 epochs before it are the same"))
    // Another seed gives other weights before the first step.
    try folder.write(
      seal.replacing(
        #""text":"data iris.csv | model < output >"#,
        with: #""text":"data iris.csv | model < dense 3 softmax >"#), to: "other.nns")
    #expect(try nn(["verify", "other.nns"], folder).status != 0)
    for (member, code) in [
      (#""trained":""#, "E1011"), (#""steps":25"#, "E1011"), (#""reason":""#, "E1011"),
      (#""training":""#, "E1010"), (#""start":""#, "E1011"),
    ] {
      let other =
        member == #""steps":25"#
        ? #""steps":26"#
        : member.contains("reason") || member.contains("training") ? member + "x" : member
      let text =
        member.hasSuffix("\":\"") && other == member
        ? seal.replacing(
          try Regex(NSRegularExpression.escapedPattern(for: member) + "."),
          with: { match in
            member + (seal[match.range].hasSuffix("0") ? "1" : "0")
          })
        : seal.replacing(member, with: other)
      try folder.write(text, to: "other.nns")
      let proof = try nn(["verify", "other.nns"], folder)
      #expect(proof.status == 1, "\(member)")
      #expect(proof.errors.contains("error[\(code)]"), "\(member): \(proof.errors)")
    }
  }

  @Test func namesWhatElseDiffers() throws {
    let folder = try folder()
    _ = try nn(["-e", "data iris.csv | model < output > | fit epochs=2 seed=1 seal=run.nns"], folder)
    let seal = try folder.read("run.nns")
    try folder.write(seal.replacing(#""nn":"0"#, with: #""nn":"old 0"#), to: "old.nns")
    let old = try nn(["verify", "old.nns"], folder)
    #expect(old.status == 0)
    #expect(old.errors.contains("sealed by nn old 0"))
    let table = try folder.read("iris.csv")
    try folder.write(table + "5.1,3.5,1.4,0.2,setosa\n", to: "iris.csv")
    let changed = try nn(["verify", "run.nns"], folder)
    #expect(changed.status == 1 && changed.errors.contains("error[E1010]: iris.csv is not the file"))
    try remove("iris.csv", folder)
    let missing = try nn(["verify", "run.nns"], folder)
    #expect(missing.status == 2 && missing.errors.contains("error[E0503]: there is no file iris.csv"))
    let none = try nn(["verify", "none.nns"], folder)
    #expect(none.status == 2 && none.errors.contains("error[E0502]"))
    try folder.write("{}", to: "none.nns")
    let other = try nn(["verify", "none.nns"], folder)
    #expect(other.status == 1 && other.errors.contains("error[E1009]"))
    #expect(try nn(["verify", "run.nns", "--set", "a=1"], folder).status == 2)
  }

  /// A fit that was killed and went on from its backup is sealed as if nothing had been.
  @Test func provesAFitThatWasTakenUpAgain() throws {
    let folder = try folder()
    let script =
      "data iris.csv | scale standard | model < dense 8 relu; output > | fit epochs=30 seal=run.nns callbacks=[backup(kept)]"
    // A clock ends it in place of a kill; the folder stays.
    let first = script.replacing("backup(kept)", with: "backup(kept, delete_checkpoint=false)")
    #expect(try nn(["-e", first.replacing("epochs=30", with: "epochs=11")], folder).status == 0)
    try remove("run.nns", folder)
    let second = try nn(["-e", first], folder)
    #expect(second.errors.contains("goes on after epoch 11"), "\(second.errors)")
    let proof = try nn(["verify", "run.nns"], folder)
    #expect(proof.status == 0 && proof.output.contains("30 epochs"), "\(proof.errors)")
  }

  /// The lines of a shell are a script, too; one that failed is none.
  @Test func whatIsInASealIsNotBelieved() throws {
    let folder = try folder()
    _ = try nn(["-e", "data iris.csv | model < output > | fit epochs=2 seed=1 seal=run.nns"], folder)
    let bytes = Array(try folder.read("run.nns").utf8)
    var state: UInt64 = 7
    for round in 0..<60 {
      var copy = bytes
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let place = Int(state >> 33) % copy.count
      if round % 3 == 0 {
        copy = Array(copy[..<place])
      } else {
        copy[place] = UInt8(truncatingIfNeeded: state >> 24)
      }
      try Data(copy).write(to: folder.url.appendingPathComponent("bad.nns"))
      let run = try nn(["verify", "bad.nns"], folder)
      // Whatever it says, it says it.
      #expect([0, 1, 2].contains(run.status), "\(run.status) \(run.errors)")
      #expect(run.status == 0 || run.errors.contains("error["))
    }
    for (member, value) in [
      ("\"fit\":1", "\"fit\":9223372036854775807"), ("\"fit\":1", "\"fit\":-1"),
      ("\"steps\":10", "\"steps\":-3"),
      ("\"version\":1", "\"version\":2"), ("\"script\":[", "\"script\":[],\"x\":["),
    ] {
      try folder.write(String(decoding: bytes, as: UTF8.self).replacing(member, with: value), to: "bad.nns")
      let run = try nn(["verify", "bad.nns"], folder)
      #expect(run.status == 1 && run.errors.contains("error[E1009]"), "\(value): \(run.errors)")
    }
  }
}
