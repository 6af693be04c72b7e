/// All weights of a plan in one run of floats, with gradients and the optimizer's slots laid out alike, so that an
/// optimizer's step is one pass. Rows are padded; padding is zero and stays so.
final class ParameterStore {
  struct Entry {
    let name: String
    let rows: Int
    let columns: Int
    let stride: Int
    let offset: Int
    let regularizer: Regularizer?
  }

  /// A regularized tensor.
  struct Penalty {
    let values: UnsafeMutablePointer<Float>
    let gradients: UnsafeMutablePointer<Float>
    let rows: Int
    let columns: Int
    let stride: Int
    let l1: Float
    let l2: Float
  }

  let entries: [Entry]
  let count: Int
  let values: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  let slotNames: [String]
  let slots: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  let penalties: [Penalty]

  /// - Parameter slotNames: nil for a plan that does not train.
  init(_ network: Network, arena: Arena, slotNames: [String]?) {
    var entries: [Entry] = []
    var offset = 0
    for (parameter, specification) in zip(network.parameters, network.specifications) {
      let rows = parameter.shape.count > 1 ? parameter.shape[0] : 1
      let columns = parameter.shape.last ?? 1
      let stride = paddedWidth(columns)
      let regularizer = specification.regularizer.flatMap { $0.isZero ? nil : $0 }
      entries.append(
        Entry(
          name: parameter.name, rows: rows, columns: columns, stride: stride, offset: offset,
          regularizer: regularizer))
      offset += rows * stride
    }
    self.entries = entries
    count = offset
    values = arena.floats(count)
    let trains = slotNames != nil
    gradients = trains ? arena.floats(count) : values
    self.slotNames = slotNames ?? []
    slots = UnsafeMutablePointer.allocate(capacity: max(self.slotNames.count, 1))
    for index in self.slotNames.indices { (slots + index).initialize(to: arena.floats(count)) }
    let (values, gradients) = (values, gradients)
    penalties = entries.compactMap { entry in
      entry.regularizer.map {
        Penalty(
          values: values + entry.offset, gradients: gradients + entry.offset, rows: entry.rows,
          columns: entry.columns,
          stride: entry.stride, l1: $0.l1, l2: $0.l2)
      }
    }
  }

  deinit { slots.deallocate() }

  func index(layer: Int, name: String) -> Int? {
    entries.firstIndex { $0.name == "layers.\(layer).\(name)" }
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
