// NNSyntaxTests
