import Foundation
import NN
import Support
import Testing

/// The Swift of the README and of docs/, line for line. It opens a table by a relative path, so these are the tests that change the folder.
@Suite struct DocumentedTests {
  @Test func readme() async throws {
    let scripts = repository.appendingPathComponent("scripts").path
    try #require(FileManager.default.changeCurrentDirectoryPath(scripts))
    let session = Session()
    let script = "data iris.csv | model < dense 8 relu; output > | fit epochs=50 seed=1"
    let outcome = try await session.run(script)
    print(outcome.history.last?.loss ?? .nan, outcome.digest ?? "")
    let answers = try outcome.predict([
      "sepal_length": [5.1], "sepal_width": [3.5], "petal_length": [1.4], "petal_width": [0.2],
    ])
    print(answers.labels ?? [])

    #expect(outcome.history.count == 50)
    #expect(answers.labels?.count == 1)
  }

  @Test func language() async throws {
    let scripts = repository.appendingPathComponent("scripts").path
    try #require(FileManager.default.changeCurrentDirectoryPath(scripts))
    let watching = Session()
    watching.callbacks["log_to_db"] = EpochCallback { logs, fit in
      print(logs.epoch, logs["loss"] ?? .nan)
      if logs.epoch == 2 { fit.learningRate /= 2 }
      return logs.epoch < 4 ? .proceed : .stop
    }
    let watched = "data iris.csv | model < output > | fit epochs=9 seed=1 callbacks=[log_to_db]"
    print(try await watching.run(watched).history.count)

    let history = try await watching.run("summary").history
    #expect(history.map(\.learningRate) == [0.001, 0.001, 0.0005, 0.0005])
  }

  /// The program of docs/embedding.md: it trains, predicts and is cancelled half-way.
  @Test(.timeLimit(.minutes(2))) func embedding() async throws {
    let session = Session(threads: 2)
    session.tables["houses"] = try Table(
      source: "houses",
      columns: [
        Column(name: "size", numbers: (0..<200).map { Float($0) / 10 }),
        Column(name: "colour", texts: (0..<200).map { $0 % 3 == 0 ? "red" : "blue" }),
        Column(name: "price", numbers: (0..<200).map { Float($0) / 5 + ($0 % 3 == 0 ? 1 : 0) }),
      ])
    let outcome = try await session.run(
      """
      data table:houses target=price | split test=20% | scale standard
      model < dense 8 relu; output > | fit epochs=20 seed=1 | evaluate
      """)
    print(outcome.metric("test_loss") ?? .nan, outcome.digest ?? "")
    print(try outcome.predict(["size": [3.5], "colour": ["red"]])["price"] ?? [])
    let events = session.events
    let training = Task { try await session.run("fit epochs=1000000") }
    for await case .epoch(let epoch) in events where epoch.record.epoch >= 40 { break }
    training.cancel()
    do { _ = try await training.value } catch is CancellationError { print("cancelled") }
    print(try await session.run("summary").history.count)

    let problems = session.check("model < dense 8 rellu; output >")
    for problem in problems {
      print(problem.code, problem.location?.line ?? 0, problem.message, problem.advice ?? "")
    }
    let explained = Renderer().text(of: problems)
    do {
      _ = try await session.run("fit epoch=5")
    } catch let error as Diagnostic {
      print(error.code, explained.isEmpty)
    }

    let script =
      "param n=9; data table:houses target=price | model < output > | fit epochs=$n seed=1 callbacks=[watch]"
    session.callbacks["watch"] = EpochCallback { logs, fit in
      if logs.epoch == 2 { fit.learningRate /= 2 }
      return logs.epoch < 4 ? .proceed : .stop
    }
    let watched = try await session.run(script, settings: ["n": "6"])
    print(watched.history.map(\.learningRate))

    session.activations["swishy"] = CustomActivation(
      value: { $0 / (1 + abs($0)) }, derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) })
    session.losses["asymmetric"] = CustomLoss { predicted, target in
      let error = predicted[0] - target[0]
      return error > 0 ? error * error : 3 * error * error
    } gradient: { predicted, target in
      let error = predicted[0] - target[0]
      return [error > 0 ? 2 * error : 6 * error]
    }
    let careful = try await session.run(
      "data table:houses target=price | model < dense 8 swishy; output > | compile loss=asymmetric | fit epochs=9 seed=1"
    )
    print(careful.history.last?.loss ?? .nan)

    let houses = try await session.run("summary")
    #expect(houses.history.count == 9 && careful.history.count == 9)
    #expect(watched.history.map(\.learningRate) == [0.001, 0.001, 0.0005, 0.0005])
    #expect(problems.map(\.code) == ["E0203"])
    #expect(explained.contains("did you mean `relu`?"))
    #expect(outcome.history.count == 20)
    #expect(try outcome.predict(["size": [3.5], "colour": ["red"]])["price"]?.count == 1)
    #expect(training.isCancelled)
  }
}
