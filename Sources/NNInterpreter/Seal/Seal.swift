import NNData
import NNEngine

/// What a sealed fit was: enough to train again and to tell from which epoch on the bits are others.
public struct Seal: Sendable, Equatable {
  /// A script, or a line of a session.
  public struct Part: Sendable, Equatable {
    public var name: String
    public var text: String
    /// `--set`, in the order in which they were given.
    public var settings: [Setting]
  }

  public struct Setting: Sendable, Equatable {
    public var name: String
    public var value: String
  }

  public struct File: Sendable, Equatable {
    public var path: String
    /// SHA-256 of its bytes, as `sha256sum` prints it.
    public var sha256: String
  }

  public struct Epoch: Sendable, Equatable {
    public var epoch: Int
    public var loss: Double
    /// The digest of the weights behind it.
    public var weights: String
  }

  /// The version of nn that trained it, and the processor's instructions.
  public var version: String
  public var instructions: String
  /// What was run, the fit's own text last.
  public var script: [Part]
  public var includes: [String: String]
  public var files: [File]
  /// The fit's number, counted over all of `script`.
  public var fit: Int
  var fits: [Int: Lineage.Fit]
  var draws: [Int: UInt64]
  /// How many rows trained and were watched, and a print of what the network was given of them.
  public var trainingRows: String
  public var validationRows: String?
  /// The digest of the weights before the first step.
  public var start: String
  public var epochs: [Epoch]
  /// Why it ended, as ``RunEvent/FitStopped`` has it.
  public var reason: String
  public var steps: Int
  /// The digest of the weights after the last step.
  public var trained: String
  /// The digest of the weights that are kept: those, or the best epoch's.
  public var weights: String

  /// A clock or a person ended it, which a second run does by its number of steps.
  var isCutShort: Bool { Self.cuts.contains(reason) }

  static let cuts: Set<String> = ["budget", "interrupted", "steps"]
}

// MARK: The file

extension Seal {
  private static let format = 1
  /// The longest file that is read: ten million epochs and more.
  static let sizeLimit = 1 << 30

  /// JSON with a line for each member and each epoch, so that a person can read it and compare two.
  var text: String {
    var members: [(String, JSONValue)] = [
      ("format", .string("nn-seal")), ("version", .integer(Self.format)), ("nn", .string(version)),
      ("instructions", .string(instructions)),
      (
        "script",
        .array(
          script.map { part in
            .object([
              "name": .string(part.name), "text": .string(part.text),
              "settings": .object(part.settings.map { JSONValue.Member($0.name, .string($0.value)) }),
            ])
          })
      ),
      (
        "includes",
        .object(includes.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) })
      ),
      (
        "files",
        .array(files.map { .object(["path": .string($0.path), "sha256": .string($0.sha256)]) })
      ),
      ("fit", .integer(fit)),
      (
        "fits",
        .array(
          fits.sorted { $0.key < $1.key }.map { number, fit in
            .object([
              "fit": .integer(number), "seed": .integer(fit.seed), "steps": fit.steps.map { .integer($0) },
            ])
          })
      ),
    ]
    if !draws.isEmpty {
      members.append(
        (
          "draws",
          .array(
            draws.sorted { $0.key < $1.key }.map {
              .object(["place": .integer($0.key), "seed": .integer($0.value)])
            }
          )
        ))
    }
    members += [
      (
        "rows",
        .object(["training": .string(trainingRows), "validation": validationRows.map { .string($0) }])
      ),
      ("start", .string(start)),
    ]
    let epochLines = epochs.map { epoch in
      JSONValue.object([
        "epoch": .integer(epoch.epoch), "loss": .double(epoch.loss), "weights": .string(epoch.weights),
      ]).text()
    }
    let end = JSONValue.object([
      "reason": .string(reason), "steps": .integer(steps), "trained": .string(trained),
      "weights": .string(weights),
    ])
    let lines =
      members.map { "\(JSONValue.string($0.0).text()):\($0.1.text())" }
      + ["\"epochs\":[" + (epochLines.isEmpty ? "]" : "\n" + epochLines.joined(separator: ",\n") + "]")]
      + ["\"end\":\(end.text())"]
    return "{" + lines.joined(separator: ",\n") + "}\n"
  }

  func write(to path: String) throws(DataError) {
    let path = expandingTilde(path)
    try makeFolders(above: path)
    let file = try AtomicFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  /// Reads a seal, of which nothing is believed.
  init(path: String) throws(Found) {
    let bytes: [UInt8]
    do throws(DataError) {
      bytes = try readFile(path: expandingTilde(path), limit: Self.sizeLimit)
    } catch {
      throw Found(SealProblem.unreadable(error))
    }
    guard let json = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self), depthLimit: 16),
      json["format"]?.string == "nn-seal"
    else { throw Found(SealProblem.notASeal(path)) }
    if let version = json["version"]?.int, version > Self.format {
      throw Found(SealProblem.newer(path, version: version))
    }
    do throws(JSONError) {
      try self.init(json)
    } catch {
      throw Found(SealProblem.damaged(path, "\(error)"))
    }
  }

  private init(_ json: JSONValue) throws(JSONError) {
    version = try json.need("nn", "", "a string", \.string)
    instructions = try json.need("instructions", "", "a string", \.string)
    script = []
    for (index, value) in try json.need("script", "", "an array that is not empty", Self.filled).enumerated()
    {
      let place = "script[\(index)]"
      script.append(
        Part(
          name: try value.need("name", place, "a string", \.string),
          text: try value.need("text", place, "a string", \.string),
          settings: try value.need("settings", place, "an object of strings", Self.texts)
            .map { Setting(name: $0.name, value: $0.text) }))
    }
    includes = [:]
    for (name, text) in try json.need("includes", "", "an object of strings", Self.texts) {
      includes[name] = text
    }
    files = []
    for (index, value) in try json.need("files", "", "an array", \.array).enumerated() {
      files.append(
        File(
          path: try value.need("path", "files[\(index)]", "a string", \.string),
          sha256: try value.need("sha256", "files[\(index)]", "64 hexadecimal digits") { Self.hex($0, 64) }))
    }
    fit = try json.need("fit", "", "a number from 1", Self.count)
    fits = [:]
    for (index, value) in try json.need("fits", "", "an array", \.array).enumerated() {
      let place = "fits[\(index)]"
      fits[try value.need("fit", place, "a number from 1", Self.count)] = Lineage.Fit(
        seed: try value.need("seed", place, "a whole number", \.uint64),
        steps: try value.take("steps", place, "a whole number", Self.natural))
    }
    draws = [:]
    for (index, value) in (try json.take("draws", "", "an array", \.array) ?? []).enumerated() {
      draws[try value.need("place", "draws[\(index)]", "a whole number", Self.natural)] =
        try value.need("seed", "draws[\(index)]", "a whole number", \.uint64)
    }
    let rows = try json.need("rows", "", "an object") { $0.members == nil ? nil : $0 }
    trainingRows = try rows.need("training", "rows", "a string", \.string)
    validationRows = try rows.take("validation", "rows", "a string", \.string)
    start = try json.need("start", "", "a digest", Self.digest)
    epochs = []
    for (index, value) in try json.need("epochs", "", "an array", \.array).enumerated() {
      let place = "epochs[\(index)]"
      epochs.append(
        Epoch(
          epoch: try value.need("epoch", place, "a number from 1", Self.count),
          loss: try value.need("loss", place, "a number", \.double),
          weights: try value.need("weights", place, "a digest", Self.digest)))
    }
    let end = try json.need("end", "", "an object") { $0.members == nil ? nil : $0 }
    reason = try end.need("reason", "end", "a string", \.string)
    steps = try end.need("steps", "end", "a whole number", Self.natural)
    trained = try end.need("trained", "end", "a digest", Self.digest)
    weights = try end.need("weights", "end", "a digest", Self.digest)
  }

  private static func filled(_ value: JSONValue) -> [JSONValue]? {
    value.array.flatMap { $0.isEmpty ? nil : $0 }
  }
  private static func count(_ value: JSONValue) -> Int? { value.int.flatMap { $0 > 0 ? $0 : nil } }
  private static func natural(_ value: JSONValue) -> Int? { value.int.flatMap { $0 >= 0 ? $0 : nil } }
  private static func digest(_ value: JSONValue) -> String? { hex(value, 16) }
  private static func hex(_ value: JSONValue, _ count: Int) -> String? {
    value.string.flatMap { text in
      let isHex = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
      return isHex && text.utf8.count == count ? text : nil
    }
  }
  private static func texts(_ value: JSONValue) -> [(name: String, text: String)]? {
    guard let members = value.members else { return nil }
    let texts = members.compactMap { member in member.value.string.map { (name: member.name, text: $0) } }
    return texts.count == members.count ? texts : nil
  }
}
