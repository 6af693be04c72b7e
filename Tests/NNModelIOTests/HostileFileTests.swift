import NNData
import Testing

@testable import NNModelIO

/// Files that are made to harm, or were harmed: a typed error each, and no memory for what they only claim.
@Suite("safetensors, hostile")
struct HostileFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var header: String
    var data = 8
    var expected: ModelFileError
  }

  static let path = "FILE"

  static let cases: [Case] = [
    Case(
      testDescription: "no JSON", header: "{oops}",
      expected: .header(path: path, .unexpectedByte(offset: 1, expected: "a name in quotes"))),
    Case(
      testDescription: "not an object", header: "[]",
      expected: .badHeader(path: path, tensor: nil, problem: "it does not start with `{`")),
    Case(
      testDescription: "blanks in front", header: "  {}",
      expected: .badHeader(path: path, tensor: nil, problem: "it does not start with `{`")),
    Case(
      testDescription: "NaN", header: #"{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}"#,
      expected: .header(path: path, .unexpectedByte(offset: 29, expected: "a value"))),
    Case(
      testDescription: "twice a tensor",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      expected: .header(path: path, .duplicateName("a", offset: 54))),
    Case(
      testDescription: "twice the shape",
      header: #"{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}"#,
      expected: .header(path: path, .duplicateName("shape", offset: 32))),
    Case(
      testDescription: "deep", header: #"{"a":"# + String(repeating: "[", count: 100_000),
      expected: .header(path: path, .tooDeep(offset: 12, limit: 8))),
    Case(
      testDescription: "another type", header: #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
      expected: .unsupportedType(path: path, tensor: "a", type: "F64")),
    Case(
      testDescription: "no type", header: #"{"a":{"shape":[1],"data_offsets":[0,8]}}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its entry lacks the type")),
    Case(
      testDescription: "a further member",
      header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its entry has an unknown member \"x\"")),
    Case(
      testDescription: "a shape that overflows",
      header: #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
      expected: .shapeMismatch(path: path, tensor: "a", shape: [4_611_686_018_427_387_904, 4], bytes: 8)),
    Case(
      testDescription: "a shape that overflows, then is zero",
      header:
        #"{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,0],"data_offsets":[0,0]}}"#,
      data: 0,
      expected: .shapeMismatch(path: path, tensor: "a", shape: [.max, .max, 0], bytes: 0)),
    Case(
      testDescription: "a shape beyond 64 bits",
      header: #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its shape is not a list of whole numbers")),
    Case(
      testDescription: "a negative shape",
      header: #"{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its shape is not a list of whole numbers")),
    Case(
      testDescription: "a fraction", header: #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its shape is not a list of whole numbers")),
    Case(
      testDescription: "the shape is another",
      header: #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
      expected: .shapeMismatch(path: path, tensor: "a", shape: [3], bytes: 8)),
    Case(
      testDescription: "beyond the end",
      header: #"{"a":{"dtype":"F32","shape":[250000000000],"data_offsets":[0,1000000000000]}}"#,
      expected: .offsets(
        path: path, tensor: "a", problem: "its offsets 0 to 1000000000000 lie outside the file")),
    Case(
      testDescription: "backwards", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#,
      expected: .offsets(path: path, tensor: "a", problem: "its offsets 8 to 4 lie outside the file")),
    Case(
      testDescription: "one offset", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8]}}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its offsets are not two whole numbers")),
    Case(
      testDescription: "overlap",
      header:
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      expected: .offsets(path: path, tensor: "b", problem: "its bytes overlap another tensor's")),
    Case(
      testDescription: "gap", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      expected: .offsets(path: path, tensor: "a", problem: "there is a gap before its bytes")),
    Case(testDescription: "trailing bytes", header: "{}", expected: .trailingBytes(path: path, count: 8)),
    Case(
      testDescription: "metadata of numbers", header: #"{"__metadata__":{"a":1}}"#, data: 0,
      expected: .badHeader(path: path, tensor: nil, problem: "__metadata__ holds more than texts")),
    Case(
      testDescription: "metadata that is a text", header: #"{"__metadata__":"a"}"#, data: 0,
      expected: .badHeader(path: path, tensor: nil, problem: "__metadata__ is not an object")),
    Case(
      testDescription: "an entry that is a number", header: #"{"a":1}"#,
      expected: .badHeader(path: path, tensor: "a", problem: "its entry is not an object")),
  ]

  @Test("each broken rule", arguments: cases)
  func rule(_ example: Case) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/FILE"
      let header = Array(example.header.utf8)
      try writeBytes(
        lengthBytes(UInt64(header.count)) + header + [UInt8](repeating: 0, count: example.data), path)
      do throws(ModelFileError) {
        _ = try SafeTensorsFile(path: path)
        Issue.record("it was read")
      } catch {
        #expect(error.description.replacing(path, with: Self.path) == example.expected.description)
      }
    }
  }

  @Test("lengths that lie")
  func lengths() throws {
    try withTemporaryFolder { folder in
      do {
        let path = folder + "/FILE"
        try writeBytes([], path)
        #expect(throws: ModelFileError.tooShort(path: path, size: 0)) { _ = try SafeTensorsFile(path: path) }
        try writeBytes([2, 0, 0, 0, 0, 0, 0, 0, 0x7B], path)
        #expect(throws: ModelFileError.tooShort(path: path, size: 9)) { _ = try SafeTensorsFile(path: path) }
        for length in [3, 100_000_001, UInt64.max, 1 << 63] {
          try writeBytes(lengthBytes(length) + Array("{}".utf8), path)
          #expect(throws: ModelFileError.headerTooLong(path: path, length: length, size: 10)) {
            _ = try SafeTensorsFile(path: path)
          }
        }
        try writeBytes(lengthBytes(2) + Array("{}".utf8), path)
        #expect(try SafeTensorsFile(path: path) == SafeTensorsFile())
      }
    }
  }

  @Test("a good model with a few bytes changed: a model or an error", arguments: 0..<3)
  func mutations(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    try withTemporaryFolder { folder in
      let path = folder + "/m.safetensors"
      try exampleModel().write(path: path)
      let good = try readBytes(path)
      for _ in 0..<300 {
        var bytes = good
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0...3, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1:
            bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &generator)))
          case 2:
            bytes.insert(Array("\"[]{},:0919-e\\".utf8).randomElement(using: &generator) ?? 0, at: place)
          default: bytes[place] = Array("0123456789-.eE\"".utf8).randomElement(using: &generator) ?? 0
          }
          if bytes.isEmpty { bytes = good }
        }
        try writeBytes(bytes, path)
        do throws(ModelFileError) {
          let model = try SavedModel(path: path)
          // What is accepted can be written.
          try model.write(path: folder + "/again.safetensors")
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }
}

private func lengthBytes(_ length: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
}
