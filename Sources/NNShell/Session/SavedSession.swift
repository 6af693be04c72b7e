import NN
import NNSyntax

/// A session as a script that ends with the same weights: the statements that worked, as they were typed, with what was decided by
/// chance or by the clock written into them: seeds that were drawn, and the steps of fits that were interrupted or whose time was up.
///
/// A seed that was drawn in the body of a definition goes into it, if all uses drew the same; else the definition gets one more
/// parameter, and every use its own value.
struct SavedSession {
  private struct Edit {
    var span: Span
    var text: String
  }

  /// A value that a place needs, and the uses of definitions around it.
  private struct Need {
    var places: [RunEvent.Place]
    var value: String
  }

  private let entries: [Journal.Entry]
  private var edits: [Edit] = []
  private var searches: [Int: StageSearch] = [:]
  /// Definitions that have been given a first parameter.
  private var widened: Set<Span> = []
  /// What cannot be written down, in words.
  private(set) var notes: [String] = []

  init(_ journal: Journal) {
    entries = journal.done
    if journal.forgotten > 0 {
      notes.append("the first \(counted(journal.forgotten, "statement")) are no longer known, and not in it")
    }
    for entry in entries { searches[entry.source.base] = StageSearch(entry.source) }
    writeSeeds()
    writeSteps()
  }

  /// The script; empty if nothing is worth saving.
  var text: String {
    let parts = entries.compactMap(text)
    return parts.isEmpty ? "" : parts.joined(separator: "\n") + "\n"
  }

  private func text(_ entry: Journal.Entry) -> String? {
    let source = entry.source
    let end = end(of: entry)
    var bytes = Array(source.bytes[..<(end.place - source.base)])
    let own = edits.filter { $0.span.start >= source.base && $0.span.end <= end.place }
    // Of two at one place the first stays in front.
    for edit in own.sorted(by: { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }).reversed() {
      bytes.replaceSubrange(
        edit.span.start - source.base..<edit.span.end - source.base, with: Array(edit.text.utf8))
    }
    var text = String(decoding: bytes, as: UTF8.self)
    let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
    while let last = text.last, blanks.contains(last) || end.isCut && (last == "|" || last == ";") {
      text.removeLast()
    }
    while let first = text.first, blanks.contains(first) { text.removeFirst() }
    text += end.saves.map { " | " + $0 }.joined()
    let isEmpty = parse(SourceFile(name: "", text: text)).script.statements.isEmpty
    return isEmpty && !text.hasPrefix("#") ? nil : text
  }

  // MARK: Where a statement ended

  /// The place up to which a statement worked, and what was saved behind it all the same.
  private func end(of entry: Journal.Entry) -> (place: Int, isCut: Bool, saves: [String]) {
    let source = entry.source
    let whole = (place: source.end, isCut: false, saves: [String]())
    guard let search = searches[source.base] else { return whole }
    switch entry.ending {
    case .done: return whole
    case .failed(let diagnostic):
      if let fit = entry.fits.last, fit.reason == "nan" || fit.reason == "callback",
        let stage = outermost(fit, in: source, search)
      {
        return (stage.stage.span.end, true, [])
      }
      let spans = [(diagnostic.source, diagnostic.span)] + diagnostic.notes.map { ($0.source, $0.span) }
      for case (let file?, let span?) in spans where file.base == source.base && span.end <= source.end {
        // The outermost stage around the mistake, in which a body may have begun.
        guard
          let stage = search.all.first(where: {
            $0.stage.span.start <= span.start && span.end <= $0.stage.span.end
          })
        else { continue }
        return (stage.stage.span.start, true, [])
      }
      return (source.base, true, [])
    case .interrupted:
      let cut = entry.fits.filter { $0.reason == "interrupted" }.compactMap {
        outermost($0, in: source, search)
      }
      guard let last = cut.max(by: { $0.stage.span.end < $1.stage.span.end }) else { return whole }
      let behind = last.flow.stages.filter { $0.span.start > last.stage.span.start && $0.name.text == "save" }
      return (last.stage.span.end, true, behind.map { source.text($0.span) })
    }
  }

  /// The stage of the statement itself in which a fit ran.
  private func outermost(_ fit: FitReport, in source: SourceFile, _ search: StageSearch) -> StageSearch.Found?
  {
    fit.places.last { $0.source.base == source.base }.flatMap { search.stage(at: $0.span) }
  }

  // MARK: Seeds

  private mutating func writeSeeds() {
    let fits = entries.flatMap(\.fits).filter { fit in
      guard let place = fit.places.first else { return false }
      guard let stage = searches[place.source.base]?.stage(at: place.span) else {
        if fit.seedIsDrawn {
          notes.append(
            "a fit in \(escapingControls(place.source.name)) drew the seed \(fit.seed), which is not written there"
          )
        }
        return false
      }
      return stage.stage.argument("seed") == nil
    }
    var drawn: Set<Span> = []
    for fit in fits where fit.seedIsDrawn { if let place = fit.places.first { drawn.insert(place.span) } }
    // A fit that goes on keeps the seed that there is, and may as well be told it.
    let needs = fits.filter { fit in fit.places.first.map { drawn.contains($0.span) } ?? false }
      .map { Need(places: $0.places, value: "\($0.seed)") }
    write("seed", needs)
  }

  private mutating func write(_ name: String, _ needs: [Need]) {
    let groups = Dictionary(grouping: needs) { $0.places.first?.span ?? Span(0, 0) }
    for (span, group) in groups.sorted(by: { $0.key.start < $1.key.start }) {
      guard let place = group.first?.places.first, let search = searches[place.source.base],
        let found = search.stage(at: span)
      else {
        notes.append(
          "a \(name) in \(escapingControls(group.first?.places.first?.source.name ?? "a file")) is not written there"
        )
        continue
      }
      let values = Set(group.map(\.value))
      if values.count == 1, let value = values.first {
        insert(" \(name)=\(value)", at: found.stage.argumentsEnd)
        continue
      }
      guard let definition = found.definition, group.allSatisfy({ $0.places.count > 1 }) else {
        notes.append("`\(found.stage.name.text)` ran several times, with other seeds each")
        continue
      }
      let formal = freeName(name, in: definition, search)
      let isFirst = definition.formals.isEmpty && widened.insert(definition.span).inserted
      insert("\(isFirst ? "" : ", ")\(formal)=0", at: parenthesis(of: definition, place.source))
      insert(" \(name)=$\(formal)", at: found.stage.argumentsEnd)
      write(formal, group.map { Need(places: Array($0.places.dropFirst()), value: $0.value) })
    }
  }

  private mutating func insert(_ text: String, at place: Int) {
    edits.append(Edit(span: Span(place, place), text: text))
  }

  /// The place in front of the `)` that ends a definition's parameters.
  private func parenthesis(of definition: Definition, _ source: SourceFile) -> Int {
    let from = definition.formals.last?.span.end ?? definition.name.span.end
    for place in from..<max(definition.span.end, from) where source.byte(at: place) == UInt8(ascii: ")") {
      return place
    }
    return from
  }

  private func freeName(_ name: String, in definition: Definition, _ search: StageSearch) -> String {
    var taken = search.names
    for edit in edits where definition.span.start <= edit.span.start && edit.span.end <= definition.span.end {
      taken.formUnion(edit.text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    }
    if !taken.contains(name) { return name }
    return (2...).lazy.map { "\(name)\($0)" }.first { !taken.contains($0) } ?? name
  }

  // MARK: Steps

  /// What the clock, the user or a loss that was no number ended.
  private mutating func writeSteps() {
    for fit in entries.flatMap(\.fits) {
      guard let place = fit.places.first,
        let stage = searches[place.source.base]?.stage(at: place.span)?.stage
      else { continue }
      switch fit.reason {
      case "interrupted", "budget":
        guard fit.run == nil, fit.places.count == 1 else {
          notes.append(
            "a fit within others ended after \(counted(fit.steps, "step")), which is not written down")
          continue
        }
        for name in ["budget", "steps"] {
          if let span = stage.argument(name) { edits.append(Edit(span: span, text: "")) }
        }
        insert(" steps=\(fit.steps)", at: stage.argumentsEnd)
      case "nan":
        if let callbacks = stage.argument("callbacks"),
          let text = place.source.text(callbacks).firstIndex(of: "[")
        {
          let whole = place.source.text(callbacks)
          let offset = whole[...text].utf8.count
          if whole.contains("terminate_on_nan") { continue }
          insert("terminate_on_nan, ", at: callbacks.start + offset)
        } else if stage.argument("callbacks") == nil {
          insert(" callbacks=[terminate_on_nan]", at: stage.argumentsEnd)
        }
      default: break
      }
    }
  }
}
