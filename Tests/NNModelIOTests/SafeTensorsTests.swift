import Testing

@testable import NNModelIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("safetensors")
struct SafeTensorsTests {
  private let file = SafeTensorsFile(
    tensors: [
      .init(
        name: "layers.0.kernel", shape: [2, 3],
        values: [1, -0.0, 0.1, .infinity, -2.5, .leastNonzeroMagnitude]),
      .init(name: "layers.0.bias", shape: [3], values: [0.5, 1, 2]),
      .init(name: "scalar", shape: [], values: [7]),
      .init(name: "empty", shape: [0, 4], values: []),
      .init(name: "é \"quoted\"", shape: [1, 1, 1], values: [3]),
    ], metadata: ["format": "nn", "text": "a\nb\"c\u{1}é"])

  @Test("what is written reads back, in its order, and the same bytes each time")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/f.safetensors"
      try file.write(path: path)
      let back = try SafeTensorsFile(path: path)
      #expect(back == file)
      #expect(back["layers.0.kernel"]?.values.map(\.bitPattern) == file.tensors[0].values.map(\.bitPattern))
      let bytes = try readBytes(path)
      try back.write(path: path)
      #expect(try readBytes(path) == bytes)
      // The tensors start at a multiple of eight bytes.
      #expect(bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << ($1.offset * 8) } % 8 == 0)
    }
  }

  @Test("a file that Python's safetensors wrote")
  func python() throws {
    let file = try SafeTensorsFile(path: fixture("python.safetensors"))
    #expect(file.metadata == ["format": "pt", "note": "größe \"x\""])
    #expect(file["a.kernel"] == .init(name: "a.kernel", shape: [2, 3], values: [0, 1, 2, 3, 4, 5]))
    #expect(
      file["a.bias"]
        == .init(name: "a.bias", shape: [3], values: [0.1, -.leastNonzeroMagnitude, 3.4028235e38]))
    #expect(file["scalar"] == .init(name: "scalar", shape: [], values: [7.5]))
    #expect(file["empty"] == .init(name: "empty", shape: [0, 2], values: []))
    #expect(file.tensors.count == 4)
  }

  @Test("ours, byte for byte, as Python's safetensors has read it")
  func golden() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/f.safetensors"
      try file.write(path: path)
      #expect(try readBytes(path) == readBytes(fixture("ours.safetensors")))
    }
  }

  @Test("random files read back", arguments: 0..<3)
  func random(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    try withTemporaryFolder { folder in
      for _ in 0..<30 {
        let tensors = (0..<Int.random(in: 0...6, using: &generator)).map { index in
          let shape = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            Int.random(in: 0...4, using: &generator)
          }
          let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &generator) }
          return SafeTensorsFile.Tensor(name: "t\(index)", shape: shape, values: values)
        }
        let file = SafeTensorsFile(
          tensors: tensors, metadata: tensors.isEmpty ? [:] : ["n": "\(tensors.count)"])
        let path = folder + "/f.safetensors"
        try file.write(path: path)
        #expect(try SafeTensorsFile(path: path) == file)
      }
    }
  }

  @Test("tensors that cannot be written, and paths")
  func refused() {
    #expect(throws: ModelFileError.self) {
      try SafeTensorsFile(tensors: [.init(name: "a", shape: [2], values: [1])]).write(path: "/tmp/never")
    }
    #expect(throws: ModelFileError.self) {
      try SafeTensorsFile(
        tensors: [.init(name: "a", shape: [], values: [1]), .init(name: "a", shape: [], values: [1])]
      ).write(path: "/tmp/never")
    }
    #expect(throws: ModelFileError.self) {
      try SafeTensorsFile(tensors: [.init(name: "a", shape: [.max, .max], values: [])]).write(
        path: "/tmp/never")
    }
    #expect(access("/tmp/never", F_OK) != 0)
    #expect(throws: ModelFileError.unwritable(path: "/nowhere/f", reason: "No such file or directory")) {
      try file.write(path: "/nowhere/f")
    }
    #expect(throws: ModelFileError.fileMissing(path: "/nowhere/f")) {
      _ = try SafeTensorsFile(path: "/nowhere/f")
    }
    #expect(throws: ModelFileError.isDirectory(path: "/tmp")) { _ = try SafeTensorsFile(path: "/tmp") }
    #expect(throws: ModelFileError.unreadable(path: "/dev/null", reason: "not a regular file")) {
      _ = try SafeTensorsFile(path: "/dev/null")
    }
  }
}
