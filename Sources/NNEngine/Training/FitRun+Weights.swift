/// The weights and the optimizer's memory between the plan, the network and what a fit leaves.
extension FitRun {
  func currentNetwork() -> Network {
    var copy = network
    plan.network.parameters.store(into: &copy)
    return copy
  }

  /// What the fit would keep if it ended here: the averages, where the optimizer keeps any.
  func keepWhole() {
    let store = plan.network.parameters
    if lastWhole.isEmpty { lastWhole = [Float](repeating: 0, count: store.count) }
    lastWhole.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      base.update(from: store.values, count: store.count)
      if let average = plan.optimizer.averages(iterations: state.iterations) {
        base.update(from: average, count: store.trainableCount)
      }
    }
  }

  /// What was trained before the loss stopped being finite is not lost; the optimizer's memory is, for it led there.
  func backToLastWhole(_ epoch: OpenEpoch) {
    let store = plan.network.parameters
    // Ranks that have one and the same weights are still looking at them.
    if isShared { options.ranks?.barrier() }
    lastWhole.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress, store.sets { store.values.update(from: base, count: store.count) }
    }
    if isShared { options.ranks?.barrier() }
    forgetsSlots = true
    state.iterations = 0
    var begun = epoch
    begun.step = 0
    state.openPass = openPass(begun)
  }

  private func slotName(_ slot: String, _ entry: ParameterStore.Entry) -> String {
    "optimizer.\(slot).\(entry.name)"
  }

  func loadSlots() throws(EngineError) {
    let store = plan.network.parameters
    for slot in store.slotNames.indices {
      for entry in store.entries where entry.isTrainable {
        let name = slotName(store.slotNames[slot], entry)
        guard let values = state.slots[name] else { continue }
        guard values.count == entry.rows * entry.columns else {
          throw .slotShape(name: name, expected: entry.rows * entry.columns, found: values.count)
        }
        guard store.sets else { continue }
        store.write(values, entry: entry, to: store.slots[slot])
      }
    }
    try loadTrained()
  }

  /// Goes on from the weights that were trained, if the network has their averages, as the last fit left them.
  private func loadTrained() throws(EngineError) {
    guard state.optimizer.settings.averaging != nil else { return }
    let store = plan.network.parameters
    var trained: [(ParameterStore.Entry, [Float])] = []
    for (entry, parameter) in zip(store.entries, network.parameters) where entry.isTrainable {
      guard let values = state.slots[slotName(OptimizerSettings.trained, entry)],
        state.slots[slotName(OptimizerSettings.average, entry)] == parameter.values
      else { return }
      guard values.count == parameter.values.count else {
        throw .slotShape(
          name: slotName(OptimizerSettings.trained, entry), expected: parameter.values.count,
          found: values.count)
      }
      trained.append((entry, values))
    }
    for (entry, values) in trained { store.write(values, entry: entry, to: store.values) }
  }

  /// The network with the weights that the fit keeps: the averages, if the optimizer keeps any. Training goes on from the
  /// others, which then are in the state.
  func keptNetwork() -> Network {
    var kept = currentNetwork()
    let store = plan.network.parameters
    guard !forgetsSlots, let average = plan.optimizer.averages(iterations: state.iterations) else {
      return kept
    }
    for (index, entry) in store.entries.enumerated() where entry.isTrainable {
      state.slots[slotName(OptimizerSettings.trained, entry)] = store.read(entry: entry, from: store.values)
      kept.setValues(store.read(entry: entry, from: average), ofParameter: index)
    }
    return kept
  }

  func storedSlots() -> [String: [Float]] {
    let store = plan.network.parameters
    var slots: [String: [Float]] = [:]
    guard !forgetsSlots else { return slots }
    for slot in store.slotNames.indices {
      for entry in store.entries where entry.isTrainable {
        slots[slotName(store.slotNames[slot], entry)] = store.read(entry: entry, from: store.slots[slot])
      }
    }
    return slots
  }

  // MARK: Snapshots

  /// The network after the last whole epoch, where that is not the one at hand.
  private func wholeNetwork() -> Network? {
    let within = open.map(\.step) ?? state.openPass.map { $0.step - $0.epochStart } ?? 0
    guard within > 0 else { return nil }
    var copy = network
    let store = plan.network.parameters
    lastWhole.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for (index, entry) in store.entries.enumerated() {
        copy.setValues(store.read(entry: entry, from: base), ofParameter: index)
      }
    }
    return copy
  }

  func snapshot() -> FitSnapshot {
    var state = self.state
    state.slots = storedSlots()
    if let open { state.openPass = openPass(open) }
    return FitSnapshot(
      network: currentNetwork(), state: state, records: records.filter { !$0.isPartial },
      lastWhole: wholeNetwork(), steps: steps,
      seconds: monotonicSeconds() - started, isStopping: isStopping, memories: callbacks.map(\.memory))
  }

  /// Takes up what is not in the network and the state: they were this fit's from its making.
  func goOn(from snapshot: FitSnapshot) throws(EngineError) {
    records = snapshot.records
    steps = snapshot.steps
    isStopping = snapshot.isStopping
    if let whole = snapshot.lastWhole {
      let store = plan.network.parameters
      lastWhole.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for (entry, parameter) in zip(store.entries, whole.parameters) {
          store.write(parameter.values, entry: entry, to: base)
        }
      }
    }
    for (index, memory) in snapshot.memories.enumerated() {
      var callback = callbacks[index]
      try callback.restore(memory, self)
      callbacks[index] = callback
    }
  }
}
