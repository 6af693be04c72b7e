import CKernels

/// All weights of a plan in one run of floats, with gradients and the optimizer's slots laid out alike, so that an
/// optimizer's step is one pass: first what it moves, then what layers keep themselves. Rows are padded; padding is zero and
/// stays so.
final class ParameterStore {
  struct Entry {
    let name: String
    let rows: Int
    let columns: Int
    let stride: Int
    let offset: Int
    let isVector: Bool
    let isTrainable: Bool
  }

  /// A tensor with a penalty.
  struct Penalty {
    let regularizer: any Regularizer
    let tensor: RegularizedTensor
  }

  /// A tensor with a constraint.
  private struct Bound {
    let constraint: any Constraint
    let tensor: ConstrainedTensor
  }

  /// In the network's order.
  let entries: [Entry]
  let count: Int
  /// Floats at the front that the optimizer moves.
  let trainableCount: Int
  let values: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  /// Room before the gradients, in a plan that trains, for what else ranks add up in a step: their shares of the loss, then how many want
  /// to stop.
  static let sumCount = 16
  static let lossSum = 0
  static let stopSum = 1
  /// Where the ranks of one machine have their gradients before each other.
  let shared: SharedParameters?
  /// Whether this rank is the one that sets weights and slots, other than by steps: of those that have one and the same the first. The others wait
  /// before they look at them.
  var sets: Bool { shared?.values == nil || shared?.ranks.rank == 0 }
  let slotNames: [String]
  let slots: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  let penalties: [Penalty]
  private let bounds: [Bound]
  /// Some tensor has a constraint.
  var isBound: Bool { !bounds.isEmpty }
  private let places: [String: Int]

  /// - Parameters:
  ///   - slotNames: nil for a plan that does not train.
  ///   - sharding: where batches are cut.
  init(
    _ network: Network, arena: Arena, kernels: UnsafePointer<ck_kernels>, slotNames: [String]?,
    sharding: Sharding? = nil
  ) {
    let (entries, count, trainableCount) = ParameterStore.layOut(network)
    self.entries = entries
    self.count = count
    self.trainableCount = trainableCount
    let trains = slotNames != nil
    self.slotNames = slotNames ?? []
    // What layers keep, penalties and constraints are every rank's own business.
    let isCommon =
      sharding?.movesEachAlone == true && count == trainableCount
      && network.specifications.allSatisfy { $0.regularizer?.isZero ?? true && $0.constraint == nil }
    let shared = sharding?.ranks.flatMap {
      SharedParameters($0, count: count, slotCount: isCommon ? slotNames?.count : nil)
    }
    self.shared = shared
    values = shared?.values ?? arena.floats(count)
    if let shared {
      gradients = shared.gradients(shared.ranks.rank)
    } else {
      gradients = trains ? arena.floats(ParameterStore.sumCount + count) + ParameterStore.sumCount : values
    }
    slots = UnsafeMutablePointer.allocate(capacity: max(self.slotNames.count, 1))
    let common = shared?.values == nil ? nil : shared?.slots
    for index in self.slotNames.indices {
      (slots + index).initialize(to: common?[index] ?? arena.floats(trainableCount))
    }
    var penalties: [Penalty] = []
    var bounds: [Bound] = []
    var places: [String: Int] = [:]
    for (index, (entry, specification)) in zip(entries, network.specifications).enumerated() {
      places[entry.name] = index
      if let regularizer = specification.regularizer, !regularizer.isZero, entry.isTrainable {
        let scratch = regularizer.scratchCount(rows: entry.rows, columns: entry.columns)
        penalties.append(
          Penalty(
            regularizer: regularizer,
            tensor: RegularizedTensor(
              kernels: kernels, values: values + entry.offset, gradients: gradients + entry.offset,
              rows: entry.rows, columns: entry.columns, stride: entry.stride, scratch: arena.floats(scratch)))
        )
      }
      if let constraint = specification.constraint, trains, entry.isTrainable {
        bounds.append(
          Bound(
            constraint: constraint,
            tensor: ConstrainedTensor(
              values: values + entry.offset, rows: entry.rows, columns: entry.columns, stride: entry.stride,
              isVector: entry.isVector)))
      }
    }
    self.penalties = penalties
    self.bounds = bounds
    self.places = places
  }

  deinit { slots.deallocate() }

  private static func layOut(_ network: Network) -> ([Entry], count: Int, trainableCount: Int) {
    var entries: [Entry?] = Array(repeating: nil, count: network.parameters.count)
    var offset = 0
    var trainableCount = 0
    for trainable in [true, false] {
      for (index, parameter) in network.parameters.enumerated() where parameter.isTrainable == trainable {
        let isVector = parameter.shape.count < 2
        let rows = isVector ? 1 : parameter.shape[0]
        let columns = parameter.shape.last ?? 1
        let stride = paddedWidth(columns)
        entries[index] = Entry(
          name: parameter.name, rows: rows, columns: columns, stride: stride, offset: offset,
          isVector: isVector, isTrainable: trainable)
        offset += rows * stride
      }
      if trainable { trainableCount = offset }
    }
    return (entries.compactMap { $0 }, offset, trainableCount)
  }

  /// A tensor of the layer at a path such as `layers.0`, with its gradient; nil if it has none of that name.
  func tensor(_ path: String, _ name: String) -> ParameterView? {
    places[path + "." + name].map { index in
      let entry = entries[index]
      return ParameterView(
        values: values + entry.offset, gradients: gradients + entry.offset, stride: entry.stride)
    }
  }

  /// Where the gradients of a layer's weights, and those of the layers behind it, begin.
  func gradientPlace(of path: String) -> Int {
    let inner = path + "."
    if let own = entries.first(where: { $0.isTrainable && $0.name.hasPrefix(inner) }) { return own.offset }
    // Without weights of its own it completes nothing.
    return trainableCount
  }

  /// The most numbers that a layer adds up over rows, besides products: two for each unit.
  var widestSums: Int { 2 * (entries.map { $0.isVector ? $0.stride : 16 }.max() ?? 16) }

  /// Other sums of the step, before the gradients.
  var sums: UnsafeMutablePointer<Float> { gradients - ParameterStore.sumCount }

  /// Makes the tensors fulfil their constraints.
  func constrain() {
    for index in 0..<bounds.count { bounds[index].constraint.apply(bounds[index].tensor) }
  }

  /// Copies a tensor's values into a padded run.
  func write(_ source: [Float], entry: Entry, to run: UnsafeMutablePointer<Float>) {
    guard source.count == entry.rows * entry.columns else { return }
    source.withUnsafeBufferPointer { from in
      guard let base = from.baseAddress else { return }
      for row in 0..<entry.rows {
        // SAFETY: the run holds `offset + rows · stride` floats of this entry, and `from` rows · columns.
        (run + entry.offset + row * entry.stride).update(
          from: base + row * entry.columns, count: entry.columns)
      }
    }
  }

  /// A tensor's values out of a padded run.
  func read(entry: Entry, from run: UnsafeMutablePointer<Float>) -> [Float] {
    [Float](unsafeUninitializedCapacity: entry.rows * entry.columns) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<entry.rows {
        // SAFETY: as in write(_:entry:to:).
        (base + row * entry.columns).initialize(
          from: run + entry.offset + row * entry.stride, count: entry.columns)
      }
      filled = entry.rows * entry.columns
    }
  }

  func load(_ network: Network) {
    guard sets else { return }
    for (entry, parameter) in zip(entries, network.parameters) {
      write(parameter.values, entry: entry, to: values)
    }
  }

  func store(into network: inout Network) {
    for (index, entry) in entries.enumerated() {
      network.setValues(read(entry: entry, from: values), ofParameter: index)
    }
  }
}

/// Where a tensor and its gradient lie in a plan's run of weights.
struct ParameterView {
  let values: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  /// Floats from row to row.
  let stride: Int
}
