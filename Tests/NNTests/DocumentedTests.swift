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
}
