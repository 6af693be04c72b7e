import NNData
import NNDiagnostics
import NNEngine

/// What a second training of a sealed fit has proved.
public struct Verified: Sendable {
  /// The seal's file, as it was given.
  public var path: String
  public var epochs: Int
  public var steps: Int
  /// Of the kept weights.
  public var digest: String
  public var threads: Int
  /// The version and the instructions, if they are others than the sealed ones.
  public var remark: String?
}

/// The texts that a run is a part of, as a seal writes them down.
struct RunText: Sendable {
  /// In pieces, so that a session's lines, of which each run has a copy that is one longer, are not kept over and over.
  private var pieces: [[Seal.Part]] = []
  var includes: [String: String] = [:]
  /// Why they do not give the same again, if they do not.
  var unrepeatable: String?

  private static let pieceSize = 100
  private static let mostPieces = 100

  var parts: [Seal.Part] { pieces.flatMap { $0 } }

  mutating func append(_ part: Seal.Part) {
    // A session that runs for weeks does not keep all of its lines.
    if unrepeatable != nil {
      pieces = []
      return
    }
    if let last = pieces.indices.last, pieces[last].count < Self.pieceSize {
      pieces[last].append(part)
    } else {
      pieces.append([part])
    }
    if pieces.count == Self.mostPieces, pieces[pieces.count - 1].count == Self.pieceSize {
      unrepeatable =
        "this session has run \(Self.mostPieces * Self.pieceSize) texts, and a seal would have to keep them all"
    }
  }
}

extension Interpreter {
  /// Trains a sealed fit again, and compares the bits of its weights after every epoch with the sealed ones. Nothing is shown or
  /// written. The observer is told of the proof, if there is one, as ``RunEvent/verified(_:)``.
  ///
  /// - Parameter path: the file that `fit … seal=FILE` wrote.
  /// - Returns: a status of `done` if every bit is the same.
  public static func verify(
    _ path: String, options: RunOptions = RunOptions(), stop: StopSignal = StopSignal(),
    observer: (any RunObserver)? = nil
  ) -> Result {
    let seal: Seal
    do throws(Found) {
      seal = try Seal(path: path)
      for file in seal.files { try file.check() }
    } catch {
      let diagnostic = error.problem.diagnostic()
      return Result(status: diagnostic.code.hasPrefix("E1") ? .failed : .rejected, diagnostics: [diagnostic])
    }
    let replay = Replay(seal)
    var options = options
    options.replay = replay
    options.isWholeScript = false
    var interpreter = Interpreter()
    for (index, part) in seal.script.enumerated() {
      options.settings = part.settings.map { ($0.name, $0.value) }
      let result = interpreter.run(
        SourceFile(name: part.name, text: part.text), options: options, stop: stop,
        observer: observer, upToFit: index == seal.script.count - 1 ? seal.fit : nil)
      if result.status != .done { return result }
    }
    guard replay.isProved else {
      let problem = SealProblem.damaged(path, "its script does not come to the fit that it is of")
      return Result(status: .failed, diagnostics: [problem.diagnostic()])
    }
    observer?.observe(
      .verified(
        Verified(
          path: path, epochs: seal.epochs.count, steps: seal.steps, digest: seal.weights,
          threads: options.threads ?? machineThreads, remark: replay.remark)))
    return Result(status: .done, diagnostics: [])
  }
}

extension Seal.File {
  fileprivate func check() throws(Found) {
    guard pathExists(path) else { throw Found(SealProblem.fileMissing(path)) }
    guard let digest = fileDigest(path) else {
      throw Found(SealProblem.fileDiffers(path))
    }
    if digest != sha256 { throw Found(SealProblem.fileDiffers(path)) }
  }
}
