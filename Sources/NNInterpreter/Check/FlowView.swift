import NNDiagnostics
import NNReport

/// What a checked script would do, in words: each flow with its stages, what every one needs and gives, rows, shapes, numbers of
/// parameters, files, and which flows run side by side.
struct FlowView {
  let plan: Plan
  let sources: SourceMap
  let given: Experiment

  /// Tasks that follow each other in the source and in one flow.
  private struct Strand {
    /// nil for the script's own flow.
    var name: String?
    var tasks: [Int]
  }

  var text: String {
    let strands = strands
    if strands.isEmpty { return "nothing to run" }
    return strands.map { strand in
      ([heading(strand, strands)] + strand.tasks.flatMap(lines)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private var strands: [Strand] {
    var strands: [Strand] = []
    for (index, task) in plan.tasks.enumerated() {
      let name = task.isOfScript ? nil : task.name ?? ""
      if case .task(let before) = task.start, before == index - 1, let last = strands.last, last.name == name
      {
        strands[strands.count - 1].tasks.append(index)
      } else {
        strands.append(Strand(name: name, tasks: [index]))
      }
    }
    return strands
  }

  // MARK: Flows

  private func heading(_ strand: Strand, _ all: [Strand]) -> String {
    guard let first = strand.tasks.first else { return "" }
    var words = [title(strand)]
    switch plan.tasks[first].start {
    case .given: break
    case .kept: words.append("from an earlier flow")
    case .task(let before):
      let from = plan.tasks[before].isOfScript ? nil : plan.tasks[before].name
      if strand.name == nil, from == nil { break }
      words.append("from \(from.map { "$\($0)" } ?? "the script")")
    }
    let others = all.filter { other in
      other.tasks != strand.tasks
        && other.tasks.contains { other in strand.tasks.contains { areFree($0, other) } }
    }
    var seen: Set<String> = []
    let titles = others.map(title).filter { seen.insert($0).inserted }
    if !titles.isEmpty { words.append("side by side with \(titles.joined(separator: ", "))") }
    return words.joined(separator: ", ")
  }

  private func title(_ strand: Strand) -> String { strand.name.map { "$\($0)" } ?? "the script" }

  /// Whether two tasks that take their time need nothing of each other.
  private func areFree(_ first: Int, _ second: Int) -> Bool {
    func takesTime(_ task: Int) -> Bool { plan.tasks[task].steps.contains { !$0.declaration.isSilent } }
    return takesTime(first) && takesTime(second) && !needs(max(first, second), min(first, second))
  }

  private func needs(_ task: Int, _ other: Int) -> Bool {
    var pending = [task]
    var seen: Set<Int> = []
    while let next = pending.popLast() {
      if next == other { return true }
      if next > other, seen.insert(next).inserted { pending += plan.tasks[next].needs }
    }
    return false
  }

  // MARK: Stages

  private func lines(_ index: Int) -> [String] {
    let task = plan.tasks[index]
    var before = experiment(at: task.start)
    var lines: [String] = []
    for step in task.steps {
      let after = step.after ?? before
      lines.append("  \(place(step.span))\(source(step.span))")
      lines += StageFacts(step: step, before: before, after: after).all.map { "      \($0)" }
      before = after
    }
    return lines
  }

  private func experiment(at start: Plan.Start) -> Experiment {
    switch start {
    case .given: given
    case .task(let index): plan.tasks[index].steps.last?.after ?? given
    case .kept(let future): future.experiment
    }
  }

  /// `3: `, with the file's name if it is an included one.
  private func place(_ span: Span) -> String {
    guard let file = sources.file(span) else { return "" }
    let line = file.lineNumber(of: span.start)
    return file.base == 0 ? "\(line): " : "\(file.name):\(line): "
  }

  /// The stage as it was written, on one line.
  private func source(_ span: Span) -> String {
    let words = sources.text(span).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return truncating(escapingControls(words), toWidth: 70)
  }
}
