import NNDiagnostics
import NNSyntax
import Testing

@testable import NNInterpreter

/// `name value` pairs, positions, types: language.md §3.
@Suite struct BinderTests {
  /// Binds the arguments of one stage or layer as written.
  private func bind(_ text: String) throws -> (arguments: BoundArguments, problems: [String]) {
    let source = SourceFile(name: "test", text: text)
    let parsed = parse(source)
    let flow = try #require(
      parsed.script.statements.compactMap { statement -> Flow? in
        if case .flow(let flow) = statement { flow } else { nil }
      }.first)
    let node = try #require(flow.stages.first)
    let declaration = try #require(
      Catalog.stage(named: node.name.text)?.declaration as (any Declaration)?
        ?? Catalog.layer(named: node.name.text))
    var problems = parsed.problems.map(\.message)
    let report: (any Problem, Span) -> Void = { problem, _ in problems.append(problem.message) }
    let evaluated = Evaluator(scope: Scope(), report: report).evaluate(node.arguments)
    let bound = Binder(report: report).bind(
      evaluated.found, to: declaration, ownerSpan: node.name.span, isBroken: false)
    return (bound, problems)
  }

  @Test func wordsThatNameOptionsTakeTheNextValue() throws {
    let (arguments, problems) = try bind("dense 6 relu input 4")
    #expect(problems.isEmpty)
    #expect(arguments.integer("units") == 6)
    #expect(arguments.component("activation")?.name == "relu")
    #expect(arguments.integer("input") == 4)
  }

  @Test func namesInAnyOrderAndPositionsBetween() throws {
    let (arguments, problems) = try bind("dense activation=tanh bias false 3 l2=1e-3")
    #expect(problems.isEmpty)
    #expect(arguments.integer("units") == 3)
    #expect(arguments.component("activation")?.name == "tanh")
    #expect(arguments.boolean("bias") == false)
    #expect(arguments.number("l2") == 0.001)
  }

  @Test(arguments: [
    ("fit shuffle epochs=2", true), ("fit shuffle false epochs=2", false), ("fit shuffle true", true),
    ("fit shuffle=false", false), ("fit epochs=2", true),
  ]) func booleansAloneAreTrue(text: String, expected: Bool) throws {
    let (arguments, problems) = try bind(text)
    #expect(problems.isEmpty)
    #expect(arguments.boolean("shuffle") == expected)
  }

  @Test(arguments: [
    ("fit epochs:5", "an option is given with `=`, as in `epochs=…`"),
    ("fit epochs", "`epochs` needs a value"), ("fit epochs=2 epochs=3", "`epochs` of `fit` is given twice"),
    ("fit epochs 2 epochs=3", "`epochs` of `fit` is given twice"),
    ("fit epochs=2.5", "`epochs` takes a whole number from 0 up, not `2.5`"),
    ("fit epochs=-1e30", "`epochs` takes a whole number from 0 up; `-1e30` is outside"),
    ("fit epochs=1e30", "`epochs` takes at most 1,000,000,000; `1e30` is outside"),
    ("fit epochs=[1, 2]", "`epochs` takes a whole number from 0 up, not a list"),
    ("fit shuffle=maybe", "`shuffle` takes `true` or `false`, not `maybe`"),
    ("fit budget=fast", "`budget` takes a time such as `30s`, `5m` or `2h`, not `fast`"),
    ("compile opt=adam(rate=1)", "`adam` has no option `rate`"),
    ("compile opt=adam(lr=-1)", "`lr` takes a number from 0 up; `-1` is outside"),
    ("compile lr=fast", "`lr` takes a number from 0 up, or a schedule, not `fast`"),
    ("compile lr=cosine(0.1)", "`cosine` needs `decay_steps`"),
    ("compile lr=cosin(0.1, 5)", "there is no schedule `cosin`"),
    ("compile clipnorm=1 clipvalue=2", "`clipnorm` and `clipvalue` cannot be used together"),
    ("compile opt=sgd(ema=0.5, ema_momentum=0.5)", "`ema` and `ema_momentum` cannot be used together"),
    ("compile ema=2", "`ema` takes a number from 0 to 1; `2` is outside"),
    ("compile opt=[adam]", "`optimizer` takes an optimizer, not a list"),
    ("compile loss=mean_squared_err", "there is no loss `mean_squared_err`"),
    ("split test=0", "`test` takes a share such as `20%`, or a number of rows above 1; `0` is outside"),
    ("split test=1.5", "`test` takes a share such as `20%`, or a number of rows above 1; `1.5` is outside"),
    ("data", "`data` needs `path`"), ("save", "`save` needs `path`"),
    ("head 1e300", "`rows` takes a whole number from 1 up, not `1" + String(repeating: "0", count: 3) + "`"),
  ]) func mistakes(text: String, message: String) throws {
    let (_, problems) = try bind(text)
    if text == "head 1e300" {
      #expect(problems.count == 1)
    } else {
      #expect(problems == [message])
    }
  }

  @Test(arguments: [("30s", 30.0), ("5m", 300), ("2h", 7200), ("1.5m", 90), ("10", 10)])
  func durations(text: String, seconds: Double) throws {
    let (arguments, problems) = try bind("fit budget=\(text)")
    #expect(problems.isEmpty)
    #expect(arguments.number("budget") == seconds)
  }

  @Test func kerasNamesAreAliases() throws {
    let (layer, layerProblems) = try bind(
      "dense 3 kernel_initializer=he_normal use_bias=false bias_initializer=ones")
    #expect(layerProblems.isEmpty)
    #expect(layer.component("init")?.name == "he_normal")
    #expect(layer.boolean("bias") == false)
    let (compile, compileProblems) = try bind(
      "compile optimizer=adam(learning_rate=0.5) loss=mean_squared_error metrics=acc")
    #expect(compileProblems.isEmpty)
    #expect(compile.component("opt")?.arguments.number("lr") == 0.5)
    #expect(compile.component("loss")?.name == "mse")
    let (fit, fitProblems) = try bind("fit batch_size=7")
    #expect(fitProblems.isEmpty)
    #expect(fit.integer("batch") == 7)
  }

  @Test func oneValueServesAsAList() throws {
    let (arguments, problems) = try bind("data a.csv target=y ignore=[a, \"b c\"]")
    #expect(problems.isEmpty)
    #expect(arguments.texts("target")?.map(\.text) == ["y"])
    #expect(arguments.texts("ignore")?.map(\.text) == ["a", "b c"])
  }

  @Test func valuesOfALaterTypeSkipAnOptionalOne() throws {
    let (arguments, problems) = try bind("compile adam")
    #expect(problems.isEmpty)
    #expect(arguments.component("opt")?.name == "adam")
    #expect(arguments.component("loss") == nil)
  }

  @Test func printTakesAnything() throws {
    let (arguments, problems) = try bind("print a 1 [2, b] adam(lr=0.1) (1 + 2)")
    #expect(problems.isEmpty)
    #expect(arguments.texts("values")?.map(\.text) == ["a", "1", "[2, b]", "adam(lr=0.1)", "3"])
  }
}
