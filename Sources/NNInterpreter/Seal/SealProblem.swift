import NNData
import NNReport

/// What can be wrong with a seal, or what a second training found: E0426 before a run, E050x on the command line, E10xx in a
/// run.
enum SealProblem: Problem {
  /// No text gives these weights again, so there is nothing to seal.
  case unrepeatable(String)
  /// The same, found by the run.
  case notSealed(String)
  case unreadable(DataError)
  case fileMissing(String)
  case notASeal(String)
  case newer(String, version: Int)
  case damaged(String, String)
  case fileDiffers(String)
  case rowsDiffer(part: String)
  case startDiffers(sealed: String, found: String, remark: String?)
  case epochDiffers(epoch: Int, sealed: Seal.Epoch, found: Seal.Epoch, same: Int, remark: String?)
  case endDiffers(String, remark: String?)

  var code: String {
    switch self {
    case .unrepeatable: "E0426"
    case .unreadable: "E0502"
    case .fileMissing: "E0503"
    case .notSealed: "E1008"
    case .notASeal, .newer, .damaged: "E1009"
    case .fileDiffers, .rowsDiffer: "E1010"
    case .startDiffers, .epochDiffers, .endDiffers: "E1011"
    }
  }

  var message: String {
    switch self {
    case .unrepeatable(let reason), .notSealed(let reason): "this fit cannot be sealed: \(reason)"
    case .unreadable(let error): error.description
    case .fileMissing(let path): "there is no file \(shown(path)), which the sealed fit read"
    case .notASeal(let path): "\(shown(path)) is no seal: `fit … seal=run.nns` writes one"
    case .newer(let path, let version):
      "\(shown(path)) is a seal of format \(version), and this nn reads format 1; a newer nn is needed"
    case .damaged(let path, let reason): "\(shown(path)) is a damaged seal: \(reason)"
    case .fileDiffers(let path): "\(shown(path)) is not the file that was sealed: its bytes are others"
    case .rowsDiffer(let part): "the \(part) rows are not those that were sealed"
    case .startDiffers(let sealed, let found, _):
      "the weights differ before the first epoch: \(found), and \(sealed) were sealed"
    case .epochDiffers(let epoch, let sealed, let found, _, _):
      sealed.epoch == found.epoch
        ? "epoch \(epoch) differs: its weights are \(found.weights), and \(sealed.weights) were sealed"
        : "epoch \(epoch) differs: epoch \(sealed.epoch) was sealed in its place"
    case .endDiffers(let text, _): text
    }
  }

  var help: String? {
    switch self {
    case .unrepeatable, .notSealed:
      "a seal is of a fit that stands in a script by itself, and of tables in files"
    case .fileMissing: "paths are looked up from the working folder, as a script's are"
    case .fileDiffers: "it was changed after the fit; the sealed SHA-256 is in the seal under `files`"
    case .rowsDiffer:
      "a file that was not there before matches the pattern, or another nn reads tables otherwise"
    case .damaged: "it was changed after it was written"
    case .startDiffers(_, _, let remark), .endDiffers(_, let remark): remark
    case .epochDiffers(_, let sealed, let found, let same, let remark):
      [
        same == 0
          ? "no epoch before it is the same"
          : "the \(counted(same, "epoch")) before it \(same == 1 ? "is" : "are") the same",
        "loss \(sealed.loss) sealed, \(found.loss) now", remark,
      ].compactMap { $0 }.joined(separator: "; ")
    default: nil
    }
  }
}
