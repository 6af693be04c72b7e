import NNData
import NNDiagnostics

/// `save FILE`: the model with everything it needs to be used on raw rows.
struct SaveStage: Stage {
  static let declaration = StageDeclaration(
    "save", "writes the model to a file",
    options: [
      OptionDeclaration(
        "path", .text("a file"), positional: true, required: true,
        "the file: .safetensors, which nn reads again, .onnx for other programs, .c for a compiler"),
      OptionDeclaration(
        "optimizer", .boolean, default: .boolean(true),
        "keep the optimizer's state, to go on training as if never stopped"),
    ],
    needs: [.weights], runsAfterInterruption: true, streams: true)

  private let bound: BoundStage

  var files: StageFiles {
    StageFiles(writes: bound.arguments.text("path").map { [.file($0)] } ?? [], isResult: true)
  }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    context.compilations.use(experiment.model?.compile?.span)
    guard let path = bound.arguments.text("path") else { return }
    let span = bound.arguments.span("path")
    if path.contains("://") {
      context.report(DataProblem.remote(path), at: span)
    } else if let form = ModelForm(path: path) {
      checkExport(experiment, as: form, at: span, context)
    } else {
      context.report(
        DataProblem.ending(path: path, known: ModelForm.allCases.map(\.rawValue)), at: span)
    }
    context.writtenPaths.insert(path)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let path = bound.arguments.text("path") else { return }
    // An interrupted script may not have come as far as its fit.
    guard experiment.model?.trained != nil else {
      if context.stop.isRequested { return }
      throw Found(FlowProblem.needsWeights("save"))
    }
    try placed(at: bound.arguments.span("path")) { () throws(Found) in
      do throws(Found) {
        // A folder that is not there yet must not cost what was trained.
        do throws(DataError) { try makeFolders(above: expandingTilde(path)) } catch {
          throw Found(RunProblem.writing(error))
        }
        try saveModel(
          experiment, to: expandingTilde(path), withOptimizer: bound.arguments.boolean("optimizer"))
      } catch {
        // What cannot be exported in this form is another matter, with an advice of its own.
        guard context.options.rescuesModels, (error.problem as? RunProblem)?.isOfWriting == true,
          let rescue = rescueModel(experiment)
        else { throw error }
        throw Found(RunProblem.rescued(error.problem.message, in: rescue))
      }
    }
    if ModelForm(path: path) == .onnx, let parts = experiment.model?.trained?.preprocessor.dateInputs,
      !parts.isEmpty
    {
      context.warn(ExportProblem.datesAsParts(parts), at: bound.arguments.span("path"))
    }
    experiment.markSaved()
    context.tell(.saved(path: path))
  }
}
