import NN

/// What `:set` changes.
public struct ShellSettings: Sendable, Equatable {
  /// Colours while typing and in results.
  public var colors: Bool
  /// A line of help under what is typed.
  public var hints: Bool
  /// Long tables go through $PAGER.
  public var paging: Bool
  /// A bar while a fit runs.
  public var progress: Bool
  /// The time that each statement took.
  public var timing = false
  /// Worker threads; nil for the machine's cores.
  public var threads: Int?

  public init(
    colors: Bool = true, hints: Bool = true, paging: Bool = true, progress: Bool = true, threads: Int? = nil
  ) {
    (self.colors, self.hints, self.paging, self.progress) = (colors, hints, paging, progress)
    self.threads = threads
  }

  static let descriptions: [(name: String, help: String)] = [
    ("colors", "colours while typing and in results: on, off"),
    ("hints", "a line of help under what is typed: on, off"),
    ("paging", "tables longer than the screen go through $PAGER: on, off"),
    ("progress", "a bar while a fit runs: on, off"),
    ("timing", "tells how long each statement took: on, off"),
    ("threads", "worker threads: a number, or auto for the machine's cores"),
  ]

  private static let switches: [String: WritableKeyPath<ShellSettings, Bool> & Sendable] = [
    "colors": \.colors, "hints": \.hints, "paging": \.paging, "progress": \.progress, "timing": \.timing,
  ]

  /// The settings with their values.
  var text: String {
    let values = Self.descriptions.map { name, help -> (String, String, String) in
      let value: String =
        Self.switches[name].map { self[keyPath: $0] ? "on" : "off" } ?? threads.map { "\($0)" } ?? "auto"
      return (name, value, help)
    }
    return values.map { name, value, help in
      name + String(repeating: " ", count: 10 - name.count) + value
        + String(repeating: " ", count: 6 - value.count)
        + help
    }.joined(separator: "\n")
  }

  /// Changes one. - Returns: what is wrong with the words, if anything.
  mutating func set(_ words: String) -> String? {
    let parts = words.split { $0 == " " || $0 == "=" }.map(String.init)
    var name = parts.first ?? ""
    if ["color", "colour", "colours"].contains(name) { name = "colors" }
    guard Self.descriptions.contains(where: { $0.name == name }) else {
      let near = Spelling.nearest(to: name, in: Self.descriptions.map(\.name))
      return "there is no setting `\(escapingControls(name))`; "
        + (near.map { "did you mean `\($0)`?" } ?? "`:set` alone lists them")
    }
    guard parts.count == 2 else { return "write `:set \(name) VALUE`" }
    if let path = Self.switches[name] {
      switch parts[1] {
      case "on", "true", "yes": self[keyPath: path] = true
      case "off", "false", "no": self[keyPath: path] = false
      default: return "`\(name)` is on or off"
      }
    } else if parts[1] == "auto" {
      threads = nil
    } else if let count = Int(parts[1]), (1...1024).contains(count) {
      threads = count
    } else {
      return "`threads` is a whole number from 1 to 1024, or auto"
    }
    return nil
  }
}
