/// Where each character of a line stands on a terminal, by the rules that readline draws it with: a wide character that does not
/// fit goes to the next row, control characters are `^X`, tabs end at every eighth column, a line end begins a row.
public struct LineLayout: Sendable, Equatable {
  public struct Place: Sendable, Equatable {
    public var row: Int
    public var column: Int
  }

  /// The place of each byte of the text (those within a character have its place), and of the end. Rows count from the row that
  /// the prompt begins on.
  public private(set) var places: [Place] = []
  public var start: Place { places.first ?? Place(row: 0, column: 0) }
  public var end: Place { places.last ?? start }

  /// - Parameters:
  ///   - prompt: columns of the prompt before the text.
  ///   - width: columns of a row.
  ///   - columns: how many columns a character takes.
  public init(prompt: Int, text: [UInt8], width: Int, columns: (Unicode.Scalar) -> Int) {
    let width = max(width, 2)
    var row = prompt / width
    var column = prompt % width
    func advance(_ count: Int) {
      for _ in 0..<count {
        column += 1
        if column >= width {
          row += 1
          column = 0
        }
      }
    }
    places.reserveCapacity(text.count + 1)
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      let bytes = UTF8.width(scalar)
      var size = 0
      switch scalar.value {
      case 0x0A: break
      case 0x09: size = 8 - column % 8
      case 0..<0x20, 0x7F: size = 2
      default:
        size = max(columns(scalar), 0)
        if size > 1, column + size > width { advance(width - column) }
      }
      for _ in 0..<bytes { places.append(Place(row: row, column: column)) }
      if scalar.value == 0x0A {
        row += 1
        column = 0
      } else {
        advance(size)
      }
    }
    places.append(Place(row: row, column: column))
  }
}
