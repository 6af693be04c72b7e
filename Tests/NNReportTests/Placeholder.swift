// NNReportTests
