/// The threads that work is split over if nobody says how many.
package var coreCount: Int { machineThreads }

/// Runs `body` on the calling thread and on up to `threads - 1` of the process's worker threads, and returns when all have
/// come back. Fewer may do it, one after the other, where the workers have other work; so none may wait for another to begin.
package func onWorkers(_ threads: Int, _ body: @Sendable () -> Void) {
  guard threads > 1 else { return body() }
  withoutActuallyEscaping(body) { body in
    var job = body
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: threads, count: threads, context: pointer) { raw, _ in
        // SAFETY: the context is the closure above, which outlives the run.
        raw.assumingMemoryBound(to: (@Sendable () -> Void).self).pointee()
      }
    }
  }
}
