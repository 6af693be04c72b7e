import NNDiagnostics

/// What `nn explain CODE` tells of a diagnostic: what it means, a script that has it, and one that has it not.
///
/// The examples are run by a test, in a folder with the tables of scripts/: the wrong one gives this code and no other,
/// the right one gives nothing.
public struct Explanation: Sendable {
  public let code: String
  /// What is wrong, in a few words, without a full stop.
  public let title: String
  /// Why it is wrong, and what to do.
  public let text: String
  /// Nil for what no script of a few lines shows.
  public let wrong: String?
  public let right: String?
  /// Files that the examples read, by name.
  public let files: [String: String]
  /// What stands behind `nn run` before the script.
  public let arguments: [String]
  /// The wrong example holds bytes that cannot be shown; in it `\xNN` stands for one.
  public let isEscaped: Bool

  init(
    _ code: String, _ title: String, _ text: String, wrong: String? = nil, right: String? = nil,
    files: [String: String] = [:], arguments: [String] = [], isEscaped: Bool = false
  ) {
    self.code = code
    self.title = title
    self.text = text
    self.wrong = wrong
    self.right = right
    self.files = files
    self.arguments = arguments
    self.isEscaped = isEscaped
  }

  /// All of them, in the order of their codes: the only list.
  public static let all: [Explanation] =
    (characters + structure + habits + names + flows + scripts + data + reading + preparation + commandLine
    + outcomes + runs + manyRuns + exports).sorted {
      // Errors before warnings, as they are numbered.
      ($0.code.first == "W" ? 1 : 0, $0.code) < ($1.code.first == "W" ? 1 : 0, $1.code)
    }

  /// The explanation of a code, however it is written: `E0203`, `e203`, `[E0203]`.
  public static func of(_ code: String) -> Explanation? {
    let plain = normalized(code)
    return all.first { $0.code == plain }
  }

  /// The codes that may have been meant, nearest first.
  public static func nearest(to code: String) -> [String] {
    let plain = normalized(code)
    let codes = all.map(\.code)
    // Digits have no spelling: of codes equally far those that begin alike are nearer.
    func common(_ other: String) -> Int { zip(plain, other).prefix { $0 == $1 }.count }
    return Array(
      Spelling.nearest(to: plain, in: codes, limit: codes.count)
        .sorted { common($0) > common($1) }.prefix(3))
  }

  private static func normalized(_ code: String) -> String {
    let letters = code.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard let first = letters.first, first.isLetter, letters.count < 5 else { return letters }
    let digits = letters.dropFirst()
    return String(first) + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension Explanation {
  /// The wrong example as it stands in a file.
  public var wrongBytes: [UInt8] {
    guard let wrong else { return [] }
    guard isEscaped else { return Array(wrong.utf8) }
    var result: [UInt8] = []
    var rest = Array(wrong.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(value)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
