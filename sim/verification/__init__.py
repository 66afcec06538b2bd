"""The simulator against theory: small networks that have exact answers go through the whole program."""

from sim.verification.catalogue import cases
from sim.verification.engines import compare_engines
from sim.verification.gates import Verdict, judge
from sim.verification.table import page, print_comparisons, print_table
from sim.verification.trial import simulated, verify

__all__ = [
    "Verdict",
    "cases",
    "compare_engines",
    "judge",
    "page",
    "print_comparisons",
    "print_table",
    "simulated",
    "verify",
]
