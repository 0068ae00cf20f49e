/** Tampering: eight ways to falsify a record, a thousand places each, every one found and named. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import type { Event } from '#schema/event.ts';
import { chain, hashEntry, verify, type Entry, type Known, type Verdict } from '#schema/ledger.ts';
import { fold } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import {
  admitted,
  amara,
  decisionSigned,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  notesFrozen,
  notesSaying,
  opened,
  outcomeRecorded,
  positionFor,
  positionGiven,
  positionsOpened,
  priya,
  record,
  resolutionAsked,
  resolutionOpened,
  saltOf,
  tomas,
  type Happened,
} from '../support/rules.ts';

const times = 1000;

/** Mulberry32: the same "random" places in every run, so that a failure can be looked at again. */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from `least` up to and including `most`. */
    from: (least: number, most: number) => least + Math.floor(next() * (most - least + 1)),
    one: <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item,
  };
}
type Dice = ReturnType<typeof dice>;

const acts: ((dice: Dice) => Happened)[] = [
  (dice) =>
    positionGiven(
      dice.one([amara, tomas, priya]),
      positionFor(dice.one(['notify', 'do-not-notify', 'cannot-say-yet'])),
    ),
  () => positionsOpened(),
  (dice) => dissentRecorded(dice.one([amara, priya])),
  (dice) => dissentAnswered(dice.from(4, 9)),
  (dice) => dissentReviewed(priya, dice.from(4, 9), dice.one(['maintained', 'eased', 'withdrawn'])),
  () => resolutionAsked(),
  () => resolutionOpened,
  (dice) => outcomeRecorded(dice.one(['agreed-notify', 'not-agreed'])),
  (dice) => decisionSigned([dice.from(4, 9)], dice.one(['notify', 'do-not-notify'])),
  (dice) => notesFrozen(notesSaying(dice.from(1, 99), `Said in draft ${dice.from(1, 99)}.`)),
];

/** A record of 4 to 20 entries: a case opened, then acts in any order (the chain does not care for the rules). */
function goodRecord(seed: number): Entry[] {
  const rolled = dice(seed);
  return record([...opened(), ...Array.from({ length: rolled.from(1, 17) }, () => rolled.one(acts)(rolled))]);
}

let good: Entry[][] = [];
beforeAll(() => {
  good = Array.from({ length: times }, (_, seed) => goodRecord(seed));
});

const hashesOf = (entries: readonly Entry[]) => entries.map(({ seq, hash }) => ({ seq, hash }));
const headOf = (entries: readonly Entry[]) => (entries.at(-1) as Entry).hash;

/** `entries` from `seq` on numbered and chained anew, as one who holds the whole database can do. */
function rechain(entries: readonly Entry[], seq: number): Entry[] {
  const anew = entries.slice(0, seq - 1);
  for (const { room, at, actor, command, body, salt } of entries.slice(seq - 1)) {
    const header = { room, seq: anew.length + 1, at, actor, command, prev: anew.at(-1)?.hash ?? '0'.repeat(64) };
    anew.push(chain(header, body as Event, salt as string));
  }
  return anew;
}

/** The same words with one of their texts changed. */
function otherWords(body: Event, dice: Dice): Event {
  const other = structuredClone(body);
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const look = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === 'string' && key !== 'type') places.push({ holder: holder as Record<string, unknown>, key });
      else look(value);
    }
  };
  look(other);
  if (places.length === 0) return { type: 'PositionsOpened', because: 'chair', reason: 'Another.' };
  const { holder, key } = dice.one(places);
  holder[key] = `${String(holder[key])} not`;
  return other;
}

const replaced = (entries: readonly Entry[], seq: number, part: object): Entry[] =>
  entries.map((entry) => (entry.seq === seq ? { ...entry, ...part } : entry));

type Tampered = {
  entries: Entry[];
  /** Where a check that knows only the chain, or the head or length given here, finds it. */
  found: number;
  known?: Known;
  /** Which entry was falsified: named exactly by a partner's receipts. */
  falsified: number;
};
type Way = (entries: Entry[], dice: Dice) => Tampered;

const headers: ((entry: Entry, dice: Dice) => Partial<Record<keyof Entry, unknown>>)[] = [
  () => ({ v: 2 }),
  () => ({ room: 'f'.repeat(32) }),
  ({ seq }, dice) => ({ seq: seq + dice.one([-1, 1, 7]) }),
  ({ type }) => ({ type: type === 'DissentRecorded' ? 'DissentAnswered' : 'DissentRecorded' }),
  ({ at }) => ({ at: new Date(Date.parse(at) + 1).toISOString() }),
  ({ actor }, dice) => ({ actor: { ...actor, name: dice.one(['', `${actor.name}e`]) } }),
  ({ actor }): { actor: Actor } => ({ actor: { ...actor, role: actor.role === 'chair' ? 'contributor' : 'chair' } }),
  ({ actor }) => ({ actor: { ...actor, agency: { ...actor.agency, name: 'Another agency' } } }),
  () => ({ command: 'f'.repeat(32) }),
  () => ({ commitment: 'f'.repeat(64) }),
  () => ({ prev: 'f'.repeat(64) }),
  () => ({ hash: 'f'.repeat(64) }),
];

const ways: Record<string, Way> = {
  'edit a body': (entries, dice) => {
    const seq = dice.from(1, entries.length);
    const { body, salt } = entries[seq - 1] as Entry;
    const changes = [
      { body: otherWords(body as Event, dice) },
      { body: otherWords(body as Event, dice), salt: null },
      { body: otherWords(body as Event, dice), salt: saltOf(9999) },
      { body: null },
      { salt: `${(salt as string).slice(0, -1)}${(salt as string).endsWith('0') ? '1' : '0'}` },
    ];
    return { entries: replaced(entries, seq, dice.one(changes)), found: seq, falsified: seq };
  },
  'edit a header': (entries, dice) => {
    const seq = dice.from(1, entries.length);
    const change = dice.one(headers)(entries[seq - 1] as Entry, dice);
    return { entries: replaced(entries, seq, change), found: seq, falsified: seq };
  },
  'delete an entry': (entries, dice) => {
    const seq = dice.from(1, entries.length - 1);
    return { entries: entries.filter((entry) => entry.seq !== seq), found: seq, falsified: seq };
  },
  // Well made in itself, it takes the number of the entry after it, which then does not fit.
  'insert an entry': (entries, dice) => {
    const seq = dice.from(1, entries.length);
    const { event, by } = dice.one(acts)(dice);
    const [before, after] = [entries.slice(0, seq - 1), entries.slice(seq - 1)];
    const { room, at, command, prev } = after[0] as Entry;
    const inserted = chain({ room, seq, at, actor: by, command, prev }, event, saltOf(8888));
    return { entries: [...before, inserted, ...after], found: seq + 1, falsified: seq };
  },
  'swap two entries': (entries, dice) => {
    const seq = dice.from(1, entries.length - 1);
    const other = dice.from(seq + 1, entries.length);
    const swapped = entries.map((entry) => {
      if (entry.seq === seq) return entries[other - 1] as Entry;
      return entry.seq === other ? (entries[seq - 1] as Entry) : entry;
    });
    return { entries: swapped, found: seq, falsified: seq };
  },
  'rewrite an entry and chain all after it anew': (entries, dice) => {
    const seq = dice.from(1, entries.length);
    const { body } = entries[seq - 1] as Entry;
    const rewritten = rechain(replaced(entries, seq, { body: otherWords(body as Event, dice) }), seq);
    return { entries: rewritten, found: entries.length, known: { head: headOf(entries) }, falsified: seq };
  },
  'cut off the end': (entries, dice) => {
    const left = dice.from(0, entries.length - 1);
    return { entries: entries.slice(0, left), found: left + 1, known: { length: entries.length }, falsified: left + 1 };
  },
  'insert an entry as of an earlier day and chain all after it anew': (entries, dice) => {
    const seq = dice.from(2, entries.length);
    const { event, by } = dice.one(acts)(dice);
    const before = entries[seq - 2] as Entry;
    const inserted = chain({ ...before, actor: by }, event, saltOf(7777));
    const rewritten = rechain([...entries.slice(0, seq - 1), inserted, ...entries.slice(seq - 1)], seq);
    return { entries: rewritten, found: entries.length + 1, known: { head: headOf(entries) }, falsified: seq };
  },
};

/** Every place in turn: its verdict, or what was expected where the check is wrong. */
function misses(
  way: Way,
  expected: (tampered: Tampered) => number | null,
  known: (entries: Entry[], tampered: Tampered) => Known,
) {
  return good.flatMap((entries, seed) => {
    const tampered = way(entries, dice(seed + 1_000_000));
    const verdict: Verdict = verify(tampered.entries, known(entries, tampered));
    const seq = expected(tampered);
    const right = verdict.whole ? seq === null : verdict.seq === seq;
    return right ? [] : [{ seed, seq, verdict }];
  });
}

test(`[R23] no false alarm over ${times} good records, whatever is known of them`, () => {
  const alarms = good.flatMap((entries, seed) => {
    const { from } = dice(seed + 2_000_000);
    const receipts = hashesOf(entries).slice(from(0, entries.length - 1));
    const knowns: Known[] = [{ head: headOf(entries), length: entries.length }, { receipts }];
    return knowns.map((known) => verify(entries, known)).filter(({ whole }) => !whole);
  });
  expect(good).toHaveLength(times);
  expect(alarms).toEqual([]);
}, 60_000);

test(`[R23] no false alarm over ${times} records read with sealed positions withheld`, () => {
  const alarms = good.flatMap((entries, seed) => {
    const reader = dice(seed + 3_000_000).one(admitted);
    const state = fold(entries);
    return [verify(entries.map((entry) => asReadBy(entry, state, reader)))].filter(({ whole }) => !whole);
  });
  expect(alarms).toEqual([]);
}, 60_000);

describe.each(Object.entries(ways))(`[R23] %s, in ${times} places`, (_, way) => {
  test('is detected every time, and named where the record stops fitting', () => {
    expect(
      misses(
        way,
        ({ found }) => found,
        (_, { known }) => known ?? {},
      ),
    ).toEqual([]);
  }, 60_000);

  test('is named exactly by the receipts of one partner', () => {
    expect(
      misses(
        way,
        ({ falsified }) => falsified,
        (entries) => ({ receipts: hashesOf(entries) }),
      ),
    ).toEqual([]);
  }, 60_000);
});

describe('[R23] what a chain alone cannot show, and why a head or receipt is kept elsewhere', () => {
  const silent = Object.entries(ways).filter(([, way]) => way(goodRecord(1), dice(1)).known);
  test('these three', () => {
    expect(silent.map(([name]) => name)).toEqual([
      'rewrite an entry and chain all after it anew',
      'cut off the end',
      'insert an entry as of an earlier day and chain all after it anew',
    ]);
  });
  test.each(silent)(
    '%s',
    (_, way) => {
      expect(
        misses(
          way,
          () => null,
          () => ({}),
        ),
      ).toEqual([]);
    },
    60_000,
  );
});

test('[R23] one who chains anew but leaves one hash as it was is found there', () => {
  const entries = goodRecord(7);
  const { hash: _, salt, body, ...header } = entries[2] as Entry;
  const moved = { ...header, at: '2026-11-23T09:00:02.500Z' };
  const forged: Entry = { ...moved, hash: hashEntry(moved), salt, body };
  expect(verify(entries.map((entry) => (entry.seq === 3 ? forged : entry)))).toEqual({
    whole: false,
    seq: 4,
    why: 'chain',
  });
});
