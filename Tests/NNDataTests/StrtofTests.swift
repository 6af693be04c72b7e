import Testing

@testable import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The scanner's numbers against the C library's, which are correctly rounded: 200,000 random spellings, or as many as
/// `NN_SPELLINGS` says, bit for bit.
@Suite("Numbers, beside strtof")
struct StrtofTests {
  private static let count = getenv("NN_SPELLINGS").flatMap { Int(String(cString: $0)) } ?? 200_000

  /// Bytes of a spelling, by a recipe that is drawn as well.
  private struct Spellings {
    var generator = SeededGenerator(seed: 20)

    private mutating func below(_ bound: Int) -> Int {
      Int(truncatingIfNeeded: generator.next() % UInt64(bound))
    }

    private mutating func digits(_ count: Int, into text: inout [UInt8]) {
      for _ in 0..<count { text.append(UInt8(48 + below(10))) }
    }

    mutating func append(to text: inout [UInt8]) {
      switch below(8) {
      case 0:
        // A float's own shortest text.
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
        text += Array((value.isFinite ? "\(value)" : "1").utf8)
      case 1:
        // Half way between two floats, exactly or nearly.
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()) & 0x7F7F_FFFE)
        let middle = (Double(value) + Double(value.nextUp)) / 2
        let near = [middle, middle.nextUp, middle.nextDown][below(3)]
        text += Array((near.isFinite ? "\(near)" : "1").utf8)
      case 2:
        // A tie among whole numbers, perhaps with more digits behind it.
        let mantissa = 0x100_0000 + below(0x100_0000) | 1
        let tie = UInt64(mantissa) << UInt64(below(38))
        text += Array("\(tie)".utf8)
        if below(2) == 0 {
          text.append(0x2E)
          text += [UInt8](repeating: 0x30, count: below(30))
          text.append(UInt8(48 + below(2)))
        }
      case 3:
        // As measurements are written.
        if below(2) == 0 { text.append(0x2D) }
        digits(1 + below(4), into: &text)
        text.append(0x2E)
        digits(1 + below(6), into: &text)
      default:
        if below(3) == 0 { text.append(below(4) == 0 ? 0x2B : 0x2D) }
        let whole = below(25)
        digits(whole, into: &text)
        if whole == 0 || below(2) == 0 {
          text.append(0x2E)
          digits((whole == 0 ? 1 : 0) + below(25), into: &text)
        }
        if below(2) == 0 {
          text.append(below(2) == 0 ? 0x65 : 0x45)
          let sign = below(3)
          if sign > 0 { text.append(sign == 1 ? 0x2B : 0x2D) }
          digits(1 + below(2), into: &text)
        }
      }
    }
  }

  @Test("bit for bit, in the scanner's own loop and in the general parser")
  func agrees() throws {
    var spellings = Spellings()
    var file = Array("x,y\n".utf8)
    var starts: [Int] = []
    for _ in 0..<Self.count {
      starts.append(file.count)
      spellings.append(to: &file)
      file += [0x2C, 0x31, 0x0A]
    }
    let table = try readTable(
      bytes: file, name: "t.csv",
      options: ReadOptions(header: .present, separator: 0x2C, types: ["x": .numeric]))
    guard case .numeric(let numbers)? = table["x"]?.values, numbers.count == Self.count else {
      Issue.record("read \(table.rowCount) rows")
      return
    }
    var differences: [String] = []
    file.withUnsafeBufferPointer { bytes in
      for (row, start) in starts.enumerated() {
        guard let base = bytes.baseAddress else { return }
        let text = UnsafeRawPointer(base + start).assumingMemoryBound(to: CChar.self)
        // It stops at the comma.
        let expected = strtof(text, nil)
        let length = (row + 1 < starts.count ? starts[row + 1] : bytes.count) - 3 - start
        let general = parseFloat(UnsafeBufferPointer(start: base + start, count: length))
        // What is too large is a bad cell.
        let isRight =
          expected.isFinite
          ? numbers[row].bitPattern == expected.bitPattern && general?.bitPattern == expected.bitPattern
          : numbers[row].isNaN && general == nil
        if !isRight, differences.count < 10 {
          let spelling = String(
            decoding: UnsafeBufferPointer(start: base + start, count: length), as: UTF8.self)
          differences.append("\(spelling): \(numbers[row]), \(expected)")
        }
      }
    }
    #expect(differences.isEmpty)
  }
}
