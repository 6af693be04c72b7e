"""Sanitized: the tests under ThreadSanitizer, AddressSanitizer and UndefinedBehaviorSanitizer, as `make sanitize` runs them."""

from ..harness import Line, tests


def scenario(bench):
    return [tests(Line("sanitized (tests, all sanitizers together)"), ["make", "-s", "sanitize"])]
