import NNData
import NNDiagnostics

/// What `nn help TOPIC` shows: everything from the catalog and from the explanations.
public enum Help {
  /// A topic that there is none of.
  public struct UnknownTopic: Error {
    public var message: String
    /// The way out, if one can be guessed.
    public var advice: String
  }

  /// The first page.
  public static var overview: HelpPage {
    HelpPage(
      "nn, a language for training dense networks on tables",
      [
        .paragraph(
          "A script is a pipeline: each stage takes the experiment from its left and gives it on to its right. `|`, `;` and a new line mean “and then”."
        ),
        .code(
          "data iris.csv target=species | split test=20% seed=1 | scale standard\nmodel < dense 8 relu; output >\nfit epochs=20 seed=1 | evaluate"
        ),
        .heading("Stages"),
        .rows(Catalog.stages.map { HelpPage.Row($0.declaration.name, $0.declaration.summary) }),
        .heading("More"),
        .rows(
          HelpGroup.all.dropFirst().map { group in
            HelpPage.Row("nn help \(group.name)", names(of: group))
          } + [
            HelpPage.Row("nn help NAME", "a stage, a layer, or anything else with a name: `nn help dense`"),
            HelpPage.Row("nn help diagnostics", "all errors and warnings; `nn explain E0203` tells of one"),
            HelpPage.Row("nn --help", "the program's own options"),
          ]),
      ])
  }

  private static func names(of group: HelpGroup) -> String {
    let shown = group.entries.prefix(6).map(\.name)
    return shown.joined(separator: ", ") + (group.entries.count > shown.count ? ", …" : "")
  }

  /// The pages of a topic: a group, a name (which may be that of several things) or a code.
  public static func pages(for topic: String) throws(UnknownTopic) -> [HelpPage] {
    let word = topic.lowercased()
    if let group = HelpGroup.all.first(where: {
      $0.name == word || $0.kind?.rawValue == word || $0.name == word + "s"
    }) {
      return [group.page] + pages(named: topic)
    }
    if word == "diagnostics" || word == "errors" || word == "warnings" { return [diagnostics] }
    if let explanation = Explanation.of(topic) { return [explanation.page] }
    let named = pages(named: topic)
    if !named.isEmpty { return named }
    throw unknown(topic)
  }

  /// What the catalog has of a name, stages and layers first. Spellings that differ in case or in `_` are one.
  private static func pages(named topic: String) -> [HelpPage] {
    func pages(_ matches: (any Declaration) -> Bool) -> [HelpPage] {
      HelpGroup.all.flatMap { group in group.entries.filter(matches).map { HelpPage($0, in: group) } }
    }
    let exact = pages { $0.isNamed(topic) }
    if !exact.isEmpty { return exact }
    let plain = Elsewhere.plain(topic)
    return pages { entry in ([entry.name] + entry.aliases).contains { Elsewhere.plain($0) == plain } }
  }

  private static func unknown(_ topic: String) -> UnknownTopic {
    let message = "there is no help on `\(shown(topic))`"
    let topics = HelpGroup.all.map(\.name) + ["diagnostics"]
    let names = HelpGroup.all.flatMap { $0.entries.flatMap { [$0.name] + $0.aliases } }
    if let near = Spelling.nearest(to: topic, in: topics + names) {
      return UnknownTopic(message: message, advice: "did you mean `\(near)`?")
    }
    if let stage = Elsewhere.stage(for: topic) {
      return UnknownTopic(message: message, advice: "`\(stage)` does that here")
    }
    if let owner = ownerOfOption(topic) {
      return UnknownTopic(message: message, advice: "it is an option of `\(owner)`: nn help \(owner)")
    }
    return UnknownTopic(message: message, advice: "`nn help` lists what there is")
  }

  private static func ownerOfOption(_ name: String) -> String? {
    HelpGroup.all.flatMap(\.entries).first { $0.option(named: name) != nil }?.name
  }

  /// All codes with what they mean.
  public static var diagnostics: HelpPage {
    HelpPage(
      "Errors and warnings",
      [
        .paragraph(
          "Every mistake has a code. Its hundred says what found it: E01 the text, E02 names and options, E03 the flow of stages, E04 files and columns, E05 the command line, E10 the run itself, with status 1; W for warnings."
        ),
        .rows(Explanation.all.map { HelpPage.Row($0.code, $0.title) }),
      ])
  }

  /// Everything that can be asked for, for completion.
  public static var topics: [String] {
    var seen: Set<String> = []
    return (HelpGroup.all.map(\.name) + ["diagnostics"] + HelpGroup.all.flatMap { $0.entries.map(\.name) })
      .filter { seen.insert($0).inserted }
  }
}

extension HelpGroup {
  /// The list of what there is.
  var page: HelpPage {
    HelpPage(
      name.prefix(1).uppercased() + name.dropFirst(),
      [.paragraph(introduction), .rows(entries.map { HelpPage.Row($0.name, $0.summary) })],
      seeAlso: ["NAME for one of them"])
  }
}

extension Explanation {
  /// What `nn explain` shows.
  public var page: HelpPage {
    var parts: [HelpPage.Part] = [.paragraph(text)]
    for (name, content) in files.sorted(by: { $0.key < $1.key }) {
      parts += [.heading("With \(name)"), .code(Self.shortened(content))]
    }
    let command = arguments.isEmpty ? "" : ", run with `\(arguments.joined(separator: " "))`"
    if let wrong { parts += [.heading("Wrong" + command), .code(Self.shortened(wrong))] }
    if let right { parts += [.heading("Right" + command), .code(right)] }
    return HelpPage("\(code): \(title)", parts)
  }

  /// Long texts with their middle left out.
  private static func shortened(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      line.count <= 160 ? String(line) : line.prefix(60) + " … " + line.suffix(40)
    }
    if lines.count > 8 { lines = Array(lines.prefix(4)) + ["…"] + Array(lines.suffix(2)) }
    return lines.joined(separator: "\n")
  }
}
