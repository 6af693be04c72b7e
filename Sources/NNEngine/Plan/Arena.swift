/// The memory of a plan: zeroed, aligned to cache lines, freed as a whole.
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// Room for `count` floats and a group of sixteen behind them, so that a kernel may read a whole group from any
  /// real element.
  func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    let total = max(count, 0) + 16
    let floats = block(total * 4).bindMemory(to: Float.self, capacity: total)
    floats.initialize(repeating: 0, count: total)
    return floats
  }

  /// Numbers that lie as long as the arena does.
  func copy<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
    let stride = MemoryLayout<Element>.stride
    let copy = block(max(values.count, 1) * stride).bindMemory(
      to: Element.self, capacity: max(values.count, 1))
    copy.initialize(from: values, count: values.count)
    return copy
  }

  /// Aligned by hand: until version 2.38, glibc hardly ever takes up again what was given back of memory that it
  /// had to align (its bug 14581), so that a shell of many fits grew by the plan of each.
  private func block(_ bytes: Int) -> UnsafeMutableRawPointer {
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes + 63, alignment: 16)
    blocks.append(block)
    return block.alignedUp(toMultipleOf: 64)
  }

  func matrix(rows: Int, columns: Int) -> MatrixView {
    let stride = paddedWidth(columns)
    return MatrixView(base: floats(rows * stride), columns: columns, stride: stride)
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
