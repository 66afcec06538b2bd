"""Words of luck in the order in which a study uses them, for a battery of tests of randomness.

``python bench/luck_stream.py KEY=VALUE ... | dieharder -g 200 -d 0`` writes 64-bit words without sign, without end:
replication after replication of the study's baseline. Of each, the words of demand in the order drawn (zone, acuity and
level, hour and second, first contact and shift; then the keys), and for each contact, as the patients come, those of
its choice of site, its course and its wait. Without the patients who are there at the start, and without order by key:
both depend on the words themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.demand.layers import BLOCK, layers_of
from sim.demand.words import FIRST, GAMMA, KIND, WHEN, WHO, hash_of, mix
from sim.model.codes import Ints, Origin, Purpose, Words
from sim.model.randomness import salt
from sim.model.tables import Contacts, Episodes, Model
from sim.simulation import simulate

ASKED = (Purpose.CHOICE, Purpose.COURSE, Purpose.WAIT)


def demand_words(model: Model, seed: int, replication: int) -> Iterator[Words]:
    """Words of the episodes, stream by stream and block by block."""
    for layer in layers_of(model, hash_of(f"careshift seed {seed} replication {replication}")):
        for at in range(0, layer.size, BLOCK):
            steps = GAMMA * np.arange(at + 1, min(at + BLOCK, layer.size) + 1, dtype=np.uint64)
            yield np.stack([mix(layer._start(use) + steps) for use in (WHO, KIND, WHEN, FIRST)], axis=1)
        yield from (block["key"] for block in layer.blocks())


def visits(contacts: Contacts) -> Ints:
    """[contacts] how many times the episode has asked for the service, this time counted."""
    pair = contacts.episode * (int(contacts.service.max(initial=0)) + 1) + contacts.service
    order = np.argsort(pair, kind="stable")
    new = np.flatnonzero(np.diff(pair[order], prepend=-1))
    visit = np.empty_like(order)
    visit[order] = 1 + np.arange(len(order)) - np.repeat(new, np.diff(new, append=len(order)))
    return visit


def contact_words(model: Model, episodes: Episodes, contacts: Contacts) -> Words:
    """[contacts, 3] words of each contact, in the order of requests."""
    visit = visits(contacts)
    hashes = model.service_hash.tolist()
    salts = [[[salt(h, v, use) for use in ASKED] for v in range(int(visit.max(initial=0)) + 1)] for h in hashes]
    key = episodes.key[contacts.episode]
    came = np.isin(contacts.episode, contacts.episode[contacts.origin == Origin.INITIAL], invert=True)
    return mix(key[:, None] ^ np.array(salts, dtype=np.uint64)[contacts.service, visit])[came]


def main(keys: list[str]) -> None:
    """Writes until nobody reads."""
    world = load_study(keys)
    model, seed = compile_scenario(world, world.study.scenarios[0]), world.study.seed
    for replication in range(1 << 40):
        for words in demand_words(model, seed, replication):
            sys.stdout.buffer.write(words.tobytes())
        run = simulate(model, seed, replication, "compiled")
        sys.stdout.buffer.write(contact_words(model, run.episodes, run.contacts).tobytes())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BrokenPipeError:
        sys.stderr.close()
