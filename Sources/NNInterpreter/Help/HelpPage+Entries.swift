extension HelpPage {
  /// The page of one name of the catalog.
  public init(_ entry: any Declaration, in group: HelpGroup) {
    var parts: [Part] = [.paragraph(Self.sentence(entry))]
    parts.append(.usage(Self.usage(entry, in: group)))
    let positional = entry.positionalOptions.map { "`\($0.name)`" }
    if !entry.options.isEmpty {
      parts.append(.heading("Options"))
      parts.append(.rows(entry.options.map(Self.row)))
    }
    if positional.count > 1 {
      parts.append(
        .paragraph("\(OptionType.list(of: positional)) may stand without their names, in this order."))
    } else if let only = positional.first {
      parts.append(.paragraph("\(only) may stand without its name."))
    }
    if !entry.exclusive.isEmpty {
      let groups = entry.exclusive.map { OptionType.list(of: $0.map { "`\($0)`" }) }
      parts.append(.paragraph("At most one can be given of \(groups.joined(separator: "; of "))."))
    }
    let examples = Catalog.examples(of: entry, in: group)
    if !examples.isEmpty {
      parts.append(.heading(examples.count == 1 ? "Example" : "Examples"))
      parts += examples.map(Part.code)
    }
    self.init(Self.title(of: entry.name, in: group), parts, seeAlso: Self.related(entry, in: group))
  }

  static func title(of name: String, in group: HelpGroup) -> String { "`\(name)`, \(group.one)" }

  private static func sentence(_ entry: any Declaration) -> String {
    var text = entry.summary.prefix(1).uppercased() + entry.summary.dropFirst() + "."
    // A formula keeps its letter.
    if entry.summary.contains("(") || entry.summary.hasPrefix("x ") { text = entry.summary + "." }
    if let metric = entry as? MetricEntry, let direction = metric.direction {
      text += direction == .maximize ? " More is better." : " Less is better."
    }
    if !entry.aliases.isEmpty {
      text += " Also called \(OptionType.list(of: entry.aliases.map { "`\($0)`" }))."
    }
    return text
  }

  /// How it is written, in short.
  private static func usage(_ entry: any Declaration, in group: HelpGroup) -> String {
    let positional = entry.positionalOptions.map { option in
      let name = option.name.uppercased() + (option.isVariadic ? "…" : "")
      return option.isRequired ? name : "[\(name)]"
    }
    let required = entry.options.filter { $0.isRequired && !$0.isPositional }.map { "\($0.name)=…" }
    let hasOthers = entry.options.contains { !$0.isPositional && !$0.isRequired }
    if group.kind != nil {
      let inside = (positional + required + (hasOthers ? ["option=…"] : [])).joined(separator: ", ")
      return inside.isEmpty ? entry.name : "\(entry.name)  or  \(entry.name)(\(inside))"
    }
    var tail: [String] = []
    if let layer = entry as? LayerEntry, layer.takesBlock { tail = ["< … >"] }
    if let stage = entry as? StageDeclaration {
      switch stage.tail {
      case .block: tail = ["[< layers >]"]
      case .condition: tail = ["NAME < VALUE"]
      case .body: tail = (stage.name == "sweep" ? ["NAME=[VALUE, …]"] : []) + ["{ stages }"]
      default: break
      }
    }
    return ([entry.name] + positional + required + (hasOthers ? ["[option=…]"] : []) + tail).joined(
      separator: " ")
  }

  private static func row(_ option: OptionDeclaration) -> Row {
    var name = option.name
    if let value = option.defaultValue { name += "=" + value.spelling }
    var text = "\(option.help); \(option.type.expectation)"
    if option.isRequired { text += "; must be given" }
    if !option.aliases.isEmpty { text += "; also \(OptionType.list(of: option.aliases.map { "`\($0)`" }))" }
    return Row(name, text)
  }

  private static func related(_ entry: any Declaration, in group: HelpGroup) -> [String] {
    var names = [group.name]
    for kind in entry.options.compactMap({ $0.type.componentKind }) where !names.contains(kind.plural) {
      names.append(kind.plural)
    }
    return names
  }
}

extension OptionType {
  static func list(of names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension BoundValue {
  /// The value as it is written in a script.
  var spelling: String {
    switch self {
    case .none: "none"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): describeNumber(value)
    case .duration(let value): describeNumber(value) + "s"
    case .text(let text): text.isEmpty ? "\"\"" : text
    case .component(let component): component.name
    case .list(let entries): "[" + entries.map(\.value.spelling).joined(separator: ", ") + "]"
    }
  }
}
