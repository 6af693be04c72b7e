import NNEngine
import Synchronization

/// Watches a fit for a seal: takes down the digest of the weights behind each epoch, and ends the fit at the first that is not
/// the sealed one, where there is one to compare with.
struct SealKeeper: Callback {
  /// What it has seen; callbacks are values, so it is kept beside them.
  final class Log: Sendable {
    struct State {
      var epochs: [Seal.Epoch] = []
      var trained = ""
      /// The first epoch that is another, by its place.
      var difference: Int?
    }
    let state = Mutex(State())
  }

  let log: Log
  /// The epochs to compare with.
  let expected: [Seal.Epoch]?

  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    let epoch = Seal.Epoch(
      epoch: logs.epoch, loss: logs["loss"] ?? .nan, weights: fit.currentNetwork().digest)
    return log.state.withLock { state in
      state.epochs.append(epoch)
      guard let expected else { return .proceed }
      let place = state.epochs.count - 1
      // More than were sealed is for the end to tell: a person may have ended that fit between two epochs.
      guard place < expected.count,
        expected[place].epoch != epoch.epoch || expected[place].weights != epoch.weights
      else { return .proceed }
      state.difference = place
      return .stop
    }
  }

  mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
    let digest = fit.currentNetwork().digest
    log.state.withLock { $0.trained = digest }
    return CallbackEnd()
  }

  /// A digest in two numbers of 32 bits, which a double holds exactly.
  var memory: CallbackMemory {
    var memory = CallbackMemory()
    for (place, epoch) in log.state.withLock({ $0.epochs }).enumerated() {
      memory.numbers["\(place).epoch"] = Double(epoch.epoch)
      memory.numbers["\(place).loss"] = epoch.loss
      memory.numbers["\(place).high"] = UInt32(epoch.weights.prefix(8), radix: 16).map { Double($0) }
      memory.numbers["\(place).low"] = UInt32(epoch.weights.suffix(8), radix: 16).map { Double($0) }
    }
    return memory
  }

  mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError) {
    var epochs: [Seal.Epoch] = []
    func word(_ name: String) -> String? {
      guard let number = memory.numbers["\(epochs.count).\(name)"], let word = UInt32(exactly: number) else {
        return nil
      }
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
    while let epoch = memory.numbers["\(epochs.count).epoch"].flatMap({ Int(exactly: $0) }),
      let high = word("high"), let low = word("low")
    {
      epochs.append(
        Seal.Epoch(epoch: epoch, loss: memory.numbers["\(epochs.count).loss"] ?? .nan, weights: high + low))
    }
    log.state.withLock { $0.epochs = epochs }
  }
}
