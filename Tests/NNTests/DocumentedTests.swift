import Foundation
import NN
import Support
import Testing

/// The Swift of the README, line for line. It opens a table by a relative path, so it is the one test that changes the folder.
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
}
