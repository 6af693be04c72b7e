import NNDiagnostics
import NNReport

/// A terminal's screen: what a program has written, as a person sees it. Of the control sequences of xterm and ECMA-48 it knows those that
/// readline and this program use; one that it does not know is kept in ``unknown``, which tests want empty.
public struct Screen: Sendable {
  /// How a cell looks.
  public struct Style: Sendable, Hashable {
    /// As written: `1`, `38;5;32`; nil for the terminal's own.
    public var color: String?
    public var isBold = false
    public var isDim = false
    public var isUnderlined = false

    public init() {}
  }

  struct Cell: Sendable, Hashable {
    /// Empty for the right half of a wide character.
    var text = " "
    var style = Style()
  }

  public private(set) var rows: Int
  public private(set) var columns: Int
  var cells: [[Cell]]
  /// Lines that have left the screen at its top.
  public private(set) var scrolled: [String] = []
  public internal(set) var row = 0
  public internal(set) var column = 0
  /// The last column has been written to, and the next character goes to the next row.
  var isWrapping = false
  var style = Style()
  private var saved: (row: Int, column: Int, isWrapping: Bool, style: Style)?
  /// How often bracketed paste was turned on: once for each prompt.
  public private(set) var prompts = 0
  public private(set) var isPasteBracketed = false
  /// The line of the transcript in which the last prompt began.
  private var promptStart = 0
  public private(set) var unknown: [String] = []
  /// Bytes of a character or a sequence that is not whole yet.
  private var pending: [UInt8] = []

  public init(rows: Int = 24, columns: Int = 80) {
    self.rows = rows
    self.columns = columns
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  // MARK: Looking

  /// A row's text without the blanks at its end.
  public func line(_ row: Int) -> String {
    guard cells.indices.contains(row) else { return "" }
    return Self.trimmed(cells[row])
  }

  public var lines: [String] { (0..<rows).map(line) }

  /// Everything on the screen down to the last row that is not empty.
  public var text: String {
    var lines = lines
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// The same with what has left it at the top.
  public var transcript: String { (scrolled + [text]).joined(separator: "\n") }

  /// The row that the cursor is in.
  public var currentLine: String { line(row) }

  /// What stands from the last prompt's beginning to the cursor: a line that is long, or several lines, goes over many rows.
  public var typed: String {
    (max(0, min(promptStart - scrolled.count, row))...row).map(line).joined(separator: "\n")
  }

  /// The style of the first place where a text stands, the lowest row first; nil if it is not there.
  /// - Parameter before: what stands right in front of it.
  public func style(of text: String, behind before: String = "") -> Style? {
    let (text, skipped) = (before + text, before)
    for row in (0..<rows).reversed() {
      let line = cells[row]
      let joined = line.map(\.text).joined()
      guard let range = joined.firstRange(of: text) else { continue }
      let before = joined[..<range.lowerBound] + skipped
      // Cells before it: wide characters take two.
      var count = 0
      var length = 0
      for cell in line {
        if length >= before.count { break }
        length += cell.text.count
        count += 1
      }
      while count < line.count, line[count].text.isEmpty { count += 1 }
      return line[count].style
    }
    return nil
  }

  /// Whether any cell is in a colour or bold.
  public var isColored: Bool { cells.contains { $0.contains { $0.style != Style() && $0.text != " " } } }

  private static func trimmed(_ cells: [Cell]) -> String {
    var text = cells.map(\.text).joined()
    while text.last == " " { text.removeLast() }
    return text
  }

  // MARK: Changing

  /// Gives the screen another size, as xterm does: rows are cut, not wrapped.
  public mutating func resize(rows: Int, columns: Int) {
    while cells.count > rows {
      if row > 0 {
        scrolled.append(Self.trimmed(cells.removeFirst()))
        row -= 1
      } else {
        cells.removeLast()
      }
    }
    while cells.count < rows { cells.append([]) }
    for index in cells.indices {
      cells[index] = Array((cells[index] + Array(repeating: Cell(), count: columns)).prefix(columns))
    }
    (self.rows, self.columns) = (rows, columns)
    column = min(column, columns - 1)
    isWrapping = false
  }

  public mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      pending.append(byte)
      consume()
    }
  }

  private mutating func consume() {
    guard let first = pending.first else { return }
    switch first {
    case 0x1B:
      guard let end = sequenceEnd() else { return }
      let sequence = String(decoding: pending.prefix(end).dropFirst(), as: UTF8.self)
      pending.removeFirst(end)
      escape(sequence)
    case 0..<0x20, 0x7F:
      pending.removeFirst()
      control(first)
    default:
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard pending.count >= length else { return }
      let text = String(decoding: pending.prefix(length), as: UTF8.self)
      pending.removeFirst(length)
      put(text)
    }
  }

  /// Where the sequence that is pending ends; nil if it does not yet.
  private func sequenceEnd() -> Int? {
    guard pending.count >= 2 else { return nil }
    switch pending[1] {
    case UInt8(ascii: "["):
      return pending.indices.dropFirst(2).first { (0x40...0x7E).contains(pending[$0]) }.map { $0 + 1 }
    case UInt8(ascii: "]"): return pending.firstIndex(of: 7).map { $0 + 1 }
    case UInt8(ascii: "("), UInt8(ascii: ")"): return pending.count >= 3 ? 3 : nil
    default: return 2
    }
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x00, 0x07: break
    case 0x08:
      column = max(0, column - 1)
      isWrapping = false
    case 0x09:
      column = min((column / 8 + 1) * 8, columns - 1)
      isWrapping = false
    case 0x0A, 0x0B, 0x0C: lineFeed()
    case 0x0D:
      column = 0
      isWrapping = false
    default: unknown.append("\\x\(String(byte, radix: 16))")
    }
  }

  private mutating func lineFeed() {
    isWrapping = false
    if row + 1 < rows {
      row += 1
    } else {
      scrolled.append(Self.trimmed(cells.removeFirst()))
      cells.append(Array(repeating: Cell(), count: columns))
    }
  }

  private mutating func put(_ text: String) {
    let width = displayWidth(of: text)
    if width == 0 {
      // Joins the character before it.
      let place = isWrapping ? column : max(column - 1, 0)
      cells[row][place].text += text
      return
    }
    if isWrapping || column + width > columns {
      column = 0
      lineFeed()
    }
    cells[row][column] = Cell(text: text, style: style)
    if width == 2, column + 1 < columns { cells[row][column + 1] = Cell(text: "", style: style) }
    column += width
    isWrapping = column >= columns
    if isWrapping { column = columns - 1 }
  }

  // MARK: Sequences

  private mutating func escape(_ sequence: String) {
    switch sequence.first {
    case "[": csi(String(sequence.dropFirst()), sequence)
    case "7": saved = (row, column, isWrapping, style)
    case "8": if let saved { (row, column, isWrapping, style) = saved }
    case "D":
      let column = column
      lineFeed()
      self.column = column
    case "M": if row > 0 { row -= 1 }
    case "]", "(", ")", "=", ">": break
    default: unknown.append("ESC " + sequence)
    }
  }

  private mutating func csi(_ body: String, _ whole: String) {
    guard let final = body.last else { return }
    let parameters = body.dropLast()
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let count = max(numbers.first ?? 1, 1)
    if !"m".contains(final) { isWrapping = false }
    switch final {
    case "A": row = max(0, row - count)
    case "B": row = min(rows - 1, row + count)
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = min(columns - 1, count - 1)
    case "H":
      row = min(rows - 1, count - 1)
      column = min(columns - 1, max(numbers.count > 1 ? numbers[1] : 1, 1) - 1)
    case "J": eraseDisplay(numbers.first ?? 0)
    case "K": eraseLine(numbers.first ?? 0)
    case "P":
      cells[row].removeSubrange(column..<min(column + count, columns))
      fillRow()
    case "@":
      cells[row].insert(contentsOf: Array(repeating: Cell(), count: count), at: column)
      cells[row] = Array(cells[row].prefix(columns))
    case "m": setStyle(numbers)
    case "h", "l":
      if parameters == "?2004" {
        isPasteBracketed = final == "h"
        if isPasteBracketed {
          prompts += 1
          promptStart = scrolled.count + row
        }
      }
    case "n", "c", "t", "r": break
    default: unknown.append("CSI " + whole)
    }
  }

  private mutating func fillRow() {
    while cells[row].count < columns { cells[row].append(Cell()) }
  }

  private mutating func eraseLine(_ what: Int) {
    let range = what == 0 ? column..<columns : what == 1 ? 0..<column + 1 : 0..<columns
    for index in range { cells[row][index] = Cell() }
  }

  private mutating func eraseDisplay(_ what: Int) {
    if what == 0 {
      eraseLine(0)
      for index in row + 1..<max(rows, row + 1) { cells[index] = Array(repeating: Cell(), count: columns) }
    } else if what >= 2 {
      for index in 0..<rows { cells[index] = Array(repeating: Cell(), count: columns) }
    } else {
      unknown.append("CSI 1J")
    }
  }

  private mutating func setStyle(_ numbers: [Int]) {
    var numbers = numbers[...]
    if numbers.isEmpty { numbers = [0] }
    while let number = numbers.popFirst() {
      switch number {
      case 0: style = Style()
      case 1: style.isBold = true
      case 2: style.isDim = true
      case 4: style.isUnderlined = true
      case 7, 27: break
      case 22: (style.isBold, style.isDim) = (false, false)
      case 24: style.isUnderlined = false
      case 30...37, 90...97: style.color = "\(number)"
      case 38:
        let rest = numbers.prefix(numbers.first == 5 ? 2 : 4)
        numbers = numbers.dropFirst(rest.count)
        style.color = "38;" + rest.map(String.init).joined(separator: ";")
      case 39: style.color = nil
      case 49: break
      default: unknown.append("SGR \(number)")
      }
    }
  }
}
