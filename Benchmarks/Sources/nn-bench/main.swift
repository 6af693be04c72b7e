import NN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// nn-bench WORK [THREADS]: microseconds a training step, the median over epochs, as one line of JSON.
/// nn-bench E [THREADS]: rows a second of predicting 60,000 rows with C's network, and microseconds for one row of A and C, of C also with all threads.

func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}

func train(_ work: Work, threads: Int?) throws {
  var trainer = try Trainer(
    network: work.network(), loss: work.loss,
    options: FitOptions(epochs: work.epochs, batchSize: work.batch, seed: 1, threads: threads))
  var state = TrainingState(optimizer: work.optimizer)
  let data = work.data()
  let outcome = try trainer.fit(training: data, state: &state)
  let steps = Double((work.rows + work.batch - 1) / work.batch)
  // The first epoch warms caches up.
  let times = outcome.records.dropFirst().map { $0.seconds / steps * 1e6 }
  print(
    "{\"step_us\":\(median(times)),\"best_us\":\(times.min() ?? .nan),\"loss\":\(outcome.records.last?["loss"] ?? .nan)}")
}

func infer(threads: Int?) throws {
  var c = try Work.c.network()
  c.initializeWeights(seed: 1)
  var a = try Work.a.network()
  a.initializeWeights(seed: 1)
  var work = Work.c
  work.rows = 60_000
  let rows = work.data().features
  let batched = try Predictor(c, threads: threads)
  var times: [Double] = []
  for _ in 0..<6 {
    let start = seconds()
    _ = try batched.predict(rows)
    times.append(seconds() - start)
  }
  func latency(_ network: Network, _ count: Int, threads: Int? = 1) throws -> Double {
    let predictor = try Predictor(network, rows: 1, threads: threads)
    let width = network.inputWidth
    var row = [Float](repeating: 0.25, count: width)
    var out = [Float](repeating: 0, count: network.outputWidth)
    var times: [Double] = []
    for _ in 0..<20 {
      let start = seconds()
      for index in 0..<count {
        row[0] = Float(index & 7)
        try predictor.predict(row: row, into: &out)
      }
      times.append((seconds() - start) / Double(count) * 1e6)
    }
    return median(times)
  }
  print(
    "{\"rows_per_second\":\(60_000 / median(times)),\"one_row_a_us\":\(try latency(a, 2000)),\"one_row_c_us\":\(try latency(c, 200)),\"one_row_c_all_us\":\(try latency(c, 200, threads: threads))}"
  )
}

do {
  let arguments = CommandLine.arguments
  let threads = arguments.count > 2 ? Int(arguments[2]) : nil
  let name = arguments.count > 1 ? arguments[1] : "A"
  if name == "E" {
    try infer(threads: threads)
  } else if let work = Work.named(name) {
    try train(work, threads: threads)
  } else {
    print("nn-bench: works are A, B, C, D, E and width=N,batch=N")
    exit(2)
  }
} catch {
  print("nn-bench: \(error)")
  exit(1)
}
