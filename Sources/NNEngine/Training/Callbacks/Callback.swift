/// Acts on a fit between its steps and epochs. Callbacks are asked in the order in which they were given.
///
///     struct Halving: Callback {
///       mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
///         if logs.epoch % 10 == 0 { fit.learningRate /= 2 }
///         return .proceed
///       }
///     }
public protocol Callback: Sendable {
  /// After every so many steps of a fit ``stepEnded(_:)`` is called; nil for never. Read before the first step.
  var stepInterval: Int? { get }
  /// Its turn comes after that of all others, so that it sees what they made of the step or epoch.
  var isLast: Bool { get }
  /// Called before the first step of each fit, to start afresh. It may add names to `start.values` for those after it.
  /// Throws if the fit gives not what the callback needs.
  mutating func begin(_ start: inout CallbackStart) throws(EngineError)
  /// Called after every ``stepInterval`` steps.
  mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction
  /// Called after each whole epoch. What it adds to `logs` is seen by those after it, as in Keras.
  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction
  /// Called at the end of the fit, whatever ended it.
  mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd
  /// What it remembers of the fit at hand, for a ``FitSnapshot``.
  var memory: CallbackMemory { get }
  /// Takes up what ``memory`` gave, after ``begin(_:)``, when a fit goes on from a snapshot.
  mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError)
}

extension Callback {
  public var stepInterval: Int? { nil }
  public var isLast: Bool { false }
  public mutating func begin(_ start: inout CallbackStart) throws(EngineError) {}
  public mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction { .proceed }
  public mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    .proceed
  }
  public mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd { CallbackEnd() }
  public var memory: CallbackMemory { CallbackMemory() }
  public mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError) {}
}

/// What a fit is about to give.
public struct CallbackStart: Sendable {
  /// The names that records will have, with the better direction where there is one.
  public var values: [(name: String, direction: MetricDirection?)]
  /// The schedule that gives the learning rate, which then cannot be set.
  public var schedule: String?

  public init(values: [(name: String, direction: MetricDirection?)]) { self.values = values }
}

/// What a callback wants of its fit.
public enum CallbackAction: Sendable, Equatable {
  case proceed
  /// End the fit here, as early stopping does.
  case stop
  /// End the fit here, for the callback cannot do its work; what was trained is kept.
  case fail(String)
}

/// What a callback leaves.
public struct CallbackEnd: Sendable {
  public var bestEpoch: Int?
  /// The network to keep instead of the last one.
  public var restored: Network?
  /// The epoch whose weights `restored` has.
  public var restoredEpoch: Int?
  /// Why it could not do its work.
  public var failure: String?

  public init(
    bestEpoch: Int? = nil, restored: Network? = nil, restoredEpoch: Int? = nil, failure: String? = nil
  ) {
    self.bestEpoch = bestEpoch
    self.restored = restored
    self.restoredEpoch = restoredEpoch
    self.failure = failure
  }
}

/// What a callback remembers from one epoch to the next.
public struct CallbackMemory: Sendable, Equatable {
  public var numbers: [String: Double]
  /// Weights, by their names in the network.
  public var tensors: [String: [Float]]

  public init(numbers: [String: Double] = [:], tensors: [String: [Float]] = [:]) {
    self.numbers = numbers
    self.tensors = tensors
  }

  /// A whole number that is not negative.
  func count(_ name: String) -> Int? {
    numbers[name].flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
  }
}
