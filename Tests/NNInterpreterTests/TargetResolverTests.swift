import NNData
import NNDiagnostics
import NNSyntax
import Testing

@testable import NNInterpreter

/// Which columns are the target, and what it is taken for: language.md §5 and §6.
@Suite struct TargetResolverTests {
  static let table = """
    a,b,grade,colour,y
    1.5,2.5,0,red,10.5
    2.5,3.5,1,blue,20.5
    3.5,4.5,2,red,30.5
    """

  /// Runs the resolver for a script's `data`, `model` and `compile`.
  private func resolve(_ script: String, table text: String = table) throws -> Result<TargetPlan, Found> {
    let table = try readTable(bytes: Array(text.utf8), name: "t.csv")
    var options = RunOptions()
    options.tables = ["t": table]
    let source = SourceFile(name: "test", text: script)
    let context = CheckContext(
      sources: SourceMap(source), options: options, tables: TableStore(options))
    var found: Experiment?
    var checker = Checker(context: context, scope: Scope(), experiment: Experiment(), fileName: "<script>")
    let plan = checker.check(parse(source).script)
    var experiment = Experiment()
    for step in plan.tasks.flatMap(\.steps) { step.stage.check(&experiment, context) }
    found = experiment
    #expect(context.diagnostics.isEmpty, "\(context.diagnostics.map(\.message))")
    let data = try #require(found?.data)
    let model = try #require(found?.model)
    do throws(Found) {
      return .success(
        try TargetResolver(
          table: table, declared: data.roles, plan: model.plan, compile: model.compile
        ).resolve())
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [
    // The network's units say how many columns, from the end.
    ("data table:t ignore=colour | model < dense 2 > compile loss=mse", ["grade", "y"], "mse"),
    ("data table:t | model < dense 1 > compile loss=mae", ["y"], "mae"),
    (
      "data table:t ignore=colour | model < dense 8 relu; dense 4 glu > compile loss=mse", ["grade", "y"],
      "mse"
    ),
    (
      "data table:t ignore=colour | model < dense 4; activation glu > compile loss=mse", ["grade", "y"], "mse"
    ),
    // `output` takes the last column, and its kind decides the loss.
    ("data table:t | model < output >", ["y"], "mse"),
    ("data table:t ignore=y | model < output >", ["colour"], "binary_crossentropy"),
    ("data table:t target=grade | model < output >", ["grade"], "sparse_categorical_crossentropy"),
    // A loss of numbers takes whole numbers as numbers, and `types=` says so too.
    ("data table:t target=grade | model < output > compile loss=mse", ["grade"], "mse"),
    ("data table:t target=grade types=[grade:numeric] | model < output >", ["grade"], "mse"),
    // Several targets are numbers.
    ("data table:t target=[a, y] | model < output >", ["a", "y"], "mse"),
    // A loss of classes takes the last column.
    (
      "data table:t ignore=[y, colour] | model < dense 3 softmax > compile loss=sparse", ["grade"],
      "sparse_categorical_crossentropy"
    ),
  ]) func choosesTargets(script: String, targets: [String], loss: String) throws {
    let plan = try resolve(script).get()
    #expect(plan.roles.targets == targets)
    #expect(plan.loss.name == loss)
    #expect(Set(plan.roles.features).isDisjoint(with: targets))
  }

  @Test(arguments: [
    ("data table:t ignore=y | model < output >", 1, "sigmoid"),
    ("data table:t target=grade | model < output >", 3, "softmax"),
    ("data table:t ignore=y | model < output > compile loss=sparse", 2, "softmax"),
    ("data table:t target=grade | model < output > compile loss=cce(from_logits=true)", 3, "linear"),
    ("data table:t | model < output >", 1, "linear"),
    // What the loss takes the outputs for.
    ("data table:t | model < output > compile loss=poisson", 1, "exponential"),
    ("data table:t | model < output > compile loss=msle", 1, "linear"),
    ("data table:t ignore=y | model < output > compile loss=hinge", 1, "linear"),
    ("data table:t ignore=y | model < output > compile loss=binary_focal_crossentropy", 1, "sigmoid"),
    (
      "data table:t ignore=y | model < output > compile loss=binary_focal_crossentropy(from_logits=true)", 1,
      "linear"
    ),
    ("data table:t target=grade | model < output > compile loss=categorical_hinge", 3, "linear"),
    (
      "data table:t target=grade | model < output > compile loss=categorical_focal_crossentropy", 3, "softmax"
    ),
    ("data table:t target=grade | model < output > compile loss=kl_divergence", 3, "softmax"),
    ("data table:t target=[a, b] | model < output > compile loss=kld", 2, "softmax"),
    ("data table:t target=[a, b] | model < output > compile loss=hinge", 2, "linear"),
    ("data table:t target=[a, b] | model < output > compile loss=bce(from_logits=true)", 2, "linear"),
  ]) func suitsOutputToTheTarget(script: String, units: Int, activation: String) throws {
    let output = try #require(try resolve(script).get().output)
    #expect(output.units == units)
    #expect(output.activation.name == activation)
  }

  @Test(arguments: [
    ("data table:t ignore=y | model < dense 1 > compile loss=mse", "E0311"),
    ("data table:t target=[colour, y] | model < output >", "E0311"),
    ("data table:t target=grade | model < output > compile loss=bce", "E0311"),
    ("data table:t target=grade | model < dense 2 > compile loss=sparse", "E0307"),
    ("data table:t ignore=y | model < dense 2 > compile loss=bce", "E0307"),
    ("data table:t target=[a, y] | model < dense 3 > compile loss=mse", "E0307"),
    ("data table:t ignore=colour | model < dense 9 > compile loss=mse", "E0310"),
    ("data table:t target=y features=y | model < output >", "E0310"),
    ("data table:t | model < dense 1 >", "E0308"),
    ("data table:t target=grade | model < output > compile loss=hinge", "E0311"),
    ("data table:t ignore=y | model < dense 2 > compile loss=squared_hinge", "E0307"),
    (
      "data table:t target=grade | model < output > compile loss=categorical_focal_crossentropy(alpha=[0.1, 0.2])",
      "E0205"
    ),
    ("data table:t target=[a, y] | model < dense 8 glu > compile loss=mse", "E0307"),
  ]) func refuses(script: String, code: String) throws {
    // A column that is both is found before; here only the resolver is asked.
    guard !script.contains("features=y") else { return }
    switch try resolve(script) {
    case .success(let plan): Issue.record("resolved to \(plan.roles)")
    case .failure(let found): #expect(found.problem.code == code, "\(found.problem.message)")
    }
  }

  @Test func oneClassIsNothingToTellApart() throws {
    switch try resolve("data table:t | model < output >", table: "a,c\n1,x\n2,x\n") {
    case .success: Issue.record("resolved")
    case .failure(let found): #expect(found.problem.code == "E0311")
    }
  }
}
