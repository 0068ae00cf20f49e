/** The chain: what binds an entry, what may be withheld from a reader, and what nobody can guess. */
import { describe, expect, test } from 'vitest';
import { criterionIds, findings, views } from '#schema/criteria.ts';
import type { Event } from '#schema/event.ts';
import {
  canonical,
  chain,
  commit,
  firstPrev,
  hashEntry,
  verify,
  type Entry,
  type EntryHeader,
} from '#schema/ledger.ts';
import { nothingNeeded, theLead, type PositionContent } from '#schema/position.ts';
import { fold } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import {
  admitted,
  amara,
  at,
  given,
  opened,
  outcomeRecorded,
  positionFor,
  positionGiven,
  positionsDiffer,
  priya,
  record,
  resolutionOpened,
  room,
  saltOf,
  tomas,
} from '../support/rules.ts';

const entries = record([...opened(), ...positionsDiffer()]);
const first = entries[0] as Entry;
const last = entries.at(-1) as Entry;

describe('[M44] the chain', () => {
  test('runs from 64 zeros, 1, 2, 3, each holding the hash of the one before', () => {
    expect(first.prev).toBe(firstPrev);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const [index, entry] of entries.slice(1).entries()) expect(entry.prev).toBe(entries[index]?.hash);
    expect(verify(entries)).toEqual({ whole: true, entries: 7, withheld: 0, head: last.hash });
  });

  test('an empty record is whole', () => {
    expect(verify([])).toEqual({ whole: true, entries: 0, withheld: 0, head: firstPrev });
  });

  test('the hash covers every part of the header', () => {
    const { hash, salt: _, body: __, ...header } = first;
    const changes: { [Part in keyof EntryHeader]: unknown } = {
      v: 2,
      room: 'f'.repeat(32),
      seq: 2,
      type: 'ChairTold',
      at: '2026-11-23T09:00:01.001Z',
      actor: { ...amara, name: 'Amara Fenwicke' },
      command: 'f'.repeat(32),
      commitment: 'f'.repeat(64),
      prev: 'f'.repeat(64),
    };
    expect(Object.keys(changes).sort()).toEqual(Object.keys(header).sort());
    for (const [part, value] of Object.entries(changes)) {
      expect(hashEntry({ ...header, [part]: value }), part).not.toBe(hash);
    }
    for (const part of ['role', 'agency', 'person'] as const) {
      expect(
        hashEntry({ ...header, actor: { ...amara, [part]: priya[part] === amara[part] ? 'chair' : priya[part] } }),
      ).not.toBe(hash);
    }
  });

  test('the order of keys does not matter, only what they hold', () => {
    const backwards = Object.fromEntries(Object.entries(first).reverse()) as Entry;
    expect(hashEntry(backwards)).toBe(first.hash);
    expect(canonical({ b: [1], a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":[1]}');
  });

  test('what has no canonical form is never chained', () => {
    for (const value of [undefined, Number.NaN, 'half \ud83d', () => 1]) expect(() => canonical(value)).toThrow();
  });

  test('time never goes back, even where every hash was made anew', () => {
    const back = record([
      at('2026-11-23T09:00:00.000Z', resolutionOpened),
      at('2026-11-23T08:59:59.999Z', outcomeRecorded()),
    ]);
    expect(verify(back)).toEqual({ whole: false, seq: 2, why: 'time' });
    const same = record([
      at('2026-11-23T09:00:00.000Z', resolutionOpened),
      at('2026-11-23T09:00:00.000Z', outcomeRecorded()),
    ]);
    expect(verify(same).whole).toBe(true);
  });

  test('an entry of another room does not fit, even well chained', () => {
    const other = record([outcomeRecorded()], [first], 'f'.repeat(32));
    expect(verify(other)).toEqual({ whole: false, seq: 2, why: 'room' });
  });

  test('a type that is not the type of its words does not fit', () => {
    const { hash: _, salt, body, ...header } = last;
    const lying: EntryHeader = { ...header, type: 'DecisionSigned' };
    const entry: Entry = { ...lying, hash: hashEntry(lying), salt, body };
    expect(verify([...entries.slice(0, -1), entry])).toEqual({ whole: false, seq: 7, why: 'commitment' });
  });
});

describe('[M44] what is known from elsewhere', () => {
  test('head and length must be reached; a longer record needs its own head', () => {
    expect(verify(entries, { head: last.hash, length: 7 }).whole).toBe(true);
    expect(verify(entries, { length: 5 }).whole).toBe(true);
    expect(verify(entries, { length: 8 })).toEqual({ whole: false, seq: 8, why: 'head' });
    expect(verify(entries, { head: first.hash })).toEqual({ whole: false, seq: 7, why: 'head' });
    expect(verify([], { head: first.hash })).toMatchObject({ whole: false, why: 'head' });
  });

  test('a receipt holds for ever, also once the record has grown', () => {
    const receipts = entries.slice(0, 4).map(({ seq, hash }) => ({ seq, hash }));
    expect(verify(entries, { receipts }).whole).toBe(true);
    expect(verify(entries.slice(0, 3), { receipts })).toEqual({ whole: false, seq: 4, why: 'head' });
    expect(verify(entries, { receipts: [{ seq: 3, hash: last.hash }] })).toEqual({ whole: false, seq: 3, why: 'head' });
  });
});

describe('[M20] [M44] a withheld body', () => {
  const sealed = given(opened(), positionGiven(amara), positionGiven(tomas));

  test('verifies all the same, for every reader, and is counted', () => {
    for (const reader of admitted) {
      const seen = sealed.entries.map((entry) => asReadBy(entry, sealed.state, reader));
      const withheld = seen.filter(({ body }) => body === null).length;
      expect(verify(seen)).toEqual({ whole: true, entries: 5, withheld, head: sealed.entries.at(-1)?.hash });
      expect(withheld).toBe(reader.agency.id === amara.agency.id || reader.agency.id === tomas.agency.id ? 1 : 2);
    }
  });

  test('is bound: other words cannot be shown later in its place', () => {
    const shownLater = (body: Event, salt: string) =>
      sealed.entries.map((entry) => (entry.seq === 4 ? { ...entry, body, salt } : entry));
    const other: Event = {
      type: 'PositionSubmitted',
      content: positionFor('do-not-notify'),
      whatChanged: null,
      restsOn: null,
    };
    for (const salt of [saltOf(4), saltOf(5)]) {
      expect(verify(shownLater(other, salt))).toEqual({ whole: false, seq: 4, why: 'commitment' });
    }
  });

  test('is withheld with its salt or not at all: words without a salt are not taken on trust', () => {
    const [entry] = sealed.entries.slice(3);
    for (const part of [
      { salt: null },
      { body: null },
      { salt: '' },
      { salt: 'not hex' },
      { salt: saltOf(4).toUpperCase() },
    ]) {
      const changed = sealed.entries.map((each) => (each === entry ? { ...each, ...part } : each));
      expect(verify(changed), JSON.stringify(part)).toEqual({ whole: false, seq: 4, why: 'commitment' });
    }
  });

  test('a broken export is a verdict, not an exception', () => {
    const broken = [
      { body: {} },
      { body: undefined },
      { body: 'text' },
      { salt: 7 },
      { actor: null },
      { actor: { name: '\ud83d' } },
    ];
    for (const part of broken) {
      const changed = entries.map((each) => (each.seq === 2 ? ({ ...each, ...part } as Entry) : each));
      expect(verify(changed), JSON.stringify(part)).toMatchObject({ whole: false, seq: 2 });
    }
  });
});

describe('[M20] a sealed position cannot be guessed', () => {
  const reason = 'The same words, known to the person who guesses.';
  /** Every position there is, for somebody who knows all the reasons. */
  const everyPosition: PositionContent[] = findings.flatMap((one) =>
    findings.flatMap((two) =>
      findings.flatMap((three) =>
        views.map((view) => ({
          answers: {
            'abuse-or-neglect': { finding: one, reason },
            'death-or-serious-harm': { finding: two, reason },
            place: { finding: three, reason },
          },
          needed: nothingNeeded,
          speaker: theLead,
          overall: { view, reason },
          reputation: { formedPart: 'no' as const, explanation: '' },
        })),
      ),
    ),
  );
  const bodyOf = (content: PositionContent): Event => ({
    type: 'PositionSubmitted',
    content,
    whatChanged: null,
    restsOn: null,
  });
  const secret = bodyOf(everyPosition[40] as PositionContent);
  const salt = saltOf(12345);
  const entry = chain(
    { room, seq: 1, at: '2026-11-23T09:00:00.000Z', actor: amara, command: '0'.repeat(32), prev: firstPrev },
    secret,
    salt,
  );

  test('there are only 81, so a plain hash would be found; with the salt, exactly one fits', () => {
    expect(everyPosition).toHaveLength(findings.length ** criterionIds.length * views.length);
    expect(everyPosition.filter((content) => commit(salt, bodyOf(content)) === entry.commitment)).toEqual([
      everyPosition[40],
    ]);
  });

  test('without the salt none of them fits, for any salt the reader can find in the entry', () => {
    const seen = asReadBy(entry, fold([entry]), priya);
    expect(seen).not.toBe(entry);
    expect(JSON.stringify(seen)).not.toContain(salt);
    const found = [...new Set(JSON.stringify(seen).match(/[0-9a-f]{64}/g)), '0'.repeat(64), seen.room.padEnd(64, '0')];
    expect(found.length).toBeGreaterThan(3);
    for (const guess of found) {
      for (const content of everyPosition) expect(commit(guess, bodyOf(content))).not.toBe(seen.commitment);
    }
  });

  test('the same position given twice looks like two unrelated ones', () => {
    expect(commit(saltOf(1), secret)).not.toBe(commit(saltOf(2), secret));
  });
});
