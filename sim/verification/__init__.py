"""The simulator against theory: small networks that have exact answers go through the whole program."""

from sim.verification.catalogue import cases
from sim.verification.gates import Verdict, judge
from sim.verification.table import page, print_table
from sim.verification.trial import simulated, verify

__all__ = ["Verdict", "cases", "judge", "page", "print_table", "simulated", "verify"]
