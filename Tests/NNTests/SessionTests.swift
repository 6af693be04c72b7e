import NN
import Synchronization
import Testing

/// The interpreter embedded, as interface.md shows it.
@Suite struct SessionTests {
  private func session() throws -> Session {
    let session = Session(threads: 1)
    session.tables["train"] = try Table(
      source: "train",
      columns: [
        Column(name: "size", numbers: (0..<40).map { Float($0) / 10 }),
        Column(name: "colour", texts: (0..<40).map { $0 % 2 == 0 ? "red" : "blue" }),
        Column(name: "price", numbers: (0..<40).map { Float($0) / 5 + ($0 % 2 == 0 ? 0.25 : 1.25) }),
      ])
    return session
  }

  @Test func runsTextOnTablesInMemory() async throws {
    let session = try session()
    let outcome = try await session.run(
      "data table:train target=price | model < dense 8 relu; output > | compile lr=0.05 metrics=[mae] | fit epochs=60 seed=1"
    )
    #expect(outcome.history.count == 60)
    let first = try #require(outcome.history.first?.loss)
    let last = try #require(outcome.history.last?.loss)
    #expect(last < first)
    #expect(outcome.digest?.count == 16)
    #expect(outcome.metric("mae") != nil)
    let answers = try outcome.predict(["colour": ["red", "green"], "size": [1.5, 2]])
    #expect(answers["price"]?.count == 2)
    #expect(answers.labels == nil)
  }

  @Test func keepsTheExperimentBetweenRuns() async throws {
    let session = try session()
    _ = try await session.run("data table:train target=colour | model < dense 4 relu; output >")
    let outcome = try await session.run("fit epochs=3 seed=2")
    #expect(outcome.history.count == 3)
    let answers = try outcome.predict(["size": [0.1], "price": [0.3]])
    #expect(answers.labels?.count == 1)
    let odds = try #require(answers["p(red)"]?.first)
    let others = try #require(answers["p(blue)"]?.first)
    #expect(abs(odds + others - 1) < 1e-6)
  }

  @Test func throwsDiagnostics() async throws {
    let session = try session()
    await #expect(throws: Diagnostic.self) { try await session.run("modle < >") }
    let problems = session.check("describe; modle < >")
    #expect(problems.map(\.code) == ["E0301", "E0201"])
    let outcome = try await session.run("data table:train target=price")
    #expect(throws: Diagnostic.self) { try outcome.predict(["size": [1]]) }
  }

  @Test func wrongColumnsForPredictionsAreErrors() async throws {
    let session = try session()
    let outcome = try await session.run(
      "data table:train target=price | model < dense 4 relu; output > | fit seed=1")
    #expect(throws: Diagnostic.self) { try outcome.predict(["size": [1]]) }
    #expect(throws: Diagnostic.self) { try outcome.predict(["size": [1, 2], "colour": ["red"]]) }
  }

  @Test func tellsEvents() async throws {
    let session = try session()
    let events = session.events
    let listener = Task {
      var kinds: [String] = []
      for await event in events {
        switch event {
        case .data: kinds.append("data")
        case .fitStarted: kinds.append("fit")
        case .epoch: kinds.append("epoch")
        case .fitStopped:
          kinds.append("stop")
          return kinds
        default: break
        }
      }
      return kinds
    }
    _ = try await session.run(
      "data table:train target=price | model < dense 4 relu; output > | fit epochs=2 seed=1")
    #expect(await listener.value == ["data", "fit", "epoch", "epoch", "stop"])
  }

  @Test func cancellingTheTaskEndsTheFit() async throws {
    let session = try session()
    let events = session.events
    let run = Task {
      try await session.run(
        "data table:train target=price | model < dense 4 relu; output > | fit epochs=1000000000 seed=1")
    }
    for await event in events {
      if case .epoch(let epoch) = event, epoch.record.epoch >= 3 { break }
    }
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
    // What was trained is kept.
    let outcome = try await session.run("summary")
    #expect(outcome.history.count >= 3)
  }

  @Test func settingsAreParameters() async throws {
    let session = try session()
    let outcome = try await session.run(
      "param n=5; data table:train target=price | model < output > | fit epochs=$n seed=1",
      settings: ["n": "2"])
    #expect(outcome.history.count == 2)
  }

  @Test func callbacksOfItsOwn() async throws {
    let session = try session()
    let epochs = Mutex<[Int]>([])
    session.callbacks["log_to_db"] = EpochCallback { logs, fit in
      epochs.withLock { $0.append(logs.epoch) }
      if logs.epoch == 2 { fit.learningRate = 0 }
      return logs.epoch == 4 ? .stop : .proceed
    }
    let outcome = try await session.run(
      "data table:train target=price | model < dense 4 relu; output > | fit epochs=9 seed=1 callbacks=[log_to_db]"
    )
    #expect(epochs.withLock { $0 } == [1, 2, 3, 4])
    #expect(outcome.history.count == 4)
    #expect(outcome.history.map(\.learningRate) == [0.001, 0.001, 0, 0])
    await #expect(throws: Diagnostic.self) { try await session.run("fit callbacks=[log_to_database]") }
  }

  @Test func lossesAndActivationsOfItsOwn() async throws {
    let session = try session()
    session.losses["squares"] = CustomLoss { predicted, target in
      (predicted[0] - target[0]) * (predicted[0] - target[0])
    } gradient: { predicted, target in
      [2 * (predicted[0] - target[0])]
    }
    session.activations["hinge"] = CustomActivation(value: { max($0, 0) }, derivative: { $0 > 0 ? 1 : 0 })
    func script(_ activation: String, _ loss: String) -> String {
      "data table:train target=price | model < dense 8 \(activation); dense 4; activation \(activation); output > | compile loss=\(loss) | fit epochs=9 seed=1"
    }
    let listed = try await session.run(script("relu", "mse"))
    let own = try await session.run(script("hinge", "squares"))
    #expect(own.history.count == 9)
    for (a, b) in zip(own.history, listed.history) { #expect(abs(a.loss - b.loss) < 1e-5) }
    #expect(try own.predict(["colour": ["red"], "size": [1.5]])["price"]?.count == 1)

    let unsaved = await #expect(throws: Diagnostic.self) { try await session.run("save own.safetensors") }
    #expect(unsaved?.code == "E1005" && unsaved?.message.contains("`hinge`") == true)
    let misspelt = session.check("model < dense 8 hynge; output > | compile loss=squarez")
    #expect(misspelt.count == 2 && misspelt.allSatisfy { $0.severity == .error })
    #expect(
      session.check("model < dense 8 activation=hingee; output >").first?.advice?.contains("hinge") == true)
    session.activations["hinge"] = nil
    #expect(!session.check("model < dense 8 hinge; output >").isEmpty)
  }
}
