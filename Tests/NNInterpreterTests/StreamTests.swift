import Foundation
import NNData
import NNDiagnostics
import NNEngine
import Testing

@testable import NNInterpreter

/// A table that streams gives what it gives in memory.
@Suite struct StreamTests {
  private final class Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "nn-stream-\(UInt64.random(in: 0 ... .max))"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Of more than two blocks, with holes, words and classes, some rows without a target.
  private static let text: String = {
    let rows = (0..<9000).map { row -> String in
      let draw = (row &* 2_654_435_761) % 10_007
      let x = draw % 11 == 0 ? "" : "\(Double(draw) / 100 - 50)"
      return "\(x),\(draw % 17),\(draw % 13 == 0 ? "" : "w\(draw % 5)"),"
        + "\(row % 501 == 7 ? "" : "\(Double(draw % 19) / 3)"),\(draw % 7 < 2 ? "rare" : "common"),\(1 + draw % 3)"
    }
    return "x,n,word,y,kind,weight\n" + rows.joined(separator: "\n") + "\n"
  }()

  private func run(
    _ script: String, in folder: Folder, threads: Int? = nil
  ) throws -> (Interpreter, Interpreter.Result) {
    if !FileManager.default.fileExists(atPath: folder.path + "/t.csv") {
      try Data(Self.text.utf8).write(to: URL(fileURLWithPath: folder.path + "/t.csv"))
    }
    var interpreter = Interpreter()
    var options = RunOptions()
    options.threads = threads
    let source = script.replacingOccurrences(of: "@", with: folder.path + "/")
    let result = interpreter.run(SourceFile(name: "test", text: source), options: options)
    return (interpreter, result)
  }

  private static let scripts = [
    "data @t.csv STREAM target=y ignore=kind weight=weight | split test=20% val=10% order=tail | impute mean indicator | scale standard | encode onehot\nmodel < dense 6 relu; output > | compile loss=mse metrics=[mae, r2] | fit epochs=2 seed=4 batch=50 | evaluate",
    "data @t.csv STREAM target=kind ignore=y | split test=1000 order=tail | impute median | scale quantile | balance\nmodel < dense 6 relu; batchnorm; output > | compile metrics=[accuracy, auc] | fit epochs=2 seed=4 validation_split=15% | evaluate",
    "data @t.csv STREAM target=n ignore=[y, kind] | impute 0 | scale minmax columns=weight | encode ordinal columns=word\nmodel < dense 5 tanh; output > | fit epochs=1 seed=9 class_weight=balanced | fit epochs=1 | evaluate",
    "data @t.csv STREAM target=y ignore=kind | impute mean | scale robust | scale standard columns=y\nmodel < dense 4 relu; dropout 0.2; dense 1 > | compile loss=mae opt=sgd | fit epochs=2 seed=4 shuffle=false | evaluate",
    "data @t.csv STREAM target=kind | select x n | impute mean | model < output > | fit epochs=1 seed=1 | fit @t.csv epochs=1 | evaluate @t.csv",
  ]

  @Test("what one window holds trains, measures and predicts as in memory", arguments: scripts)
  func oneWindow(script: String) throws {
    let folder = try Folder()
    let (held, first) = try run(
      script.replacingOccurrences(of: "STREAM", with: "") + " | predict to=@a.csv", in: folder)
    let (streamed, second) = try run(
      script.replacingOccurrences(of: "STREAM", with: "stream") + " | predict to=@b.csv", in: folder)
    #expect(first.status == .done && second.status == .done, "\(first.diagnostics) \(second.diagnostics)")
    #expect(held.experiment.digest != nil)
    #expect(streamed.experiment.digest == held.experiment.digest)
    #expect(streamed.experiment.metrics.map(\.name) == held.experiment.metrics.map(\.name))
    #expect(streamed.experiment.metrics.map(\.value) == held.experiment.metrics.map(\.value))
    let answers = try ["/a.csv", "/b.csv"].map {
      try String(contentsOfFile: folder.path + $0, encoding: .utf8)
    }
    #expect(answers[0] == answers[1] && !answers[0].isEmpty)
  }

  @Test("several windows give one digest, on any number of threads, whatever is measured at a time")
  func severalWindows() throws {
    let folder = try Folder()
    let script =
      "data @t.csv stream memory=1M target=y ignore=kind | split test=20% val=10% seed=3 | impute mean | scale standard | encode hash buckets=60\nmodel < dense 6 relu; output > | compile loss=mse | fit epochs=2 seed=4 | evaluate"
    let (first, result) = try run(script, in: folder)
    #expect(result.status == .done, "\(result.diagnostics)")
    for threads in [1, 3] {
      let (again, _) = try run(script, in: folder, threads: threads)
      #expect(again.experiment.digest == first.experiment.digest)
    }
    let (other, _) = try run(script.replacingOccurrences(of: "memory=1M", with: "memory=2M"), in: folder)
    #expect(other.experiment.digest != first.experiment.digest)
    let (_, status) = try run(script + " | predict @t.csv to=@b.csv", in: folder)
    #expect(status.status == .done, "\(status.diagnostics)")
    let lines = try String(contentsOfFile: folder.path + "/b.csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 9001)
  }

  @Test("a backup of a fit that streams goes on where it was, and no other fit takes it")
  func backup() throws {
    let folder = try Folder()
    func script(_ epochs: Int, _ memory: String, stops: String = "") -> String {
      "data @t.csv stream memory=\(memory) target=y ignore=[kind, word] | impute mean | scale standard\nmodel < dense 6 relu; output > | compile loss=mse | fit epochs=\(epochs) seed=4 \(stops) callbacks=[backup(@state/)]"
    }
    let (whole, _) = try run(
      script(3, "1M").replacingOccurrences(of: " callbacks=[backup(@state/)]", with: ""), in: folder)
    let stop = StopSignal()
    final class Stopper: RunObserver {
      let stop: StopSignal
      init(_ stop: StopSignal) { self.stop = stop }
      func observe(_ event: RunEvent) { if case .epoch = event { stop.request() } }
    }
    var begun = Interpreter()
    let source = script(3, "1M").replacingOccurrences(of: "@", with: folder.path + "/")
    _ = begun.run(
      SourceFile(name: "test", text: source), options: RunOptions(), stop: stop, observer: Stopper(stop))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/state"))
    let (rest, result) = try run(script(3, "1M"), in: folder)
    #expect(
      result.status == .done && rest.experiment.digest == whole.experiment.digest, "\(result.diagnostics)")
  }

  @Test("columns that are gone or damaged while they are used end the fit, and what was trained is kept")
  func damaged() throws {
    let folder = try Folder()
    let (_, made) = try run("data @t.csv stream target=kind | describe", in: folder)
    #expect(made.status == .done)
    let path = folder.path + "/t.csv.nn-columns"
    // A category that there is not, in the last block, where `word` stands third: opening the file does not read every cell.
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let cell: UInt64 = 8192 * 6 + 2 * 808
    try handle.seek(toOffset: 8 + 4 * cell)
    handle.write(Data([UInt8](repeating: 0x7F, count: 4)))
    try handle.close()
    let script = "data @t.csv stream memory=1M target=y ignore=[kind, weight, x] | encode hash buckets=40\n"
    let (_, learning) = try run(
      script + "model < output > | compile loss=mse | fit epochs=1 seed=1", in: folder)
    #expect(learning.status == .failed, "\(learning.diagnostics)")
    let message = learning.diagnostics.first?.message ?? ""
    #expect(message.contains("t.csv.nn-columns") && message.contains("damaged"))
  }

  @Test(
    "amounts of memory",
    arguments: [
      ("256M", 256 << 20), ("1G", 1 << 30), ("1.5GiB", 3 << 29), ("64mb", 64 << 20), ("2097152", 2 << 20),
    ])
  func amounts(text: String, bytes: Int) { #expect(StreamSlot.bytes(of: text) == bytes) }

  @Test("and what is none", arguments: ["", "M", "-1M", "1e400G", "nan", "12X", "0"])
  func noAmounts(text: String) { #expect(StreamSlot.bytes(of: text) == nil) }
}
