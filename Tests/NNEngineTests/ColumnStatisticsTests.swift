import Testing

@testable import NNEngine

@Suite("Column statistics")
struct ColumnStatisticsTests {
  @Test("mean, population deviation and bounds")
  func plain() {
    let statistics = ColumnStatistics([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(statistics.count == 8 && statistics.mean == 5 && statistics.standardDeviation == 2)
    #expect(statistics.minimum == 2 && statistics.maximum == 9)
  }

  @Test("missing values are left out, rows choose")
  func missing() {
    let values: [Float] = [1, .nan, 3, 100, 5]
    let statistics = ColumnStatistics(values, rows: [0, 1, 2, 4, 99, -1])
    #expect(statistics.count == 3 && statistics.mean == 3 && statistics.maximum == 5)
    let none = ColumnStatistics([.nan], rows: nil)
    #expect(none.count == 0 && none.mean == 0 && none.standardDeviation == 0 && none.minimum == .infinity)
    #expect(ColumnStatistics([]).count == 0)
  }

  @Test(
    "of values that come in parts: the bits of the whole, wherever the parts end",
    arguments: [1, 5, 4095, 4096, 4097, 9000])
  func parts(size: Int) {
    var values = syntheticMatrix(rows: 9001, columns: 1, seed: 5, scale: 50).values
    values[4096] = .nan
    let parts = ColumnStatistics(visiting: { receive in
      for start in stride(from: 0, to: values.count, by: size) {
        values[start..<min(start + size, values.count)].withUnsafeBufferPointer(receive)
      }
    })
    #expect(parts == ColumnStatistics(values) && parts.count == 9000)
    #expect(ColumnStatistics(visiting: { _ in }) == ColumnStatistics([]))
  }

  @Test("many rows with a large offset keep their deviation")
  func offset() {
    let values = (0..<20_000).map { Float(10_000 + $0 % 2) }
    let statistics = ColumnStatistics(values)
    #expect(statistics.mean == 10_000.5 && statistics.standardDeviation == 0.5)
  }

  @Test(
    "sums are those of plain loops in sixteen lanes, whole and by rows", arguments: [5, 16, 100, 4096, 9000])
  func lanes(count: Int) {
    var values = syntheticMatrix(rows: count, columns: 1, seed: 3, scale: 50).values
    values[count / 2] = .nan
    func reference(_ term: (Double) -> Double) -> Double {
      var total = 0.0
      for start in stride(from: 0, to: count, by: 4096) {
        var lanes = [Double](repeating: 0, count: 16)
        for i in start..<min(start + 4096, count) where !values[i].isNaN {
          lanes[(i - start) % 16] += term(Double(values[i]))
        }
        let eight = (0..<8).map { lanes[$0] + lanes[$0 + 8] }
        let four = (0..<4).map { eight[$0] + eight[$0 + 4] }
        total += (four[0] + four[2]) + (four[1] + four[3])
      }
      return total
    }
    let mean = reference { $0 } / Double(count - 1)
    let deviation = (reference { ($0 - mean) * ($0 - mean) } / Double(count - 1)).squareRoot()
    for statistics in [ColumnStatistics(values), ColumnStatistics(values, rows: Array(0..<count))] {
      #expect(statistics.count == count - 1)
      #expect(statistics.mean == mean)
      #expect(statistics.standardDeviation == deviation)
      #expect(statistics.minimum == values.filter { !$0.isNaN }.min())
      #expect(statistics.maximum == values.filter { !$0.isNaN }.max())
    }
  }
}
