import AllocationCount
import Testing

@testable import NNEngine

@Suite("A predictor")
struct PredictorTests {
  private func network() throws -> Network {
    var network = try Network(
      inputWidth: 5,
      layers: [
        Dense(units: 20, activation: GELU()), BatchNormalization(), Dropout(rate: 0.5),
        Residual(layers: [Dense(units: 20)]), Dense(units: 3, activation: Softmax()),
      ])
    network.initializeWeights(seed: 3)
    return network
  }

  @Test("a row's answer does not depend on the rows beside it, nor on how many go at a time")
  func rows() throws {
    let network = try network()
    let x = syntheticMatrix(rows: 301, columns: 5, seed: 1)
    let all = try network.predict(x)
    for rows in [1, 7, 400] { #expect(try Predictor(network, rows: rows).predict(x) == all) }
    let one = try Predictor(network, rows: 1, threads: 1)
    var outputs = [Float](repeating: 0, count: 3)
    for row in [0, 150, 300] {
      try one.predict(row: Array(x.values[row * 5..<row * 5 + 5]), into: &outputs)
      #expect(outputs == Array(all.values[row * 3..<row * 3 + 3]))
    }
  }

  @Test(
    "threads that share a row's columns change no bit", arguments: [(130, 1100), (700, 257), (1000, 512)])
  func sharedColumns(inputs: Int, units: Int) throws {
    var network = try Network(
      inputWidth: inputs,
      layers: [
        Dense(units: units, activation: ReLU()), Dense(units: units, activation: Tanh()), Dense(units: 3),
      ])
    network.initializeWeights(seed: 3)
    #expect(inputs * units >= Grain().weights)
    let x = syntheticMatrix(rows: 3, columns: inputs, seed: 1)
    let expected = try Predictor(network, rows: 100, threads: 1).predict(x)
    for (rows, threads) in [(1, 1), (1, 2), (1, 3), (1, 7), (3, 2), (4, 2)] {
      #expect(try Predictor(network, rows: rows, threads: threads).predict(x) == expected)
    }
  }

  @Test("a row after the first allocates nothing", .enabled(if: allocation_count_works() == 1))
  func allocations() throws {
    let predictor = try Predictor(network(), rows: 1, threads: 1)
    let row: [Float] = [1, 2, 3, 4, 5]
    var outputs = [Float](repeating: 0, count: 3)
    try predictor.predict(row: row, into: &outputs)
    let before = allocation_count()
    for _ in 0..<100 { try predictor.predict(row: row, into: &outputs) }
    #expect(allocation_count() == before)
  }

  @Test("what does not fit is an error")
  func errors() throws {
    let network = try network()
    #expect(throws: EngineError.noWeights) {
      try Predictor(Network(inputWidth: 2, layers: [Dense(units: 1)]))
    }
    let predictor = try Predictor(network)
    var outputs = [Float](repeating: 0, count: 3)
    #expect(throws: EngineError.featureWidth(expected: 5, found: 2)) {
      try predictor.predict(row: [1, 2], into: &outputs)
    }
    #expect(throws: EngineError.notFinite(what: "a feature", row: 0, column: 1)) {
      try predictor.predict(row: [1, .nan, 3, 4, 5], into: &outputs)
    }
    var short = [Float](repeating: 0, count: 2)
    #expect(throws: EngineError.malformedMatrix(rows: 1, columns: 3, values: 2)) {
      try predictor.predict(row: [1, 2, 3, 4, 5], into: &short)
    }
  }
}
