import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Threads that go through the stages of a short job together: a step of some microseconds leaves no time to hand over each of its
/// parts.
///
/// A job has lanes, each of which has a task in every stage. A thread that comes takes a lane and keeps it, for its data are in
/// that thread's cache, and begins a stage when all lanes are through the one before. A lane that nobody has come for when another is
/// through the first stage goes to the thread of that one, so a helper that gets no core holds nobody up.
final class Team: Sendable {
  /// Does a lane's task of a stage.
  typealias Task = @convention(c) (_ context: UnsafeRawPointer, _ stage: Int, _ lane: Int) -> Void

  static let mostLanes = 16
  private static let free = -1

  /// For each lane `free`, or the stages that it is through.
  private let progress = SpacedCounters(count: Team.mostLanes)

  /// Runs the stages of each lane, on `lanes` threads at most.
  func run(stages: Int, lanes: Int, context: UnsafeRawPointer, _ function: Task) {
    for lane in 0..<lanes { progress.at(lane).pointee.store(Team.free, ordering: .relaxed) }
    var job = Job(
      team: Unmanaged.passUnretained(self), stages: stages, lanes: lanes, context: context, function: function
    )
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: lanes, count: lanes, context: pointer) { raw, lane in
        // SAFETY: the context is the job above, which outlives the run, as does its team.
        let job = raw.assumingMemoryBound(to: Job.self)
        job.pointee.team._withUnsafeGuaranteedRef { $0.takePart(in: job, with: lane) }
      }
    }
  }

  private struct Job {
    let team: Unmanaged<Team>
    let stages: Int
    let lanes: Int
    let context: UnsafeRawPointer
    let function: Task
  }

  private func takePart(in job: UnsafePointer<Job>, with lane: Int) {
    guard takes(lane) else { return }
    let lanes = job.pointee.lanes
    var mine: UInt32 = 1 << UInt32(lane)
    for stage in 0..<job.pointee.stages {
      for lane in 0..<lanes where mine & 1 << UInt32(lane) != 0 { run(stage, lane, job) }
      for lane in 0..<lanes where stage == 0 && takes(lane) {
        mine |= 1 << UInt32(lane)
        run(stage, lane, job)
      }
      guard stage + 1 < job.pointee.stages else { return }
      for lane in 0..<lanes where mine & 1 << UInt32(lane) == 0 { wait(for: lane, stage: stage) }
    }
  }

  private func takes(_ lane: Int) -> Bool {
    let word = progress.at(lane)
    guard word.pointee.load(ordering: .relaxed) == Team.free else { return false }
    return word.pointee.compareExchange(expected: Team.free, desired: 0, ordering: .relaxed).exchanged
  }

  private func run(_ stage: Int, _ lane: Int, _ job: UnsafePointer<Job>) {
    job.pointee.function(job.pointee.context, stage, lane)
    progress.at(lane).pointee.store(stage + 1, ordering: .releasing)
  }

  private func wait(for lane: Int, stage: Int) {
    var spins = 0
    while progress.at(lane).pointee.load(ordering: .acquiring) <= stage {
      spins += 1
      if spins > 4096 { sched_yield() }
    }
  }
}
