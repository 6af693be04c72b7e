"""Numbers: the engine's property tests, counted case by case."""

from ..harness import Line, tests

SUITES = "NumberPropertyTests|DivergenceTests|EdgeValueTests|InvarianceTests|BitIdentityTests|ThreadTests"


def scenario(bench):
    return [tests(Line("numbers: properties of the engine (tests)"), ["swift", "test", "--filter", SUITES])]
