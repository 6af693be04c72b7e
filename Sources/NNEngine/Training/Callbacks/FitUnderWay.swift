/// A fit between two of its steps, as a callback sees it.
public protocol FitUnderWay: AnyObject {
  /// The optimizer's, for the steps to come; a fit that continues this one goes on with it. Where a schedule gives it, to set it
  /// ends the fit.
  var learningRate: Double { get set }
  /// The epoch at hand or, between two, the last one: from 1, counting on over continued fits.
  var epoch: Int { get }
  /// Steps done in that epoch.
  var stepInEpoch: Int { get }
  /// The loss and metrics of the epoch at hand so far, as float32 values.
  var runningValues: [(name: String, value: Double)] { get }
  /// The whole epochs of this fit before this moment; within ``Callback/epochEnded(_:_:)`` the last is the one at hand.
  var records: [EpochRecord] { get }
  /// A copy of the network with the weights that it has now.
  func currentNetwork() -> Network
  /// All that another fit, or this one begun again, needs to go on from here.
  func snapshot() -> FitSnapshot
}

/// A fit as it stands between two steps. One that is begun like the first and then goes on from it ends with the same bits.
public struct FitSnapshot: Sendable {
  public var network: Network
  public var state: TrainingState
  /// The whole epochs that the fit has given.
  public var records: [EpochRecord]
  /// The network after the last whole epoch, where another has begun since.
  public var lastWhole: Network?
  /// Steps of this fit.
  public var steps: Int
  public var seconds: Double
  /// A callback has asked to stop here.
  public var isStopping: Bool
  /// What each callback remembers, in their order.
  public var memories: [CallbackMemory]

  public init(
    network: Network, state: TrainingState, records: [EpochRecord] = [], lastWhole: Network? = nil,
    steps: Int = 0, seconds: Double = 0, isStopping: Bool = false, memories: [CallbackMemory] = []
  ) {
    self.network = network
    self.state = state
    self.records = records
    self.lastWhole = lastWhole
    self.steps = steps
    self.seconds = seconds
    self.isStopping = isStopping
    self.memories = memories
  }

  /// Throws if a fit of this network with so many callbacks cannot go on from here.
  func check(_ other: Network, callbacks: Int) throws(EngineError) {
    for network in [network, lastWhole].compactMap({ $0 }) {
      let isLike = zip(network.parameters, other.parameters).allSatisfy {
        $0.name == $1.name && $0.shape == $1.shape
      }
      guard isLike, network.parameters.count == other.parameters.count, network.hasWeights else {
        throw .snapshotDiffers("another network")
      }
    }
    guard memories.count == callbacks else { throw .snapshotDiffers("other callbacks") }
    guard steps >= 0, steps <= state.stepsDone else { throw .snapshotDiffers("other steps") }
  }
}
