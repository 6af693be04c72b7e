/// A picture, described once as a value and set by back ends: ``svg(_:)``, ``png(_:)``, ``terminal(_:)``.
///
/// It holds what is shown, in the data's own numbers: nothing of pixels, colours or fonts. So every kind of picture is one
/// function that makes a `Picture`, and every back end sets all kinds.
public struct Picture: Sendable, Equatable {
  /// What it is, as a heading.
  public var title: String
  /// Which rows it is of, and what else one has to know to read it.
  public var subtitle: String
  public var panels: [Panel]
  /// What it shows, in words, for those who cannot see it.
  public var description: String

  public init(title: String, subtitle: String = "", panels: [Panel], description: String) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
    self.description = description
  }

  /// One of the pictures in a picture.
  public struct Panel: Sendable, Equatable {
    public var title: String
    public var content: Content

    public init(_ title: String = "", _ content: Content) {
      self.title = title
      self.content = content
    }
  }

  public enum Content: Sendable, Equatable {
    case chart(Chart)
    case bars(BarList)
    case grid(CellGrid)
    case network(NetworkDrawing)
    case parallel(ParallelAxes)
    /// Nothing to see, and why.
    case note(String)
  }
}

/// Numbers over numbers: lines, points, histograms.
public struct Chart: Sendable, Equatable {
  public var x: ChartAxis
  public var y: ChartAxis
  public var marks: [Mark]
  /// Both axes show the same range at the same scale, as where true and predicted values are compared.
  public var isSquare: Bool

  public init(x: ChartAxis, y: ChartAxis, marks: [Mark], isSquare: Bool = false) {
    self.x = x
    self.y = y
    self.marks = marks
    self.isSquare = isSquare
  }

  public enum Mark: Sendable, Equatable {
    /// Joined in order; what is not finite leaves a gap.
    case line(Series)
    /// One mark a point, or shades of squares where there are too many.
    case points(Series)
    /// As `line`, with a point at each value.
    case linePoints(Series)
    case histogram(Histogram)
    /// A line to compare with.
    case reference(Reference)
  }

  public struct Series: Sendable, Equatable {
    /// As the legend has it; nothing is no entry.
    public var name: String
    /// What stands behind the name there: the last value, an area.
    public var note: String
    public var x: [Double]
    public var y: [Double]
    /// Which of the colours, dashes and markers, from 0.
    public var slot: Int
    /// Drawn lighter, as one of many.
    public var isFaint: Bool

    public init(
      _ name: String, note: String = "", x: [Double], y: [Double], slot: Int = 0, isFaint: Bool = false
    ) {
      self.name = name
      self.note = note
      // What has no partner cannot be drawn.
      let count = min(x.count, y.count)
      self.x = Array(x.prefix(count))
      self.y = Array(y.prefix(count))
      self.slot = max(0, slot)
      self.isFaint = isFaint
    }
  }

  public struct Histogram: Sendable, Equatable {
    public var name: String
    /// Ascending, one more than counts.
    public var edges: [Double]
    public var counts: [Double]
    public var slot: Int

    public init(_ name: String, edges: [Double], counts: [Double], slot: Int = 0) {
      self.name = name
      self.edges = edges
      self.counts = Array(counts.prefix(max(0, edges.count - 1)))
      self.slot = max(0, slot)
    }
  }

  public enum Reference: Sendable, Equatable {
    /// y = x.
    case diagonal(String)
    case horizontal(Double, String)
    case vertical(Double, String)
  }
}

/// What an axis shows.
public struct ChartAxis: Sendable, Equatable {
  public enum Scale: Sendable, Equatable {
    case linear
    /// Logarithmic where all values are above zero and span more than two decades.
    case automatic
  }

  /// A name, with the unit where there is one.
  public var label: String
  public var scale: Scale
  /// What it shows, whatever the data's range; `nil` for the data's own.
  public var range: ClosedRange<Double>?
  /// Values that it shows beside those of the data.
  public var includes: [Double]
  /// The numbers are those of epochs: ticks stand at whole ones, and a terminal draws them as a learning curve.
  public var isEpochs: Bool
  /// The numbers count something: ticks stand at whole ones, and 0 is shown.
  public var isCount: Bool

  public init(
    _ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil, includes: [Double] = [],
    isEpochs: Bool = false, isCount: Bool = false
  ) {
    self.label = label
    self.scale = scale
    self.range = range
    self.includes = isCount ? includes + [0] : includes
    self.isEpochs = isEpochs
    self.isCount = isCount
  }
}

/// Lengths with names, from the top.
public struct BarList: Sendable, Equatable {
  public struct Bar: Sendable, Equatable {
    public var name: String
    public var value: Double
    /// The standard deviation over repeats, drawn as a whisker.
    public var spread: Double?

    public init(_ name: String, _ value: Double, spread: Double? = nil) {
      self.name = name
      self.value = value
      self.spread = spread
    }
  }

  /// What the lengths are.
  public var label: String
  public var bars: [Bar]

  public init(label: String, bars: [Bar]) {
    self.label = label
    self.bars = bars
  }
}

/// A table of shades with a text in each cell.
public struct CellGrid: Sendable, Equatable {
  public var rowTitle: String
  public var columnTitle: String
  public var rows: [String]
  public var columns: [String]
  /// `[row × column]`, each 0 to 1.
  public var shades: [Double]
  /// `[row × column]`; may be empty.
  public var texts: [String]
  /// What a shade means.
  public var key: String

  public init(
    rowTitle: String, columnTitle: String, rows: [String], columns: [String], shades: [Double],
    texts: [String], key: String
  ) {
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.rows = rows
    self.columns = columns
    self.shades = shades
    self.texts = texts
    self.key = key
  }

  func shade(_ row: Int, _ column: Int) -> Double {
    let place = row * columns.count + column
    guard shades.indices.contains(place), shades[place].isFinite else { return 0 }
    return min(max(shades[place], 0), 1)
  }

  func text(_ row: Int, _ column: Int) -> String {
    let place = row * columns.count + column
    return texts.indices.contains(place) ? texts[place] : ""
  }
}

/// The layers of a network, from its input.
public struct NetworkDrawing: Sendable, Equatable {
  public struct Layer: Sendable, Equatable {
    public var name: String
    /// An activation, a rate, a count.
    public var detail: String
    public var width: Int?
    public var parameters: Int?
    /// The layers in it: none, one run of them, or several side by side.
    public var branches: [[Layer]]
    /// What is inside is added to what comes in.
    public var isResidual: Bool

    public init(
      _ name: String, detail: String = "", width: Int?, parameters: Int?, branches: [[Layer]] = [],
      isResidual: Bool = false
    ) {
      self.name = name
      self.detail = detail
      self.width = width
      self.parameters = parameters
      self.branches = branches
      self.isResidual = isResidual
    }
  }

  public var layers: [Layer]

  public init(layers: [Layer]) { self.layers = layers }
}

/// A line a run over axes that stand side by side.
public struct ParallelAxes: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    public var name: String
    /// Names of the values 0, 1, 2 …, where they are no numbers.
    public var categories: [String]?
    public var isLogarithmic: Bool

    public init(_ name: String, categories: [String]? = nil, isLogarithmic: Bool = false) {
      self.name = name
      self.categories = categories
      self.isLogarithmic = isLogarithmic
    }
  }

  public struct Line: Sendable, Equatable {
    /// One a column; what is not finite leaves a gap.
    public var values: [Double]
    /// 0 for the worst, 1 for the best.
    public var rank: Double
    public var isBest: Bool

    public init(values: [Double], rank: Double, isBest: Bool = false) {
      self.values = values
      self.rank = rank
      self.isBest = isBest
    }
  }

  public var columns: [Column]
  public var lines: [Line]
  /// How the best is called.
  public var key: String

  public init(columns: [Column], lines: [Line], key: String) {
    self.columns = columns
    self.lines = lines
    self.key = key
  }
}
