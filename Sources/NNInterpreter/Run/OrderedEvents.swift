import Synchronization

/// Brings the events of tasks that run side by side into the source's order: the first task that has not ended is heard as it
/// goes, the others' events wait until everything in front of them is told. An observer so hears what a run of one task after
/// another would have told it, one event at a time.
final class OrderedEvents: Sendable {
  private struct State {
    /// The first task that has not ended.
    var front = 0
    /// The front task speaks for itself; else what it said before is being told.
    var isLive = true
    var waiting: [Int: [RunEvent]] = [:]
    var ended: Set<Int> = []
    var muted: Set<Int> = []
  }

  private let state = Mutex(State())
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  /// The observer that a task's events go to.
  func observer(of task: Int) -> any RunObserver { TaskObserver(events: self, task: task) }

  fileprivate func tell(_ event: RunEvent, from task: Int) {
    let isLive = state.withLock { state in
      if state.muted.contains(task) { return false }
      if task == state.front, state.isLive { return true }
      // How far a step has come is of no interest afterwards.
      switch event {
      case .step, .runsProgress: return false
      default: break
      }
      state.waiting[task, default: []].append(event)
      return false
    }
    if isLive { observer.observe(event) }
  }

  /// A task says no more.
  func end(_ task: Int) {
    let isFront = state.withLock { state in
      state.ended.insert(task)
      guard task == state.front, state.isLive else { return false }
      state.isLive = false
      return true
    }
    if isFront { advance() }
  }

  /// Tasks are no longer heard, nor what they said that was not told yet.
  func mute(_ tasks: some Sequence<Int>) {
    state.withLock { state in
      for task in tasks {
        state.muted.insert(task)
        state.waiting[task] = nil
      }
    }
  }

  /// Tells what waits, until a task that has not ended is to be heard as it goes.
  private func advance() {
    while true {
      let batch: [RunEvent]? = state.withLock { state in
        if let waiting = state.waiting.removeValue(forKey: state.front), !waiting.isEmpty { return waiting }
        if state.ended.remove(state.front) != nil {
          state.muted.remove(state.front)
          state.front += 1
          return []
        }
        state.isLive = true
        return nil
      }
      guard let batch else { return }
      for event in batch { observer.observe(event) }
    }
  }
}

private struct TaskObserver: RunObserver {
  let events: OrderedEvents
  let task: Int

  func observe(_ event: RunEvent) { events.tell(event, from: task) }
}
