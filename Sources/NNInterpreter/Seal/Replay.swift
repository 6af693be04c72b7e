import NNEngine
import Synchronization

/// A second training of a sealed fit: nothing is shown or written, what was drawn is drawn again, and where a clock ended a fit
/// its number of steps does.
final class Replay: Sendable {
  let seal: Seal
  private let state = Mutex(false)

  init(_ seal: Seal) { self.seal = seal }

  /// The fit has been trained again, with the same bits.
  var isProved: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }

  /// What a fit takes instead of what it would draw or be told by a clock.
  func fit(_ number: Int) -> Lineage.Fit? {
    if number == seal.fit, seal.isCutShort, let fit = seal.fits[number] {
      return Lineage.Fit(seed: fit.seed, steps: seal.steps)
    }
    return seal.fits[number]
  }

  /// What may have made the difference, if it is known.
  var remark: String? {
    let sealed = "sealed by nn \(seal.version) on \(seal.instructions)"
    if seal.version != version {
      return "\(sealed), and this is nn \(version): a release may change bits, and its notes say so"
    }
    return seal.instructions == instructionSetName ? nil : "\(sealed), and this is \(instructionSetName)"
  }
}

extension Plan {
  /// The plan up to a fit, and only what its weights come from.
  /// - Parameter number: counted from 1 within the plan.
  /// - Returns: nil if there is no such fit.
  func reduced(toFit number: Int) -> Plan? {
    var plan = self
    for (index, task) in tasks.enumerated() {
      var fits = task.fitsBefore
      for (place, step) in task.steps.enumerated() {
        fits += step.stage.fits
        guard fits >= number else { continue }
        guard fits == number, step.stage is FitStage else { return nil }
        plan.tasks[index].steps = Array(task.steps[...place])
        var needed: Set<Int> = [index]
        for other in (0...index).reversed() where needed.contains(other) {
          needed.formUnion(tasks[other].needs)
        }
        for other in tasks.indices where !needed.contains(other) { plan.tasks[other].steps = [] }
        return plan
      }
    }
    return nil
  }
}
