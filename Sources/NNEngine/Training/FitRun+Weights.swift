/// The weights and the optimizer's memory between the plan, the network and what a fit leaves.
extension FitRun {
  func currentNetwork() -> Network {
    var copy = network
    plan.network.parameters.store(into: &copy)
    return copy
  }

  func keepWhole() {
    let store = plan.network.parameters
    if lastWhole.isEmpty { lastWhole = [Float](repeating: 0, count: store.count) }
    lastWhole.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { base.update(from: store.values, count: store.count) }
    }
  }

  /// What was trained before the loss stopped being finite is not lost; the optimizer's memory is, for it led there.
  func backToLastWhole(_ epoch: OpenEpoch) {
    let store = plan.network.parameters
    lastWhole.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { store.values.update(from: base, count: store.count) }
    }
    for index in store.slotNames.indices {
      store.slots[index].update(repeating: 0, count: store.trainableCount)
    }
    state.iterations = 0
    var begun = epoch
    begun.step = 0
    state.openPass = openPass(begun)
  }

  private func slotName(_ slot: Int, _ entry: ParameterStore.Entry) -> String {
    "optimizer.\(plan.network.parameters.slotNames[slot]).\(entry.name)"
  }

  func loadSlots() throws(EngineError) {
    let store = plan.network.parameters
    for slot in store.slotNames.indices {
      for entry in store.entries where entry.isTrainable {
        let name = slotName(slot, entry)
        guard let values = state.slots[name] else { continue }
        guard values.count == entry.rows * entry.columns else {
          throw .slotShape(name: name, expected: entry.rows * entry.columns, found: values.count)
        }
        store.write(values, entry: entry, to: store.slots[slot])
      }
    }
  }

  func storedSlots() -> [String: [Float]] {
    let store = plan.network.parameters
    var slots: [String: [Float]] = [:]
    for slot in store.slotNames.indices {
      for entry in store.entries where entry.isTrainable {
        slots[slotName(slot, entry)] = store.read(entry: entry, from: store.slots[slot])
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
