extension Catalog {
  /// The stages, in the order of the reference.
  static let stages: [any Stage.Type] = [
    DataStage.self, SelectStage.self, DropStage.self, FilterStage.self, SampleStage.self, SplitStage.self,
    ScaleStage.self, ImputeStage.self, EncodeStage.self, BalanceStage.self, ModelStage.self,
    CompileStage.self,
    FitStage.self, CalibrateStage.self, ThresholdStage.self, EvaluateStage.self, ConfusionStage.self,
    ImportanceStage.self, PredictStage.self, DescribeStage.self,
    HeadStage.self,
    SweepStage.self, FoldsStage.self, SeedsStage.self, BestStage.self, EnsembleStage.self,
    RunsStage.self, CompareStage.self,
    WhyStage.self, SummaryStage.self, PlotStage.self, ReportStage.self, PrintStage.self, ExpectStage.self,
    SaveStage.self,
  ]
}
