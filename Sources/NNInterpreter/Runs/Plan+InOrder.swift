import NNDiagnostics

extension Plan {
  /// Runs its tasks one after another.
  func runInOrder(
    from start: Experiment, _ context: RunContext
  ) -> (experiment: Experiment, failure: Diagnostic?) {
    var ends: [Int: Experiment] = [:]
    func experiment(at place: Start) -> Experiment {
      switch place {
      case .given: start
      case .task(let index): ends[index] ?? start
      case .kept(let future): future.experiment
      }
    }
    for (future, end) in futures {
      if case .task = end { continue }
      future.fulfil(experiment(at: end))
    }
    var failure: Diagnostic?
    let fitsBefore = context.fitCount
    for (index, task) in tasks.enumerated() {
      context.fitCount = fitsBefore + task.fitsBefore
      let outcome = task.run(on: experiment(at: task.start), context, isEnding: failure != nil)
      ends[index] = outcome.experiment
      for case (let future, .task(index)) in futures { future.fulfil(outcome.experiment) }
      switch outcome.ending {
      case .done: break
      case .postponed(let diagnostic): failure = failure ?? diagnostic
      case .failed(let diagnostic):
        return (task.isOfScript ? outcome.experiment : experiment(at: end), failure ?? diagnostic)
      }
    }
    return (experiment(at: end), failure)
  }
}
