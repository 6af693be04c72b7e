/// A page of headings, facts, tables and pictures, described as a value and set as one HTML file: no scripts, no requests, readable on
/// a telephone and on a desk, in light and in dark.
public struct ReportPage: Sendable, Equatable {
  public struct Section: Sendable, Equatable {
    public var title: String
    public var blocks: [Block]

    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  public enum Block: Sendable, Equatable {
    case text(String)
    /// Names with values.
    case facts([Fact])
    case table(Table)
    case picture(Picture)
    /// As it is written.
    case code(String)
    /// What stands below a heading of its own, folded away until it is asked for.
    case details(String, [Block])
  }

  public struct Fact: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public struct Table: Sendable, Equatable {
    public var caption: String
    public var headers: [String]
    public var rows: [[String]]
    /// Columns, from 0, whose cells stand at their right.
    public var numeric: Set<Int>

    public init(_ caption: String, headers: [String], rows: [[String]], numeric: Set<Int> = []) {
      self.caption = caption
      self.headers = headers
      self.rows = rows
      self.numeric = numeric
    }
  }

  public var title: String
  /// The page in a sentence or two.
  public var lead: String
  /// The numbers that count, above everything else.
  public var headlines: [Fact]
  public var sections: [Section]
  /// The last line: what made it.
  public var footer: String

  public init(title: String, lead: String, headlines: [Fact] = [], sections: [Section], footer: String) {
    self.title = title
    self.lead = lead
    self.headlines = headlines
    self.sections = sections
    self.footer = footer
  }

  /// The whole file; the same page gives the same bytes.
  public func html(theme: Theme = .auto) -> String { ReportSetting(page: self, theme: theme).html() }
}
