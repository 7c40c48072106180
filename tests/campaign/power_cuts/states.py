"""Which states a power cut could have left of a record, and how to make them one after another.

What was written before the last flush is on the disk. Of what was written since, any part may be:
  prefix  all of it, in order, up to the cut;
  subset  some of the writes, each whole. This covers every reordering: a later write may be there without an earlier one;
  torn    some blocks of 4096 bytes of some of the writes.
"""
import bisect, collections, os

KINDS = ("prefix", "subset", "torn")
BLOCK = 4096
State = collections.namedtuple("State", "kind at flushed pieces")


def last_flush(flushes, at):
    found = bisect.bisect_right(flushes, at)
    return flushes[found - 1] if found else 0


def blocks(write):
    """A write in pieces, cut where the disk's blocks end."""
    start, end = write.offset, write.offset + len(write.data)
    while start < end:
        stop = min(end, (start // BLOCK + 1) * BLOCK)
        yield start, write.data[start - write.offset:stop - write.offset]
        start = stop


def pieces_of(items, flushed, at, kind, random):
    writes = [item for item in items[flushed:at] if item is not None]
    if kind == "prefix":
        return [(write.offset, write.data) for write in writes]
    share = random.choice((0.2, 0.5, 0.8))
    if kind == "subset":
        return [(write.offset, write.data) for write in writes if random.random() < share]
    return [piece for write in writes for piece in blocks(write) if random.random() < share]


def draw(items, first, moments, count, random):
    """`count` different states, in the order of the record. Half of the cuts are at the `moments` of acknowledgement."""
    flushes = [number + 1 for number, item in enumerate(items) if item is None]
    open_ends = [at for at in range(first + 1, len(items) + 1) if items[at - 1] is not None]
    states, seen, idle = [], set(), 0
    while len(states) < count and idle < 50 * count:
        kind = KINDS[len(states) % 3]
        at = random.choice(moments if random.random() < 0.3 else open_ends)
        flushed = last_flush(flushes, at)
        pieces = pieces_of(items, flushed, at, kind, random)
        name = (at, tuple((offset, len(data)) for offset, data in pieces))
        if name in seen:
            idle += 1
            continue
        seen.add(name)
        states.append(State(kind, at, flushed, pieces))
    return sorted(states, key=lambda state: (state.flushed, state.at))


class Durable:
    """An image that holds what was flushed up to a place in the record; it only goes forward."""

    def __init__(self, image, items):
        self.path, self.items, self.done = image, items, 0

    def advance(self, to):
        with open(self.path, "r+b", buffering=0) as image:
            for item in self.items[self.done:to]:
                if item is not None:
                    os.pwrite(image.fileno(), item.data, item.offset)
        self.done = max(self.done, to)


def apply(image, state):
    with open(image, "r+b", buffering=0) as file:
        for offset, data in state.pieces:
            os.pwrite(file.fileno(), data, offset)
