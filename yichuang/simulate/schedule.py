"""One schedule: people work while machines fail, then everything heals, then everybody must agree."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from unittest.mock import patch

from hall.journal import envelope
from sync.core import Lane
from yichuang.simulate.accidents import Accidents
from yichuang.simulate.answers import ANSWERS
from yichuang.simulate.closings import is_closed
from yichuang.simulate.machine import Machine, Rules
from yichuang.simulate.people import People
from yichuang.simulate.rules import Wrong, judged
from yichuang.simulate.world import Flight, World

ROUND_S = 61.0
"""Longer than a heartbeat and than any pause but those after many failures."""
MOST_ROUNDS = 40
"""Rounds within which everybody must agree once nothing fails any more."""
QUIET_ROUNDS = 4
"""Rounds without news that are the end even where somebody waits or is refused."""
UPWARDS = (Lane.FACTS, Lane.BLOBS)
ALWAYS_SAID = {Lane.FACTS: "/v1/push", Lane.FEED: "/v1/feed/hall"}
MOST_STEPS_OF_A_FLIGHT = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one schedule showed."""

    wrong: tuple[Wrong, ...]
    faults: Counter[str]
    world: World


def play(seed: int, rules: Rules | None = None, told: Callable[[str], None] = lambda _: None) -> Outcome:
    """The same seed plays the same schedule."""
    # a pure function, asked by each machine for each record
    with patch.object(envelope, "parse", lru_cache(maxsize=None)(envelope.parse)):
        return _played(random.Random(seed), rules or Rules(answers=ANSWERS), told)


def _played(rng: random.Random, rules: Rules, told: Callable[[str], None]) -> Outcome:
    world = World(rng, rules, told)
    world.build()
    people, accidents = People(world), Accidents(world)
    try:
        _settle_down(world, 1)
        trouble = rng.choice((0.04, 0.1, 0.2))
        for _ in range(rng.randrange(40, 200)):
            _step(world, people, accidents, trouble)
        _heal(world, people, accidents)
        return Outcome(tuple(judged(world)), world.counts, world)
    finally:
        for flight in world.flights:
            if flight.serving is not None:
                flight.serving.close()


def _step(world: World, people: People, accidents: Accidents, trouble: float) -> None:
    rng = world.rng
    dice = rng.random()
    if dice < 0.45 and world.flights:
        world.advance(rng.choice(world.flights))
    elif dice < 0.7:
        speakers = [m for m in world.running() if m.core is not None]
        if speakers:
            world.speak(rng.choice(speakers), rng.choice((Lane.FACTS, Lane.FACTS, Lane.FEED, Lane.BLOBS)))
    elif dice < 1.0 - trouble:
        people.act()
    else:
        accidents.happen()


def _heal(world: World, people: People, accidents: Accidents) -> None:
    world.bad_line = False
    for m in accidents.all():
        m.up = m.down = True
        m.fuse, m.power = None, False
        if not m.runs:
            world.start(m)
        m.journal.full_disk = False
    world.now += ROUND_S
    settled = _settle_down(world, 6) and not people.unsure
    for place in accidents.clones:
        # the county's IT has been told of a second computer under one name, and switches one off
        twin = world.machines.pop(place)
        twin.die()
        world.forget_flights_of(twin)
        accidents.forget_what_went_with(twin.tables)
        settled = False
    for m in accidents.all():
        if m.old_program:
            settled = False
            m.die()
            world.forget_flights_of(m)
            m.upgrade()
            world.start(m)
    while people.unsure:
        people.press_again()
    settled = _bury(world, people, accidents) and settled
    for _ in range(3):
        if not settled:
            _settle_down(world, MOST_ROUNDS)
        settled = False
        suspects = [m for m in accidents.all() if m.journal.identity.suspect]
        if not suspects:
            return
        for m in suspects:
            # a person has looked: this is the machine that goes on
            m.journal.settle()
    _settle_down(world, MOST_ROUNDS)


def _bury(world: World, people: People, accidents: Accidents) -> bool:
    """Machines that were closed are switched off for good; that was forgotten with a disk, and is ordered again. False:
    somebody has something to hear of it.
    """
    everybody = accidents.all()
    known = {m.name for m in everybody if any(is_closed(o.tables, m.name) for o in everybody)}
    closed = [m for m in everybody if m.name in known.union(world.gone)]
    for m in closed:
        world.switch_off(m)
        world.buried[m.name] = world.machines.pop(m.name)
        accidents.forget_what_went_with(m.tables)
    if closed:
        _settle_down(world, MOST_ROUNDS)
    forgotten = [
        (m.above, m.name) for m in closed if m.above is not None and not is_closed(m.above.tables, m.name)
    ]
    for above, name in forgotten:
        if not above.journal.identity.settled and above.parent is not None:
            above.parent.greeter.do_not_wait(name)
    if forgotten:
        _settle_down(world, MOST_ROUNDS)
    for above, name in forgotten:
        people.close(above, name)
    return not closed


def _settle_down(world: World, rounds: int) -> bool:
    """Everybody speaks, round by round, until nothing new came. False: something new came to the end."""
    last, quiet = _shape(world), 0
    for _ in range(rounds):
        # from below upwards and down again: most of what there is to tell is told in one round
        top_down = list(world.machines.values())
        idle = [_talk(world, m, lane) for m in top_down[::-1] for lane in UPWARDS]
        idle += [_talk(world, m, Lane.FEED) for m in top_down]
        world.now += ROUND_S
        shape = _shape(world)
        quiet = 0 if shape != last else quiet + 1
        last = shape
        # everybody was heard with nothing to say: so they would be again
        if quiet and (all(idle) or quiet == QUIET_ROUNDS):
            return True
    return False


def _talk(world: World, m: Machine, lane: Lane) -> bool:
    """True: it had nothing to say but what is said in every round, and was heard."""
    said = [f for f in world.flights if f.child is m and f.lane is lane]
    for flight in said:
        _finish(world, flight)
    for _ in range(6):
        begun = world.speak(m, lane)
        if begun is None:
            break
        said.append(begun)
        _finish(world, begun)
    if m.above is None or lane is Lane.BLOBS:
        return not said
    heard = [(f.request.path, f.answer and f.answer.status, f.fate) for f in said]
    return heard == [(ALWAYS_SAID[lane], 200, "")]


def _finish(world: World, flight: Flight) -> None:
    for _ in range(MOST_STEPS_OF_A_FLIGHT):
        if flight not in world.flights:
            return
        world.advance(flight)


def _shape(world: World) -> tuple[object, ...]:
    return tuple((m.runs, m.tables.shape()) for m in world.machines.values())
