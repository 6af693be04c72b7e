import CKernels
import Testing

@testable import NNEngine

@Suite("Random numbers in the kernels")
struct RandomKernelTests {
  private static let sets = InstructionSet.available

  @Test("sixteen blocks at once are the plain generator's", arguments: sets)
  func philox(_ set: InstructionSet) throws {
    let kernels = try InstructionSet.resolve(set)
    let key: [UInt32] = [0x1234_5678, 0x9abc_def0]
    for blocks in [1, 3, 15, 16, 17, 48, 50] {
      // The counter's first word may wrap.
      for first in [0, 7, UInt32.max - 5] {
        var plain = [UInt32](repeating: 0, count: 4 * blocks + 1)
        var fast = plain
        ck_philox(key, first, 3, 0x8000_0001, 5, blocks, &plain)
        kernels.pointee.philox(key, first, 3, 0x8000_0001, 5, blocks, &fast)
        #expect(fast == plain, "\(blocks) blocks from \(first)")
      }
    }
  }

  @Test(
    "dropout draws unit u of row r at the counter (u / 4, r, step), and touches no padding", arguments: sets)
  func dropout(_ set: InstructionSet) throws {
    let kernels = try InstructionSet.resolve(set)
    let key: [UInt32] = [5, 6]
    let step: UInt64 = 0x1_0000_0003
    let threshold: UInt32 = 1_500_000_000
    for (rows, columns) in [(1, 1), (3, 5), (7, 16), (33, 6), (2, 64), (4, 70), (3, 130), (5, 257)] {
      let stride = paddedWidth(columns) + 16
      let x = (0..<rows * stride).map { Float($0 % 23) - 11 }
      var y = [Float](repeating: 0, count: rows * stride)
      var mask = y
      kernels.pointee.dropout(
        key, step, 2, threshold, 1.25, x, stride, &y, stride, &mask, stride, rows, columns)
      for row in 0..<rows {
        for unit in 0..<stride {
          let at = row * stride + unit
          guard unit < columns else {
            #expect(mask[at] == 0 && y[at] == 0, "padding of \(rows) × \(columns)")
            continue
          }
          var draw = [UInt32](repeating: 0, count: 4)
          ck_philox(key, UInt32(unit / 4), UInt32(2 + row), 3, 1, 1, &draw)
          let factor: Float = draw[unit % 4] >= threshold ? 1.25 : 0
          #expect(
            mask[at] == factor && y[at] == x[at] * factor, "\(rows) × \(columns), row \(row), unit \(unit)")
        }
      }
    }
  }
}
