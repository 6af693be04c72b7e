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

  @Test("many rows with a large offset keep their deviation")
  func offset() {
    let values = (0..<20_000).map { Float(10_000 + $0 % 2) }
    let statistics = ColumnStatistics(values)
    #expect(statistics.mean == 10_000.5 && statistics.standardDeviation == 0.5)
  }
}
