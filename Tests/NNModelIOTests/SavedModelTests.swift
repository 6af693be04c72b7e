import NNData
import Testing

@testable import NNModelIO

@Suite("Saved models")
struct SavedModelTests {
  @Test("everything comes back, and the same bytes each time")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let model = try exampleModel()
      try model.write(path: path)
      let back = try SavedModel(path: path)
      #expect(back.json == model.json)
      #expect(back == model)
      let bytes = try readBytes(path)
      try back.write(path: path)
      #expect(try readBytes(path) == bytes)
    }
  }

  @Test("the metadata are as others rely on")
  func metadata() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      try exampleModel().write(path: path)
      let file = try SafeTensorsFile(path: path)
      #expect(file.metadata["format"] == "nn")
      #expect(file.metadata["version"] == "0.1.0")
      #expect(
        file.tensors.map(\.name) == [
          "layers.0.kernel", "layers.0.bias", "layers.2.layers.0.kernel", "optimizer.m.layers.0.kernel",
        ])
      let json = try JSONValue(parsing: try #require(file.metadata["nn"]))
      #expect(json["seed"]?.uint64 == UInt64.max)
      #expect(json["digest"]?.string == "3f9a000000000000")
    }
  }

  @Test("an epoch's number that no fit reaches is refused")
  func epochs() throws {
    for number in ["-1", "9223372036854775807", "-9223372036854775808", "1.5"] {
      let json = try JSONValue(parsing: #"{"epoch":\#(number),"values":{},"lr":1,"seconds":0}"#)
      #expect(throws: JSONError.self) { _ = try HistoryEntry(json: json, path: "history[0]") }
    }
  }

  @Test("a model with nothing but its layers")
  func bare() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      let model = SavedModel(
        version: "1", inputWidth: 4, layers: [LayerRecord(name: "dense", options: ["units": .number(6)])])
      try model.write(path: path)
      #expect(try SavedModel(path: path) == model)
    }
  }

  @Test("a threshold makes it the second format, which older readers refuse; a calibration does not")
  func decision() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      var model = try exampleModel()
      #expect(model.json["format"]?.int == 1)
      model.calibration = CalibrationRecord(method: "platt", scale: 0.5, offset: -0.25, rows: 40)
      #expect(model.json["format"]?.int == 1)
      model.decision = DecisionRecord(threshold: 0.3, rule: "f1")
      #expect(model.json["format"]?.int == 2)
      try model.write(path: path)
      #expect(try SavedModel(path: path) == model)
      let text = try #require(try SafeTensorsFile(path: path).metadata["nn"])
      for number in ["0", "1", "-0.5", "2", "1e-60", "\"x\"", "null"] {
        let broken = text.replacing(#""threshold":0.30000001192092896"#, with: #""threshold":"# + number)
        #expect(broken != text)
        #expect(throws: JSONError.self, "\(number)") {
          _ = try SavedModel(json: JSONValue(parsing: broken), version: "1")
        }
      }
    }
  }

  @Test("files of others, and of later versions")
  func others() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      try SafeTensorsFile(tensors: [.init(name: "a", shape: [1], values: [1])], metadata: ["format": "pt"])
        .write(path: path)
      #expect(throws: ModelFileError.notAModel(path: path)) { _ = try SavedModel(path: path) }
      try SafeTensorsFile(metadata: ["nn": #"{"format":3}"#]).write(path: path)
      #expect(throws: ModelFileError.newerFormat(path: path, version: 3, supported: 2)) {
        _ = try SavedModel(path: path)
      }
      try SafeTensorsFile(metadata: ["nn": #"{"format":1}"#]).write(path: path)
      #expect(
        throws: ModelFileError.model(path: path, .unexpectedValue(path: "layers", expected: "an array"))
      ) {
        _ = try SavedModel(path: path)
      }
      let nested = #"{"format":1,"layers":"# + String(repeating: "[", count: 5000)
      try SafeTensorsFile(metadata: ["nn": nested]).write(path: path)
      #expect(throws: ModelFileError.self) { _ = try SavedModel(path: path) }
    }
  }

  @Test("a tensor under the wrong name is not written")
  func names() throws {
    var model = try exampleModel()
    model.parameters.append(.init(name: "optimizer.x", shape: [], values: [1]))
    #expect(throws: ModelFileError.self) { try model.write(path: "/tmp/never") }
  }

  @Test("options keep their type")
  func options() throws {
    let values: [OptionValue] = [
      .none, .bool(true), .number(0.1), .number(.infinity), .number(-7), .string("7"), .string(""), .list([]),
      .list([.number(1), .list([.string("a")])]),
      .call(CallRecord(name: "adam", options: ["lr": .number(0.01), "number": .number(3)])),
    ]
    for value in values {
      let text = value.json.text()
      #expect(try OptionValue(json: JSONValue(parsing: text), path: "x") == value, "\(text)")
    }
  }
}
