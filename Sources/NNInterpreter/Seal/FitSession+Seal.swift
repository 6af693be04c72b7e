import NNData
import NNDiagnostics
import NNEngine

/// A fit that is sealed, or compared with its seal.
struct Sealing {
  let log = SealKeeper.Log()
  private let path: String?
  private let span: Span?
  private let replay: Replay?
  private var seal: Seal

  var callback: SealKeeper { SealKeeper(log: log, expected: replay?.seal.epochs) }

  /// - Returns: nil for a fit that is neither.
  /// - Throws: if something cannot be sealed, or differs before the first step.
  init?(
    _ stage: FitStage, fit: Int, seed: UInt64, network: Network, session: FitSession, _ lineage: Lineage,
    _ context: RunContext
  ) throws(Found) {
    guard context.run == nil else { return nil }
    path = stage.bound.arguments.text("seal")
    span = stage.bound.arguments.span("seal") ?? stage.bound.nameSpan
    replay = context.options.replay.flatMap { $0.seal.fit == fit ? $0 : nil }
    if replay == nil, path == nil || context.options.replay != nil { return nil }
    var files: [Seal.File] = []
    if replay == nil {
      if let reason = lineage.unrepeatable { throw Found(SealProblem.notSealed(reason), at: span) }
      for path in try filesNamed(lineage.files) {
        guard let digest = fileDigest(path) else {
          throw Found(SealProblem.notSealed("`\(path)` cannot be read again"), at: span)
        }
        files.append(Seal.File(path: path, sha256: digest))
      }
    }
    var fits = lineage.fits
    fits[fit] = Lineage.Fit(seed: seed)
    let script = context.options.script
    seal = Seal(
      version: version, instructions: instructionSetName, script: script.parts, includes: script.includes,
      files: files, fit: fit, fits: fits, draws: lineage.draws,
      trainingRows: FitIdentity.print(of: session.training).string ?? "",
      validationRows: session.validation.flatMap { FitIdentity.print(of: $0).string },
      start: network.digest, epochs: [], reason: "", steps: 0, trained: "", weights: "")
    guard let sealed = replay?.seal else { return }
    if seal.trainingRows != sealed.trainingRows {
      throw Found(SealProblem.rowsDiffer(part: "training"), at: stage.bound.nameSpan)
    }
    if seal.validationRows != sealed.validationRows {
      throw Found(SealProblem.rowsDiffer(part: "validation"), at: stage.bound.nameSpan)
    }
    if seal.start != sealed.start {
      throw Found(
        SealProblem.startDiffers(sealed: sealed.start, found: seal.start, remark: replay?.remark),
        at: stage.bound.nameSpan)
    }
  }

  /// Writes the seal, or tells what differs from it.
  /// - Returns: whether a file was written.
  mutating func finish(_ outcome: FitOutcome, reason: String, steps: Int, digest: String) throws(Found)
    -> Bool
  {
    switch outcome.reason {
    case .callbackFailed, .rowsFailed: return false
    default: break
    }
    let (epochs, trained, difference) = log.state.withLock { ($0.epochs, $0.trained, $0.difference) }
    if let replay {
      try compare(replay, epochs, difference, trained: trained, digest: digest, reason: reason, steps: steps)
      return false
    }
    guard let path else { return false }
    seal.epochs = epochs
    seal.reason = reason
    seal.steps = steps
    seal.trained = trained
    seal.weights = digest
    do throws(DataError) {
      try seal.write(to: path)
    } catch {
      throw Found(RunProblem.callback(error.description), at: span)
    }
    return true
  }

  private func compare(
    _ replay: Replay, _ epochs: [Seal.Epoch], _ difference: Int?, trained: String, digest: String,
    reason: String, steps: Int
  ) throws(Found) {
    // Whoever ends the proof has proved nothing.
    if reason == "interrupted" { return }
    let sealed = replay.seal
    if let place = difference {
      throw Found(
        SealProblem.epochDiffers(
          epoch: epochs[place].epoch, sealed: sealed.epochs[place], found: epochs[place], same: place,
          remark: replay.remark))
    }
    func differ(_ text: String) -> Found { Found(SealProblem.endDiffers(text, remark: replay.remark)) }
    if steps != sealed.steps {
      throw differ("the fit ends after \(counted(steps, "step")), and \(sealed.steps) were sealed")
    }
    let word = sealed.isCutShort ? "steps" : sealed.reason
    if reason != word, !(sealed.isCutShort && reason == "epochs") {
      throw differ("the fit ends for another reason: `\(reason)`, and `\(sealed.reason)` was sealed")
    }
    // A person may have ended it while the last epoch was being measured, which then is none of its epochs.
    if epochs.count != sealed.epochs.count, sealed.reason != "interrupted" {
      throw differ("the fit has \(counted(epochs.count, "epoch")), and \(sealed.epochs.count) were sealed")
    }
    if trained != sealed.trained {
      throw differ("the weights after the last step differ: \(trained), and \(sealed.trained) were sealed")
    }
    if digest != sealed.weights, sealed.reason != "interrupted" {
      throw differ("the weights that are kept differ: \(digest), and \(sealed.weights) were sealed")
    }
    replay.isProved = true
  }
}
