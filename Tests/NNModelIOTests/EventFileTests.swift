import Foundation
import NNData
import NNEngine
import Testing

@testable import NNModelIO

/// The files that TensorBoard reads; that the real one shows them was looked at.
struct EventFileTests {
  /// Published values (RFC 3720, B.4, and the usual check).
  @Test func checksumsAreCastagnolis() {
    #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.of(Array(0..<32)) == 0x46DD_794E)
  }

  /// The events of a file, whose checksums are looked at.
  private func events(_ path: String) throws -> [TBEvent] {
    let bytes = try readBytes(path)
    var events: [TBEvent] = []
    var at = 0
    while at < bytes.count {
      let length = (0..<8).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
      let record = Array(bytes[at..<at + length + 16])
      let content = Array(record[12..<12 + length])
      #expect(EventFile.record(content) == record)
      events.append(try TBEvent(serializedBytes: content))
      at += record.count
    }
    return events
  }

  @Test func whatIsWrittenIsThere() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/nn-events-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try EventFile(folder: folder, number: 3)
    var network = try Network(
      inputWidth: 2,
      layers: [
        Dense(units: 3, activation: ReLU()), Residual(layers: [Dense(units: 3)]),
        Parallel(branches: [[], [Dropout(rate: 0.1)]]), Dense(units: 1),
      ])
    network.initializeWeights(seed: 1)
    try file.graph(of: network)
    try file.scalars([("epoch_loss", 0.5), ("epoch_accuracy", .nan)], step: 7)
    try file.histograms(of: network, step: 7)
    try file.runBegins([("lr", .number(0.1)), ("opt", .text("adam"))], group: "run-1")
    try file.runEnds()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents."))
    let events = try events(folder + "/" + names[0])
    #expect(events.count == 6)
    #expect(events[0].fileVersion == "brain.Event:2")
    let graph = try TBGraphDef(serializedBytes: events[1].graphDef)
    #expect(
      graph.node.map(\.name) == [
        "features", "dense", "relu", "residual/dense", "residual/add", "parallel/branch_2/dropout",
        "parallel/join",
        "dense_1",
      ])
    #expect(graph.node[4].input == ["relu", "residual/dense"])
    #expect(graph.node[6].input == ["residual/add", "parallel/branch_2/dropout"])
    #expect(events[2].step == 7 && events[2].summary.value[0].tag == "epoch_loss")
    #expect(events[2].summary.value[0].simpleValue == 0.5 && events[2].summary.value[1].simpleValue.isNaN)
    let histogram = events[3].summary.value[0].histo
    #expect(events[3].summary.value[0].tag == "layers/0/kernel/histogram")
    #expect(
      histogram.num == 6 && histogram.bucket.reduce(0, +) == 6 && histogram.bucketLimit.last == histogram.max)
    let begun = try TBHParamsPluginData(
      serializedBytes: events[4].summary.value[0].metadata.pluginData.content)
    #expect(begun.sessionStartInfo.hparams["lr"]?.numberValue == 0.1)
    #expect(begun.sessionStartInfo.hparams["opt"]?.stringValue == "adam")
  }

  @Test func histogramsOfOddTensors() {
    #expect(EventFile.histogram(of: []).bucket.isEmpty)
    #expect(EventFile.histogram(of: [.nan, .infinity]).bucket.isEmpty)
    let one = EventFile.histogram(of: [2, 2, 2])
    #expect(one.num == 3 && one.bucket[0] == 3 && one.min == 2 && one.max == 2)
  }
}
