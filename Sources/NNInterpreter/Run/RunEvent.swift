import NNDiagnostics
import NNEngine

/// What happens in a run, told to an observer as it happens. The terminal, `--json` and the tests are observers.
public enum RunEvent: Sendable {
  case data(DataOpened)
  case fitStarted(FitStarted)
  case step(StepProgress)
  case epoch(EpochEnded)
  case learningRate(LearningRateChanged)
  case checkpoint(Checkpoint)
  case fitStopped(FitStopped)
  case evaluated(Evaluated)
  /// `path` is `-` for standard output; `place` says which rows, `the test part of iris.csv`.
  case predicted(path: String, rows: Int, place: String)
  /// Predictions for standard output, as bytes of CSV.
  case predictions(csv: [UInt8])
  case saved(path: String)
  case expectation(text: String, value: Double, holds: Bool)
  case warning(Diagnostic)
  /// What a showing stage shows.
  case output(stage: String, text: String)
  /// Many runs have come to their end.
  case runs(Runs)
  /// A sealed fit was trained again, with the same bits.
  case verified(Verified)
  /// How far many runs have come.
  case runsProgress(RunsProgress)

  public struct Column: Sendable {
    public var name: String
    /// `numeric` or `categorical`.
    public var type: String
    /// `feature`, `target`, `ignored` or `weight`.
    public var role: String
    public var missing: Int
  }

  public struct DataOpened: Sendable {
    public var path: String
    public var rows: Int
    public var columns: [Column]
    /// How the target was chosen, if it was not named.
    public var choice: String?
  }

  public struct FitStarted: Sendable {
    /// Fits are numbered from 1 in the source's order.
    public var fit: Int
    /// Inside many runs which of them, from 1.
    public var run: Int?
    public var seed: UInt64
    /// The seed was drawn, not given.
    public var seedIsDrawn: Bool
    /// The total at the end of this fit.
    public var epochs: Int
    public var firstEpoch: Int
    public var batch: Int
    public var rows: Int
    public var validationRows: Int
    public var parameters: Int
    public var loss: String
    /// What was decided without being said: one-hot columns, the output layer …
    public var notes: [String]
    /// Where the fit goes on from, if a backup of it was found.
    public var resumed: Resumed?
    /// Where the stage stands and, if that is a definition's body, where that is used, from the innermost.
    public var places: [Place] = []
  }

  /// A place in one of the texts that make up a run.
  public struct Place: Sendable {
    public var source: SourceFile
    public var span: Span
  }

  public struct Resumed: Sendable {
    public var folder: String
    /// Whole epochs behind it.
    public var epoch: Int
    /// Steps of the next one that are done.
    public var step: Int
  }

  /// A callback has set another rate for the steps to come.
  public struct LearningRateChanged: Sendable {
    public var fit: Int
    /// Inside many runs which of them, from 1.
    public var run: Int?
    /// The epoch after which it did.
    public var epoch: Int
    public var from: Double
    public var to: Double
  }

  /// A model that a callback has written.
  public struct Checkpoint: Sendable {
    public var fit: Int
    /// Inside many runs which of them, from 1.
    public var run: Int?
    public var epoch: Int
    public var path: String
  }

  public struct StepProgress: Sendable {
    public var fit: Int
    /// Inside many runs which of them, from 1.
    public var run: Int?
    public var epoch: Int
    public var epochs: Int
    public var step: Int
    public var stepsPerEpoch: Int
    public var loss: Double
  }

  public struct EpochEnded: Sendable {
    public var fit: Int
    /// Inside many runs which of them, from 1.
    public var run: Int?
    public var epochs: Int
    public var record: EpochRecord
  }

  public struct FitStopped: Sendable {
    public var fit: Int
    /// Inside many runs which of them, from 1.
    public var run: Int?
    /// `epochs`, `early_stopping`, `budget`, `steps`, `interrupted`, `nan`, or `callback` for one that failed.
    public var reason: String
    public var epoch: Int
    /// Steps of this fit; `steps=` with this number repeats it.
    public var steps: Int
    public var bestEpoch: Int?
    public var restored: Bool
    public var seconds: Double
    public var digest: String
    /// The kept epoch's values.
    public var kept: [(name: String, value: Double)]
    public var baseline: Baseline?
    /// Of several ranks: how many, and how long the steps of this one waited for the others, in seconds.
    public var ranks: (count: Int, waited: Double)?
  }

  /// What always giving the training rows' mean, or their commonest class, would reach on the same rows.
  public struct Baseline: Sendable {
    /// `validation` or `training`.
    public var rows: String
    /// `predicting the mean` or `always the commonest class`.
    public var predictor: String
    /// `loss` or `accuracy`.
    public var measure: String
    public var model: Double
    public var value: Double
  }

  public struct Evaluated: Sendable {
    /// The fit whose model was measured; nil if it was read from a file.
    public var fit: Int?
    /// Inside many runs which of them, from 1.
    public var run: Int?
    public var values: [(name: String, value: Double)]
    public var rows: Int
    /// Which rows: `test part of iris.csv`.
    public var place: String
  }
}

/// Told of every event, on the thread of the run.
public protocol RunObserver: Sendable {
  func observe(_ event: RunEvent)
}
