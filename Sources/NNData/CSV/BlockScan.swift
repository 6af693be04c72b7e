import NNEngine

/// Scans a file's blocks on several threads and puts their rows together in the file's order.
///
/// A thread takes the next block, scans it, and puts it down as ready; whoever has made the block whose turn it is ready
/// also hands its rows on, and those of the blocks behind it that wait. So the result is that of one thread, and as
/// many blocks are in memory as there are threads, and as many more.
final class BlockScan: Sendable {
  /// Takes the rows of blocks in the file's order.
  protocol Receiver: AnyObject, Sendable {
    /// - Parameter line: the line that the block starts on.
    func take(_ block: Block, line: Int) throws(DataError)
  }

  private struct State {
    var free: [Block] = []
    /// Scanned, and waiting for those before them.
    var ready: [Int: Block] = [:]
    /// The block whose rows come next.
    var turn = 0
    var isHandingOn = false
    var isEnding = false
    var failure: DataError?
  }

  /// Touched only by the thread that hands on.
  private struct Joint {
    var line: Int
    /// The end of the last block, where a row began that goes on in the next one.
    var tail: [UInt8] = []
  }

  private let scanner: BlockScanner
  /// Works on a block that has been scanned; on any thread, and anew if it has to be scanned anew.
  private let work: (@Sendable (Block) -> Void)?
  private let threads: Int
  private let receiver: any Receiver
  private let state = Guarded(State())
  private let reader: Guarded<BlockReader>
  private let joint: Guarded<Joint>

  init(
    _ reader: BlockReader, _ scanner: BlockScanner, firstLine: Int, threads: Int, receiver: any Receiver,
    work: (@Sendable (Block) -> Void)? = nil
  ) {
    self.scanner = scanner
    self.work = work
    self.threads = max(threads, 1)
    self.receiver = receiver
    self.reader = Guarded(reader)
    joint = Guarded(Joint(line: firstLine))
  }

  /// - Parameter blockSize: how much room a block has at first.
  func run(blockSize: Int) throws(DataError) {
    let count = threads == 1 ? 1 : 2 * threads
    state.change { $0.free = (0..<count).map { _ in Block(capacity: blockSize) } }
    onWorkers(threads) { takeBlocks() }
    if let failure = state.change({ $0.failure }) { throw failure }
  }

  private func takeBlocks() {
    while let block = takeFree() {
      guard reader.change({ $0.fill(block) }) else { return end() }
      scanner.scan(block)
      work?(block)
      putDown(block)
    }
  }

  /// A block to fill; nil when there is nothing more to do.
  private func takeFree() -> Block? {
    state.wait { state in
      if state.isEnding || state.failure != nil { return .some(nil) }
      return state.free.popLast().map { .some($0) }
    }
  }

  private func end() {
    state.change { $0.isEnding = true }
  }

  private func putDown(_ block: Block) {
    var next: Block? = state.change { state in
      state.ready[block.index] = block
      return Self.takeTurn(&state)
    }
    while let current = next {
      do throws(DataError) {
        try handOn(current)
      } catch {
        state.change { state in
          state.failure = error
          state.isHandingOn = false
        }
        return
      }
      next = state.change { state in
        state.free.append(current)
        state.turn += 1
        state.isHandingOn = false
        return Self.takeTurn(&state)
      }
    }
  }

  /// The block whose turn it is, if it is ready and nobody has it.
  private static func takeTurn(_ state: inout State) -> Block? {
    guard !state.isHandingOn, state.failure == nil, let block = state.ready.removeValue(forKey: state.turn)
    else { return nil }
    state.isHandingOn = true
    return block
  }

  private func handOn(_ block: Block) throws(DataError) {
    try joint.change { (joint) throws(DataError) in
      if let failure = block.readFailure { throw failure }
      if !joint.tail.isEmpty {
        // The block did not begin with a row, so what was found in it was wrong.
        block.prepend(joint.tail)
        joint.tail.removeAll(keepingCapacity: true)
        scanner.scan(block)
        work?(block)
      }
      try receiver.take(block, line: joint.line)
      if let failure = block.failure { throw failure(joint.line) }
      joint.line += block.lineEnds
      guard block.consumed < block.count else { return }
      joint.tail = Array(
        UnsafeBufferPointer(start: block.base + block.consumed, count: block.count - block.consumed))
      guard joint.tail.count <= InputWindow.recordLimit else {
        throw .recordTooLong(source: scanner.source, line: joint.line, limit: InputWindow.recordLimit)
      }
    }
  }
}
