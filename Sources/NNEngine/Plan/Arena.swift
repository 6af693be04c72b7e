/// The memory of a plan: zeroed, aligned to cache lines, freed as a whole.
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// Room for `count` floats and a group of sixteen behind them, so that a kernel may read a whole group from any
  /// real element.
  func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    let total = max(count, 0) + 16
    let block = UnsafeMutableRawPointer.allocate(byteCount: total * 4, alignment: 64)
    blocks.append(block)
    let floats = block.bindMemory(to: Float.self, capacity: total)
    floats.initialize(repeating: 0, count: total)
    return floats
  }

  /// Numbers that lie as long as the arena does.
  func copy<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
    let stride = MemoryLayout<Element>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(values.count, 1) * stride, alignment: 64)
    blocks.append(block)
    let copy = block.bindMemory(to: Element.self, capacity: max(values.count, 1))
    copy.initialize(from: values, count: values.count)
    return copy
  }

  func matrix(rows: Int, columns: Int) -> MatrixView {
    let stride = paddedWidth(columns)
    return MatrixView(base: floats(rows * stride), columns: columns, stride: stride)
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
