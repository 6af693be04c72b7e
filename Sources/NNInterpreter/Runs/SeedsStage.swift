import NNData
import NNDiagnostics
import NNEngine

/// `seeds 10 { … }`: runs its body once for each of so many seeds.
struct SeedsStage: ManyRunsStage {
  static let declaration = StageDeclaration(
    "seeds", "runs its body with one seed after another, to tell luck from skill",
    options: [
      OptionDeclaration(
        "count", .integer(1...SweepVariable.mostRuns), positional: true, required: true, "how many seeds"),
      OptionDeclaration(
        "seed", .integer(0...(1 << 53)), default: .integer(0), "the first of them"),
    ] + keepingOptions,
    tail: .body, trains: true, streams: true)

  let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  static func drafts(
    _ bound: BoundStage, _ variables: [SweepVariable], _ experiment: Experiment, _ context: CheckContext
  ) -> [RunDraft]? {
    let first = bound.arguments.integer("seed", or: 0)
    return (0..<bound.arguments.integer("count", or: 1)).map { index in
      let seed = first + index
      return RunDraft(
        settings: [Runs.Setting(name: "seed", text: "\(seed)", number: Double(seed))],
        bindings: [("seed", .number(Double(seed)))], seed: UInt64(seed), head: "seeds 1 seed=\(seed)")
    }
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}
}
