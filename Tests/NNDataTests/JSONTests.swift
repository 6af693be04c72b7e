import Testing

@testable import NNData

@Suite("JSON")
struct JSONTests {
  @Test(
    "what is written reads back",
    arguments: [
      JSONValue.null, .bool(true), .bool(false), .integer(-7), .integer(UInt64.max), .double(0.1),
      .double(1e300),
      .float(0.1), .float(-0), .string(""), .string("a\"\\\n\t\u{1}\u{7F}é😀/"), .array([]), .object([]),
      .array([.null, .array([.string("x")])]), .object(["b": .integer(1), "a": .array([.bool(false)])]),
    ])
  func roundTrip(_ value: JSONValue) throws {
    #expect(try JSONValue(parsing: value.text()) == value)
    let ascii = value.text(isASCII: true)
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
    #expect(try JSONValue(parsing: ascii) == value)
  }

  @Test("numbers come back exactly")
  func numbers() throws {
    #expect(try JSONValue(parsing: "18446744073709551615").uint64 == UInt64.max)
    #expect(try JSONValue(parsing: "-9223372036854775808").int == Int.min)
    #expect(try JSONValue(parsing: "18446744073709551616").uint64 == nil)
    #expect(try JSONValue(parsing: "1.5").int == nil)
    #expect(try JSONValue(parsing: "1e400").double == nil)
    #expect(JSONValue.double(.nan).text() == "\"nan\"")
    #expect(JSONValue.double(-.infinity).double == -.infinity)
    #expect(JSONValue.float(.infinity).float == .infinity)
    #expect(JSONValue.float(0.1).text() == "0.1")
    #expect(JSONValue.double(3).text() == "3")
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let double = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
      let float = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
      if double.isFinite {
        #expect(
          try JSONValue(parsing: JSONValue.double(double).text()).double?.bitPattern == double.bitPattern)
      }
      if float.isFinite {
        #expect(try JSONValue(parsing: JSONValue.float(float).text()).float?.bitPattern == float.bitPattern)
      }
    }
  }

  @Test("escapes")
  func escapes() throws {
    #expect(try JSONValue(parsing: #""\u0041\ud83d\ude00\/\b\f""#).string == "A😀/\u{8}\u{C}")
  }

  @Test(
    "what is not JSON",
    arguments: [
      "", " ", "{", "[", "\"", "tru", "nul", "NaN", "Infinity", "-Infinity", "-", "01", "1.", ".5", "1e",
      "+1", "0x1",
      "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "1 2",
      "[]]", "{}x",
      #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"\n\"", "\"\u{1}\"", "// c\n1",
      "{\"a\":1,\"a\":2}",
    ])
  func malformed(_ text: String) {
    #expect(throws: JSONError.self) { _ = try JSONValue(parsing: text) }
  }

  @Test("limits and places")
  func limits() {
    #expect(throws: JSONError.tooDeep(offset: 3, limit: 3)) {
      _ = try JSONValue(parsing: "[[[[1]]]]", depthLimit: 3)
    }
    #expect(throws: JSONError.tooDeep(offset: 64, limit: 64)) {
      _ = try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
    }
    #expect(throws: JSONError.duplicateName("a", offset: 7)) { _ = try JSONValue(parsing: #"{"a":1,"a":2}"#) }
    #expect(throws: JSONError.invalidUTF8(offset: 1)) {
      try [UInt8]([0x22, 0xFF, 0x22]).withUnsafeBufferPointer { _ = try JSONValue(parsing: $0) }
    }
    #expect(throws: JSONError.tooLong(count: 3, limit: 2)) {
      try Array("[1]".utf8).withUnsafeBufferPointer { _ = try JSONValue(parsing: $0, sizeLimit: 2) }
    }
  }

  @Test("any bytes", arguments: 0..<2)
  func fuzz(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("{}[]\",:0123eE+-. \\utrnfalse\u{E9}".utf8) + [0xFF, 0]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      bytes.withUnsafeBufferPointer { buffer in
        guard let value = try? JSONValue(parsing: buffer) else { return }
        // What is accepted is written as what reads the same.
        #expect((try? JSONValue(parsing: value.text())) == value)
      }
    }
  }
}
