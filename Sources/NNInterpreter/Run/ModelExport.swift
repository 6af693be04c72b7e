import NNData
import NNDiagnostics
import NNEngine
import NNModelIO

/// The forms in which a model is written, by their files' endings.
enum ModelForm: String, CaseIterable {
  case safetensors = ".safetensors"
  case onnx = ".onnx"
  case c = ".c"

  init?(path: String) { self.init(rawValue: ending(of: path)) }
}

/// Writes a model for other programs.
func exportModel(_ trained: TrainedModel, _ saved: SavedModel, _ form: ModelForm, to path: String)
  throws(Found)
{
  do {
    let network = try trained.givingProbabilities()
    var answer = ExportedModel.Answer.numbers
    if let classes = trained.preprocessor.classes, trained.target.kind != .numeric {
      answer = trained.givesMargins ? .margins(classes: classes) : .probabilities(classes: classes)
    }
    let model = ExportedModel(
      network: network, preprocessor: trained.preprocessor, answer: answer, saved: saved,
      names: saved.parameters.map(\.name))
    switch form {
    case .safetensors: break
    case .onnx: try ONNXExport.write(model, path: path)
    case .c: try CSourceExport.write(model, path: path)
    }
  } catch let error as ExportError {
    if case .file(let problem) = error { throw Found(RunProblem.modelNotWritten(problem)) }
    throw Found(ExportProblem.notWritten(error))
  } catch let error as EngineError {
    throw Found(RunProblem.engine(error))
  } catch {
    throw Found(RunProblem.callback("\(error)"))
  }
}

extension SaveStage {
  /// What a form cannot hold is better known before the training than after it.
  func checkExport(_ experiment: Experiment, as form: ModelForm, at span: Span?, _ context: CheckContext) {
    guard form == .onnx, let column = experiment.hashedColumn else { return }
    context.report(ExportProblem.hashed(column: column), at: span)
  }
}

extension Experiment {
  /// A column that an `encode hash` will take or has taken; nil if there is none, or the table is not known yet.
  fileprivate var hashedColumn: String? {
    if let trained = model?.trained {
      return trained.preprocessor.inputs.first {
        if case .hash = $0.encoding { true } else { false }
      }?.name
    }
    let encoded = Set(
      steps.flatMap { step -> [String] in
        if case .encode(_, let columns?) = step.step { columns } else { [] }
      })
    for step in steps {
      guard case .encode(.hash, let columns) = step.step else { continue }
      if let columns { return columns.first }
      let targets = Set(model?.target?.roles.targets ?? data?.roles.targets ?? [])
      let features = model?.target?.roles.features ?? data?.roles.features
      let free = data?.candidates.first { column in
        column.isCategorical && !targets.contains(column.name) && !encoded.contains(column.name)
          && features?.contains(column.name) != false
      }
      if let free { return free.name }
    }
    return nil
  }
}

extension Preprocessor {
  /// The columns of dates, with what stands in their place where dates cannot be read.
  var dateInputs: [(column: String, inputs: [String])] {
    inputs.compactMap { input in
      guard case .date(let encoding, _) = input.encoding, !encoding.parts.isEmpty else { return nil }
      return (input.name, encoding.parts.map { "\(input.name).\($0.part.rawValue)" })
    }
  }
}
