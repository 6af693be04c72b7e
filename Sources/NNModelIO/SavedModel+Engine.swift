import NNEngine

/// What a saved model takes from the engine, and gives back to it.
extension SavedModel {
  /// The parameters of a network, in its order.
  public static func tensors(of network: Network) -> [Tensor] {
    network.parameters.map { Tensor(name: $0.name, shape: $0.shape, values: $0.values) }
  }

  /// The optimizer's memory, each slot shaped as its parameter; in the order of the parameters, then of the names.
  public static func optimizerTensors(of state: TrainingState, network: Network) -> [Tensor] {
    var tensors: [Tensor] = []
    let names = state.slots.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for parameter in network.parameters {
      for name in names where name.hasPrefix("optimizer.") && name.hasSuffix("." + parameter.name) {
        // `optimizer.m.layers.0.kernel` is no slot of `layers.0.layers.0.kernel`'s inner twin.
        let slot = name.dropFirst("optimizer.".count).dropLast(parameter.name.count + 1)
        guard !slot.contains("."), let values = state.slots[name] else { continue }
        tensors.append(Tensor(name: name, shape: parameter.shape, values: values))
      }
    }
    return tensors
  }

  /// Sets the network's parameters to the saved ones.
  ///
  /// - Throws: ``EngineError`` where one is not there, or has another shape.
  public func setParameters(of network: inout Network) throws(EngineError) {
    for tensor in parameters {
      try network.setParameter(name: tensor.name, shape: tensor.shape, values: tensor.values)
    }
  }

  /// The optimizer's memory by name.
  public var slots: [String: [Float]] {
    var slots: [String: [Float]] = [:]
    for tensor in optimizerState { slots[tensor.name] = tensor.values }
    return slots
  }
}

extension HistoryEntry {
  public init(_ record: EpochRecord) {
    self.init(
      epoch: record.epoch, values: record.values.map { Value(name: $0.name, value: $0.value) },
      learningRate: record.learningRate, seconds: record.seconds, isPartial: record.isPartial)
  }

  public var record: EpochRecord {
    EpochRecord(
      epoch: epoch, values: values.map { ($0.name, $0.value) }, learningRate: learningRate, seconds: seconds,
      isPartial: isPartial)
  }
}

extension ProgressRecord {
  public init(_ state: TrainingState) {
    self.init(
      epochsDone: state.epochsDone, stepsDone: state.stepsDone, iterations: state.iterations,
      passesDone: state.passesDone, openPass: state.openPass)
  }

  /// The state that a model goes on from; its learning rate is the optimizer's own unless training changed it.
  public func state(optimizer: any Optimizer, slots: [String: [Float]]) -> TrainingState {
    var optimizer = optimizer
    if let learningRate { optimizer.learningRate = learningRate }
    return TrainingState(
      optimizer: optimizer, epochsDone: epochsDone, stepsDone: stepsDone, iterations: iterations,
      slots: slots, passesDone: passesDone, openPass: openPass)
  }
}
