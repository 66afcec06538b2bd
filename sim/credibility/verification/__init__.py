"""The simulator against theory: small networks that have exact answers go through the whole program."""

from sim.credibility.verification.all_cases import cases
from sim.credibility.verification.engine_equality import compare_engines
from sim.credibility.verification.gates import Verdict, judge
from sim.credibility.verification.trial import simulate_case, verify

__all__ = ["Verdict", "cases", "compare_engines", "judge", "simulate_case", "verify"]
