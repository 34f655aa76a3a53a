"""How identity across documents grows: pairwise F1, CPU time and memory on made-up news of growing size.

usage: identity.py grow [--sizes 1000,10000] [--misses N]

The world is made with the size, always the same one: for ten documents two people and a body, each tenth person a
namesake of another one (same two names; another country, field of work and employer). A document names two to four
people, a few of them often and most rarely, with title, nationality, employer or neither: 80 % by the full Arabic name,
the others misspelt, with the Latin name in brackets, by the Latin name alone, without titles, or by the family name.
Names are built of given names from the tagger's tables and of invented family names. All pairs of entities of persons
and bodies are counted; "namesakes" are the pairs of people who share a name.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rawabit.graph.model import Claim, Entity, Extraction, Relation, Resolution, member_key
from rawabit.graph.resolve import resolve
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Document, Label, Mention

GIVEN = (
    ("محمد", "Mohamed"), ("أحمد", "Ahmed"), ("خالد", "Khaled"), ("سالم", "Salem"), ("ليلى", "Laila"), ("منى", "Mona"),
    ("نزار", "Nizar"),
    ("هالة", "Hala"), ("طارق", "Tarek"), ("سمير", "Samir"), ("رامي", "Rami"), ("دينا", "Dina"),
    ("كريم", "Karim"), ("فارس", "Fares"), ("ياسمين", "Yasmin"), ("عمر", "Omar"), ("جميل", "Jamil"), ("هدى", "Hoda"),
    ("بلال", "Bilal"), ("نادر", "Nader"), ("سلمى", "Salma"), ("رشيد", "Rashid"), ("إبراهيم", "Ibrahim"),
    ("مروان", "Marwan"),
)  # fmt: skip
SOUNDS = (
    ("ب", "b"), ("د", "d"), ("ر", "r"), ("ز", "z"), ("س", "s"), ("ش", "sh"), ("ف", "f"), ("ك", "k"), ("ل", "l"),
    ("م", "m"),
    ("ن", "n"), ("ت", "t"),
)  # fmt: skip
VOWELS = (("ا", "a"), ("ي", "i"), ("و", "u"))
ENDS = (("ني", "ni"), ("ري", "ri"), ("وش", "ush"), ("دار", "dar"), ("مان", "man"), ("اوي", "awi"))
NATIONS = (
    "المصري", "العراقي", "السوري", "الأردني", "التونسي", "المغربي", "السعودي", "الكويتي", "القطري", "اليمني", "الليبي",
    "اللبناني",
)  # fmt: skip
TITLES = ("اللاعب", "الوزير", "الجنرال", "المخرج", "الطبيب", "القاضي", "المستثمر", "الصحفي")
KINDS = (("شركة", "company"), ("بنك", "Bank"), ("نادي", "Club"), ("جامعة", "University"))


class Person(NamedTuple):
    number: int
    name: str
    latin: str
    nation: str
    title: str
    body: int


class World(NamedTuple):
    people: list[Person]
    bodies: list[str]


def family(number: int) -> tuple[str, str]:
    """An invented family name in both scripts; each number has another one."""
    arabic, latin = "ال", ""
    number, end = divmod(number, len(ENDS))
    while True:
        number, sound = divmod(number, len(SOUNDS))
        number, vowel = divmod(number, len(VOWELS))
        arabic += SOUNDS[sound][0] + VOWELS[vowel][0]
        latin += SOUNDS[sound][1] + VOWELS[vowel][1]
        if not number and len(latin) > 3:
            return arabic + ENDS[end][0], (latin + ENDS[end][1]).capitalize()


def world(size: int) -> World:
    chance = random.Random(7)
    count = max(20, size // 5)
    bodies = [f"{KINDS[i % 4][0]} {family(i * 7 + 3)[0]} {family(i * 11 + 5)[0]}" for i in range(max(10, size // 10))]
    people: list[Person] = []
    for number in range(count):
        nation, title = chance.randrange(len(NATIONS)), chance.randrange(len(TITLES))
        if number % 10 == 9:
            other = people[number - 1 - chance.randrange(8)]
            nation = (NATIONS.index(other.nation) + 1 + nation % (len(NATIONS) - 1)) % len(NATIONS)
            title = (TITLES.index(other.title) + 1 + title % (len(TITLES) - 1)) % len(TITLES)
            name, latin = other.name, other.latin
            body = (other.body + 1 + chance.randrange(len(bodies) - 1)) % len(bodies)
        else:
            given, last = chance.choice(GIVEN), family(chance.randrange(max(60, count * 2)) * 5 + 1)
            name, latin = f"{given[0]} {last[0]}", f"{given[1]} {last[1]}"
            body = chance.randrange(len(bodies))
        people.append(Person(number, name, latin, NATIONS[nation], TITLES[title], body))
    return World(people, bodies)


def documents(size: int, made: World) -> Iterator[tuple[Extraction, dict[str, str]]]:
    """Documents, and what each of their entities is."""
    chance = random.Random(11)
    for number in range(size):
        people = {int(len(made.people) * chance.random() ** 1.5) for _ in range(chance.randint(2, 4))}
        # One person of a name in a document.
        chosen = {made.people[p].name: made.people[p] for p in sorted(people)}
        yield _document(f"d{number}", list(chosen.values()), made, chance)


def _document(
    id: str, people: Sequence[Person], made: World, chance: random.Random
) -> tuple[Extraction, dict[str, str]]:
    text = ""
    entities: list[Entity] = []
    claims: list[Claim] = []
    truth: dict[str, str] = {}

    def add(label: Label, name: str, thing: str, *, latin: str | None = None, said: Label | None = None) -> Entity:
        nonlocal text
        mention = Mention(len(text), len(text) + len(name), name, said or label)
        text += name + " "
        mentions = [mention]
        if latin:
            mentions.append(Mention(len(text) + 1, len(text) + 1 + len(latin), latin, label))
            text += f"({latin}) "
        arabic = not name.isascii()
        english = latin or (None if arabic else name)
        entity = Entity(f"e{len(entities) + 1}", label, name, tuple(mentions), name if arabic else None, english)
        entities.append(entity)
        if said is None:
            truth[member_key(id, entity.id)] = thing
        return entity

    for person in people:
        text += "قال "
        full, how = True, chance.random()
        if chance.random() < 0.7:
            text += f"{person.title} "
            add(Label.PLACE, person.nation, "", said=Label.NORP)
        name, latin = person.name, None
        if how < 0.05:
            name = _misspelt(name, chance)
        elif how < 0.12:
            latin = person.latin
        elif how < 0.15:
            name = person.latin
        elif how < 0.17:
            name, full = name.split()[1], False
        subject = add(Label.PERSON, name, f"p{person.number}", latin=latin)
        if chance.random() < 0.6 or not full:
            text += "من "
            body = add(Label.ORGANIZATION, made.bodies[person.body], f"b{person.body}")
            spans = subject.mentions[0].span, body.mentions[0].span
            claims.append(Claim(f"{id}-{len(claims)}", subject.id, Relation.WORKS_FOR, body.id, 0, len(text), *spans))
        text = f"{text.rstrip()}.\n"
    return Extraction(Document(id, text), tuple(entities), tuple(claims)), truth


def _misspelt(name: str, chance: random.Random) -> str:
    first, last = name.split()
    how = chance.randrange(3)
    if how == 0:
        return f"{first} {last.removeprefix('ال')}"
    if how == 1:
        return f"{first.replace('أ', 'ا').replace('إ', 'ا').replace('ى', 'ي')} {last}"
    at = chance.randrange(4, len(last) - 1)
    return f"{first} {last[:at]}{last[at]}{last[at:]}"


def pairs(counts: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts)


def f1(truth: Mapping[str, str], resolution: Resolution) -> tuple[float, float]:
    """Precision and recall of pairs."""
    both = Counter((thing, resolution.members[member].id) for member, thing in truth.items())
    right = pairs(both.values())
    guessed = pairs(Counter(resolution.members[member].id for member in truth).values())
    owed = pairs(Counter(truth.values()).values())
    return right / guessed, right / owed


def namesakes(truth: Mapping[str, str], resolution: Resolution, made: World) -> tuple[int, int]:
    """Pairs of entities of two people of one name, and those of them that are one thing to the program."""
    of: dict[str, list[str]] = defaultdict(list)
    for person in made.people:
        of[person.name].append(f"p{person.number}")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for member, thing in truth.items():
        counts[thing][resolution.members[member].id] += 1
    total = wrong = 0
    for things in of.values():
        for i, one in enumerate(things):
            for other in things[i + 1 :]:
                total += counts[one].total() * counts[other].total()
                wrong += sum(n * counts[other][id] for id, n in counts[one].items())
    return total, wrong


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--misses", type=int, default=0, help="near misses to show on standard error")


def run(args: argparse.Namespace) -> None:
    print("| documents | entities | precision | recall | F1 | namesakes joined | CPU seconds | µs an entity | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    knowledge = load()
    for size in [int(size) for size in args.sizes.split(",")]:
        made = world(size)
        truth: dict[str, str] = {}
        extractions = []
        for extraction, things in documents(size, made):
            extractions.append(extraction)
            truth |= things
        started = time.process_time()
        resolution = resolve(extractions, knowledge)
        took = time.process_time() - started
        precision, recall = f1(truth, resolution)
        total, wrong = namesakes(truth, resolution, made)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        count = len(resolution.members)
        score = 2 * precision * recall / (precision + recall)
        print(
            f"| {size:,} | {count:,} | {precision:.3f} | {recall:.3f} | {score:.3f}"
            f" | {wrong:,} of {total:,} | {took:.1f} | {1e6 * took / count:.0f} | {memory} |",
            flush=True,
        )
        print(f"<!-- blocks split {resolution.split}, passed over {resolution.passed_over} -->", flush=True)
        for link in [one for one in resolution.links if one.against][: args.misses]:
            print(link, file=sys.stderr)
