/** Each step of a life, real and model side by side, and what must hold of every entry and every record. */
import type fc from 'fast-check';
import { expect } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import { isStatutoryPartner } from '#schema/agency.ts';
import { addWorkingDays, plainDate } from '#schema/calendar.ts';
import type { Command } from '#schema/command.ts';
import { isLive, standingWords, type Dissent } from '#schema/dissent.ts';
import { event as eventParser, type Event, type EventType } from '#schema/event.ts';
import type { Facts } from '#schema/facts.ts';
import { alsoPrinted } from '#schema/generated.ts';
import { notNow } from '#schema/life.ts';
import { minutesOf } from '#schema/minutes.ts';
import { packOf } from '#schema/pack.ts';
import { hashText, verify, type Entry } from '#schema/ledger.ts';
import { currentPosition, sayDifferences } from '#schema/position.ts';
import { recounted } from '#schema/recount.ts';
import { isRefusal, type RefusalName } from '#schema/refusal.ts';
import { registerRow } from '#schema/register.ts';
import { decide, evolve, fold, hasCase, type CaseRoom, type RoomState } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import { statusOf } from '#schema/status.ts';
import { serviceOf } from '#schema/served.ts';
import { succeed } from '#schema/succession.ts';
import { needsOf } from '#schema/work.ts';
import type { Deed } from './deeds.ts';
import {
  amara,
  beth,
  denis,
  factsWith,
  holidays,
  idris,
  joan,
  leadHealth,
  mina,
  notesSaying,
  otto,
  priya,
  record,
  selma,
  today,
  tomas,
  wren,
} from './rules.ts';
import {
  deciding,
  deputy,
  everybody,
  refused,
  written,
  absorb,
  commandFor,
  live,
  reviewOn,
  signing,
  type Said,
  type Model,
} from './life-model.ts';
import { bindsTheSame } from './signed.ts';

/** Who reads the record, by agency: its people are sent the same entries. */
const agencies = [[amara, idris, leadHealth], [tomas, denis, selma, mina], [priya, otto], [wren], [joan]] as const;

// The real thing: the record and its state, grown entry by entry.

export type Real = { entries: Entry[]; state: RoomState };

/** What every life has met, so that a test that never gets anywhere is seen. */
export const met = {
  refusals: new Set<RefusalName>(),
  events: new Set<EventType>(),
  commands: new Set<Command['type']>(),
  decided: 0,
  dissented: 0,
  reopened: 0,
  /** Lives in which disagreement with a decision was answered after the case had been reopened. */
  answeredLater: 0,
  /** Decisions signed by whoever covered for the decision-maker, and by the one who followed them. */
  signedForAnother: 0,
  signedAfterAnother: 0,
};

/** As the service writes it: never older than the entry before, wherever the clock stands. */
function latest(now: string, entries: readonly Entry[]): string {
  const before = entries.at(-1)?.at ?? now;
  return before > now ? before : now;
}

/** Adds what was decided to the record, and holds each entry of it to what must hold of every entry. */
function grow(real: Real, events: readonly Event[], by: Actor, facts: Facts, listed: number[]): void {
  const added = record(
    events.map((event) => ({ by, event, at: latest(facts.now, real.entries) })),
    real.entries,
  ).slice(real.entries.length);
  for (const entry of added) {
    const before = real.state;
    real.entries.push(entry);
    real.state = evolve(before, entry);
    const { body } = entry;
    // Disagreement with a decision before the case was reopened belongs to that decision's stage, not to this one.
    const isOfNow = body && !(body.type === 'DissentRecorded' && body.decision !== undefined);
    if (isOfNow) expect([entry.type, notNow(body.type, before)]).toEqual([entry.type, null]);
    holds(entry, listed, before, real.state);
    met.events.add(entry.type);
  }
}

export function step(said: Said, who: Actor): fc.Command<Model, Real> {
  return {
    check: () => true,
    toString: () =>
      `${who.name}${who.covers ? ', covering' : ''}: ${JSON.stringify(said, (key, value) => (key === 'asking' ? value.map((each: Actor) => each.name) : value))}`,
    run(model, real) {
      // Cover is looked up each time: once Denis has left there is none.
      const by = who === deputy && !deciding(model).includes(deputy) ? tomas : who;
      const facts = factsWith({
        today: model.day,
        holidays: model.holidays,
        notes: notesSaying(model.notes.length, model.notes),
      });
      const result = decide(commandFor(said, model), real.state, by, facts);
      const why = refused(model, said, by);
      if (isRefusal(result)) {
        expect(result.refused).toBe(why);
        met.refusals.add(result.refused);
        return;
      }
      expect(why).toBeNull();
      const listed = live(model).map(({ seq }) => seq);
      expect(result.map(({ type }) => type)).toEqual(written(model, said, by));
      bindsTheSame(commandFor(said, model), result);
      met.commands.add(commandFor(said, model).type);
      grow(real, result, by, facts, listed);
      authorityIsNotBlocked(model, real);
    },
  };
}

/** What positions, disagreement and decision rest on, and nothing else may write. */
const foretold: readonly EventType[] = [
  'PositionSubmitted',
  'PositionsOpened',
  'DissentRecorded',
  'DissentAnswered',
  'DissentReviewed',
  'DecisionSigned',
  'CaseReopened',
  'DecisionReopened',
];

/**
 * Something else is done, once for each of `picks`: the first deed from there on that is accepted,
 * sooner one that was not done yet. The model does not say whether it is accepted; it says that
 * nothing it foretells is changed by it.
 */
export function somethingElse(
  among: readonly Deed[],
  picks: readonly number[],
  by: Actor | null,
): fc.Command<Model, Real> {
  return {
    check: () => true,
    toString: () => `something else: ${picks.join(' ')}${by ? ` by ${by.name}` : ''}`,
    run(model, real) {
      for (const [index, pick] of picks.entries()) {
        const found = findDeed(among, pick, by, model, real.state, 5 * index);
        if (!found) break;
        const { command, person, result, facts } = found;
        const { lastStated } = real.state;
        grow(real, result, person, facts, []);
        for (const event of result) {
          expect(foretold).not.toContain(event.type);
          expect(eventParser.parse(event)).toEqual(event);
          absorb(model, event);
        }
        expect(real.state.lastStated).toBe(lastStated);
        bindsTheSame(command, result);
        met.commands.add(command.type);
        model.done.add(command.type);
      }
      authorityIsNotBlocked(model, real);
    },
  };
}

/** `minutes` after noon. */
function findDeed(
  among: readonly Deed[],
  pick: number,
  by: Actor | null,
  model: Model,
  state: RoomState,
  minutes: number,
) {
  const notes = notesSaying(model.notes.length, model.notes);
  const time = `${12 + Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  const facts = factsWith({
    now: `${model.day}T${time}:00.000000Z`,
    holidays: model.holidays,
    notes,
    newRoom: '0'.repeat(32),
  });
  let again: { command: Command; person: Actor; result: Event[]; facts: Facts } | null = null;
  for (let turn = 0; turn < among.length; turn += 1) {
    const deed = among[(pick + turn) % among.length];
    const person = by ?? deed?.by[pick % deed.by.length];
    const command = deed?.command(state, model.day);
    if (!command || !person || (again && model.done.has(command.type))) continue;
    if (deed?.rarely && pick % 8 > 0) continue;
    const result = decide(command, state, person, facts);
    if (isRefusal(result)) continue;
    const found = { command, person, result, facts };
    if (!model.done.has(command.type)) return found;
    again = found;
  }
  return again;
}

/** Invariants of one new entry. */
function holds(entry: Entry, liveDissents: number[], before: RoomState, after: RoomState): void {
  const { body, actor } = entry;
  if (body?.type === 'PositionSubmitted') {
    // (iv) A position's author speaks for a statutory partner and is on the case.
    const holder = before.case?.people.find(({ person }) => person === actor.person);
    expect(holder).toMatchObject({ role: 'position-holder', agency: actor.agency });
    expect(isStatutoryPartner(actor.agency)).toBe(true);
    // (iii) Nobody of another agency reads it before positions open, by any way an entry leaves.
    for (const reader of everybody) {
      const seen = asReadBy(entry, after, reader);
      const may = after.positions.opened !== null || reader.agency.id === actor.agency.id;
      expect([seen.body !== null, seen.salt !== null]).toEqual([may, may]);
    }
  }
  if (body?.type === 'WordingAnswered') {
    // (iii) As of positions: nobody of another agency reads an answer before the answers open.
    const wordings = after.sessions.flatMap((each) => each.wordings);
    const opened = wordings.some(({ seq, opened }) => seq === body.wording && opened);
    for (const reader of everybody) {
      expect(asReadBy(entry, after, reader).body !== null).toBe(opened || reader.agency.id === body.agency.id);
    }
  }
  if (body?.type === 'RationaleServed') {
    // (ix) Whoever disagreed is served with the reasons, each time the authority has decided.
    for (const { by } of after.dissents) expect(body.on.map(({ id }) => id)).toContain(by.agency.id);
  }
  if (body?.type === 'LearningClosed') {
    // (ix) Nothing is closed before whoever disagreed, with any decision, was served with its reasons and answered.
    for (const { decision, dissents } of [...after.earlier, after]) {
      const on = serviceOf(after, decision?.seq ?? 0)?.on.map(({ id }) => id);
      for (const dissent of dissents) {
        expect(on).toContain(dissent.by.agency.id);
        expect(isLive(dissent) && !dissent.answer).toBe(false);
      }
    }
    expect(after.served.length).toBeGreaterThan(0);
  }
  if (body?.type === 'DecisionSigned') {
    // (ii) It lists every dissent live at that moment, and (x) only the authority signed it, by
    // whoever had that role on the case, or covered for them: the entry says which.
    expect(body.dissents).toEqual(liveDissents);
    expect(actor.agency.kind).toBe('local-authority');
    const signedAs = [actor.person, ...(actor.covers ?? []).map((cover) => cover.for)];
    const deciders = before.case?.people.filter(({ role }) => role === 'decision-maker').map(({ person }) => person);
    expect(signedAs.some((person) => deciders?.includes(person))).toBe(true);
    if (actor.covers) met.signedForAnother += 1;
    if (actor.person === selma.person) met.signedAfterAnother += 1;
    expect(before.decision).toBeNull();
  }
}

/** (x) With every dissent answered, nothing stops the authority from deciding, now, either way. */
function authorityIsNotBlocked(model: Model, { state }: Real): void {
  if (model.decidedOn || model.onCase.length === 0 || live(model).some(({ answered }) => !answered)) return;
  for (const days of [null, 1]) {
    for (const by of deciding(model)) {
      const result = decide(
        signing(state.seq, reviewOn(model, days)),
        state,
        by,
        factsWith({ today: model.day, holidays: model.holidays }),
      );
      expect(isRefusal(result) ? result.refused : result.at(-2)?.type).toBe('DecisionSigned');
    }
  }
}

/** (x) Selma follows Denis as decision-maker: where the role still leads to the case she comes onto it, and he leaves. */
export const succession: fc.Command<Model, Real> = {
  check: ({ decider }) => decider === denis,
  toString: () => 'Selma follows Denis',
  run(model, real) {
    const said = { role: 'decision-maker', why: 'Successor.', authorisedBy: beth.name } as const;
    const changes = [
      { is: 'given', ...said, ...selma },
      { is: 'ended', ...said, ...denis },
    ] as const;
    for (const { is, person, name, agency, role, why, authorisedBy } of changes) {
      // Where the case is over for the authority nobody comes; then nobody leaves it in this life, either.
      if (!hasCase(real.state) || (is === 'ended' && model.decider === denis)) return;
      const events = succeed(real.state, { is, person, name, agency, role, why, authorisedBy });
      grow(real, events, beth, factsWith({ today: model.day }), []);
      for (const event of events) absorb(model, event);
    }
    authorityIsNotBlocked(model, real);
  },
};

export const daysPass = (days: number): fc.Command<Model, Real> => ({
  check: () => true,
  toString: () => `${days} working days pass`,
  run(model) {
    model.day = addWorkingDays(model.day, days, model.holidays).due;
  },
});

/** A bank holiday is proclaimed some days ahead: what it moves is recorded with the case, and every date follows. */
export const dayProclaimed = (ahead: number): fc.Command<Model, Real> => ({
  check: () => true,
  toString: () => `the day ${ahead} days ahead is proclaimed`,
  run(model, real) {
    const day = plainDate(model.day)?.add({ days: ahead }).toString() ?? model.day;
    model.holidays = new Map([...model.holidays, [day, 'A bank holiday']]);
    if (!hasCase(real.state)) return;
    const moved = recounted(real.state, model.holidays);
    if (moved) {
      const event: Event = { type: 'ClockRecounted', ...moved, why: 'It was proclaimed.' };
      expect(eventParser.parse(event)).toEqual(event);
      grow(real, [event], beth, factsWith({ today: model.day }), []);
      absorb(model, event);
    }
    expect(hasCase(real.state) && recounted(real.state, model.holidays)).toBeNull();
  },
});

/** (viii) The machine's clock was set back: no sequence and no time of an entry goes back with it. */
export const clockSetBack: fc.Command<Model, Real> = {
  check: ({ day }) => day > today,
  toString: () => 'the clock is set back by a day',
  run(model) {
    model.day = plainDate(model.day)?.subtract({ days: 1 }).toString() ?? model.day;
  },
};

export const notesChange = (text: string): fc.Command<Model, Real> => ({
  check: () => true,
  toString: () => `the notes now say ${text}`,
  run(model) {
    model.notes = text;
  },
});

/** (vi) Whatever a reader makes of the case holds each disagreement that stands: its words, the response, and where it is. */
function everyDissentIsIn(view: CaseRoom): void {
  const standing = [...view.earlier, view].flatMap(({ dissents }) => dissents).filter(isLive);
  const made = [packOf(view), ...view.sessions.map((each) => minutesOf(each, view))];
  for (const document of made) {
    const texts = textsOf(document);
    for (const { seq, by, content, answer, review } of standing) {
      const text = texts.find((each) => each.includes(`Entry ${seq}.`) && each.includes(content.statement));
      expect(text).toContain(by.agency.name);
      expect(text).toContain(answer?.response ?? 'has not responded yet');
      if (review) expect(text).toContain(standingWords[review.standing]);
    }
  }
  // A page that shows the decision prints the rest beside it.
  const printed = [...view.dissents.filter(isLive), ...alsoPrinted(view.dissents, view)];
  expect(new Set(printed)).toEqual(new Set(standing));
}

function textsOf(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(textsOf) : [];
}

/** What must hold of a whole record, for everybody who may read it. */
export function checkWhole(model: Model, { entries, state }: Real): void {
  // Folding whole entries at once gives what folding each as it came gave, and so does a copy from the wire.
  expect(hashText(JSON.stringify(fold(entries)))).toBe(hashText(JSON.stringify(state)));
  expect(hashText(JSON.stringify(fold(JSON.parse(JSON.stringify(entries)))))).toBe(hashText(JSON.stringify(state)));
  expect(verify(entries, { length: model.entries })).toMatchObject({ whole: true, withheld: 0 });
  expect([...state.earlier, state].flatMap(({ decision }) => decision?.seq ?? [])).toEqual(model.decisions);
  for (const readers of agencies) {
    const [reader] = readers;
    const seen = entries.map((entry) => asReadBy(entry, state, reader));
    const view = fold(seen);
    expect(view.seq).toBe(model.entries);
    expect(view.lastStated).toBe(model.lastStated);
    // (viii) A decision that was reopened stays whole, with what was said before it, and open to all on the case.
    expect(JSON.stringify(view.earlier)).toBe(JSON.stringify(state.earlier));
    expect(view.positions.opened !== null).toBe(model.positionsOpen);
    expect(verify(seen).whole).toBe(true);
    if (!hasCase(view) || !hasCase(state)) continue;
    everyDissentIsIn(view);
    expect([statusOf(view), sayDifferences(view), registerRow(view)]).toEqual([
      statusOf(state),
      sayDifferences(state),
      registerRow(state),
    ]);
    for (const each of readers) expect(needsOf(view, each, { holidays })).toEqual(needsOf(state, each, { holidays }));
    for (const agency of model.positions.keys()) {
      const may = model.positionsOpen || agency === reader.agency.id;
      expect(currentPosition(view.positions, agency)?.content?.overall.view ?? null).toBe(
        may ? (model.positions.get(agency)?.view ?? null) : null,
      );
    }
  }
  met.reopened += state.earlier.length > 0 ? 1 : 0;
  met.decided += model.decidedOn ? 1 : 0;
  const { reopened } = state;
  const later = ({ answer }: Dissent) => answer !== null && answer.seq > (reopened?.seq ?? 0);
  met.answeredLater += state.earlier.some(({ dissents }) => dissents.some(later)) ? 1 : 0;
  met.dissented += model.dissents.length > 0 ? 1 : 0;
}
