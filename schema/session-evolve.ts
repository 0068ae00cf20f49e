/** What is true of the Chair's sessions: folded from their entries, so that a restart loses nothing. */
import type { Agency } from './agency.ts';
import type { Actor } from './actor.ts';
import { isStatutoryPartner } from './agency.ts';
import type { AgencyId, PersonId } from './id.ts';
import { withMore } from './lists.ts';
import type { FactStanding, ItemOutcome, Plan, SessionEvent, SpeakingWants, Step, pausedBecause } from './session.ts';
import { evolveWordings, type SealedAnswer, type Wording, type WordingEvent } from './wording.ts';

/** Seconds left at `from`; `from` is null while it stands still. */
export type Timer = { seconds: number; from: string | null };
export type Resolved = {
  text: string;
  owner: Agency;
  due: string;
  reported: { at: string; by: Actor; says: string }[];
};
export type RecordedItem = {
  at: string;
  by: Actor;
  outcome: ItemOutcome;
  wording: number | null;
  commonGround: string;
  pointsAtIssue: string;
  resolved: readonly Resolved[];
  absent: readonly Agency[];
  goingOn: string;
};
/** One item of the agenda, and what came of it. */
export type Item = {
  facts: readonly { at: string; standing: FactStanding; text: string }[];
  recorded: RecordedItem | null;
};
export type Attended = { who: Actor; at: string; leftAt: string | null; /** Entered by the Chair. */ entered: boolean };
export type Spoke = { item: number; step: Step; who: Actor; at: string };
export type Interruption =
  | { what: 'paused'; because: (typeof pausedBecause)[number]; at: string }
  | { what: 'resumed'; at: string; by: Actor }
  | { what: 'chair-taken'; back: boolean; at: string; by: Actor }
  | { what: 'adjourned'; at: string; until: string; reason: string }
  | { what: 'went-on'; at: string };

export type Session = {
  /** The sequence of the entry that first called it. */
  seq: number;
  resolution: number;
  calledAt: string;
  calledBy: Actor;
  plan: Plan;
  status: 'called' | 'running' | 'paused' | 'adjourned' | 'ended';
  startedAt: string | null;
  /** Whose session it is, and who is in the chair now; null until it starts. */
  lead: Actor | null;
  chair: Actor | null;
  /** Where it stands: the entry that opened the step names it. */
  now: { item: number; step: Step; seq: number; at: string; timer: Timer | null } | null;
  /** People who joined this sitting and have not left. */
  present: readonly Actor[];
  /** Everyone who ever joined. */
  attended: readonly Attended[];
  ready: readonly AgencyId[];
  asking: readonly { who: Actor; wants: SpeakingWants; at: string }[];
  speaking: { who: Actor; at: string; timer: Timer | null } | null;
  spoke: readonly Spoke[];
  items: readonly Item[];
  wordings: readonly Wording[];
  paused: { at: string; because: (typeof pausedBecause)[number] } | null;
  adjournedUntil: string | null;
  interruptions: readonly Interruption[];
  ended: { at: string; by: Actor; leftOver: string; correctionsBy: string } | null;
  corrections: readonly { seq: number; at: string; by: Actor; text: string }[];
};
/** Newest last. */
export type SessionsState = readonly Session[];

export function evolveSessions(
  state: SessionsState,
  event: SessionEvent | SealedAnswer,
  seq: number,
  at: string,
  by: Actor,
): SessionsState {
  const last = state.at(-1);
  if (event.type === 'SessionCalled') {
    const { type: _type, resolution, ...plan } = event;
    if (last?.status === 'called' && last.resolution === resolution) {
      return [...state.slice(0, -1), { ...last, plan, items: plan.agenda.map(() => untouched) }];
    }
    return [...state, called(plan, resolution, seq, at, by)];
  }
  if (event.type === 'ResolvedReported') {
    return state.map((each) => (each.seq === event.session ? withReport(each, event, at, by) : each));
  }
  if (!last) return state;
  return [...state.slice(0, -1), evolveSession(last, event, seq, at, by)];
}

const untouched: Item = { facts: [], recorded: null };

function called(plan: Plan, resolution: number, seq: number, at: string, by: Actor): Session {
  return {
    seq,
    resolution,
    calledAt: at,
    calledBy: by,
    plan,
    status: 'called',
    startedAt: null,
    lead: null,
    chair: null,
    now: null,
    present: [],
    attended: [],
    ready: [],
    asking: [],
    speaking: null,
    spoke: [],
    items: plan.agenda.map(() => untouched),
    wordings: [],
    paused: null,
    adjournedUntil: null,
    interruptions: [],
    ended: null,
    corrections: [],
  };
}

function evolveSession(
  session: Session,
  event: Exclude<SessionEvent, { type: 'SessionCalled' | 'ResolvedReported' }> | SealedAnswer,
  seq: number,
  at: string,
  by: Actor,
): Session {
  switch (event.type) {
    case 'SessionStarted': {
      const again = session.startedAt !== null;
      const joined = join(session, by, at, false);
      return {
        ...joined,
        status: 'running',
        startedAt: session.startedAt ?? at,
        lead: session.lead ?? by,
        chair: by,
        adjournedUntil: null,
        now: session.now && { ...session.now, timer: null },
        interruptions: again ? [...session.interruptions, { what: 'went-on', at }] : session.interruptions,
      };
    }
    case 'SessionJoined':
      return join(session, event.who, at, event.who.person !== by.person);
    case 'SessionLeft':
      return {
        ...session,
        present: without(session.present, by.person),
        attended: session.attended.map((each) =>
          each.who.person === by.person && !each.leftAt ? { ...each, leftAt: at } : each,
        ),
        asking: session.asking.filter(({ who }) => who.person !== by.person),
      };
    case 'StepOpened':
      return {
        ...session,
        now: { item: event.item, step: event.step, seq, at, timer: timer(event.seconds, at) },
        ready: [],
        speaking: null,
      };
    case 'ReadySaid':
      return { ...session, ready: [...session.ready, by.agency.id] };
    case 'FactNoted':
      return changeItem(session, event.item, (item) => ({
        facts: withMore(item.facts, { at, standing: event.standing, text: event.text }),
      }));
    case 'SpeakingAsked':
      return { ...session, asking: [...session.asking, { who: by, wants: event.wants, at }] };
    case 'SpeakingWithdrawn':
      return { ...session, asking: session.asking.filter(({ who }) => who.person !== by.person) };
    case 'SpeakerCalled':
      return {
        ...session,
        asking: session.asking.filter(({ who }) => who.person !== event.who.person),
        speaking: { who: event.who, at, timer: timer(event.seconds, at) },
        spoke: session.now
          ? withMore(session.spoke, { item: session.now.item, step: session.now.step, who: event.who, at })
          : session.spoke,
      };
    case 'SpeakerFinished':
      return { ...session, speaking: null };
    case 'WordingPut':
    case 'WordingAnswered':
    case 'AnswerToldByVoice':
    case 'AnswersOpened':
    case 'AnswersAskedAgain':
    case 'VoiceAnswerChecked': {
      const wordingEvent = event as WordingEvent | SealedAnswer;
      return { ...session, wordings: evolveWordings(session.wordings, wordingEvent, seq, at, by) };
    }
    case 'ItemRecorded': {
      const { type: _type, item, ...recorded } = event;
      const resolved = recorded.resolved.map((each) => ({ ...each, reported: [] }));
      return changeItem(session, item, () => ({ recorded: { ...recorded, resolved, at, by } }));
    }
    case 'SessionPaused':
      return {
        ...session,
        status: 'paused',
        paused: { at, because: event.because },
        now: session.now && { ...session.now, timer: stopped(session.now.timer, at) },
        speaking: session.speaking && { ...session.speaking, timer: stopped(session.speaking.timer, at) },
        interruptions: [...session.interruptions, { what: 'paused', because: event.because, at }],
      };
    case 'SessionResumed':
      return {
        ...session,
        status: 'running',
        paused: null,
        now: session.now && { ...session.now, timer: goingOn(session.now.timer, at) },
        speaking: session.speaking && { ...session.speaking, timer: goingOn(session.speaking.timer, at) },
        interruptions: [...session.interruptions, { what: 'resumed', at, by }],
      };
    case 'ChairTaken':
      return {
        ...session,
        present: [...without(session.present, by.person), by],
        chair: by,
        interruptions: [...session.interruptions, { what: 'chair-taken', back: event.back, at, by }],
      };
    case 'SessionAdjourned':
      return {
        ...session,
        status: 'adjourned',
        paused: null,
        adjournedUntil: event.until,
        present: [],
        ready: [],
        asking: [],
        speaking: null,
        attended: session.attended.map((each) => ({ ...each, leftAt: each.leftAt ?? at })),
        interruptions: [...session.interruptions, { what: 'adjourned', at, until: event.until, reason: event.reason }],
      };
    case 'SessionEnded':
      return {
        ...session,
        status: 'ended',
        paused: null,
        speaking: null,
        asking: [],
        ended: { at, by, leftOver: event.leftOver, correctionsBy: event.correctionsBy },
      };
    case 'MinutesCorrected':
      return { ...session, corrections: [...session.corrections, { seq, at, by, text: event.text }] };
  }
}

function join(session: Session, who: Actor, at: string, entered: boolean): Session {
  if (isPresent(session, who.person)) return session;
  return {
    ...session,
    present: [...session.present, who],
    attended: withMore(session.attended, { who, at, leftAt: null, entered }),
  };
}

function without(people: readonly Actor[], person: PersonId): Actor[] {
  return people.filter((each) => each.person !== person);
}

function changeItem(session: Session, number: number, part: (item: Item) => Partial<Item>): Session {
  return {
    ...session,
    items: session.items.map((item, index) => (index === number - 1 ? { ...item, ...part(item) } : item)),
  };
}

/** What was reported of a resolution, which is numbered through all the session's items. */
function withReport(session: Session, event: { number: number; says: string }, at: string, by: Actor): Session {
  let number = 0;
  const items = session.items.map((item) => {
    if (!item.recorded) return item;
    const resolved = item.recorded.resolved.map((each) => {
      number += 1;
      return number === event.number ? { ...each, reported: [...each.reported, { at, by, says: event.says }] } : each;
    });
    return { ...item, recorded: { ...item.recorded, resolved } };
  });
  return { ...session, items };
}

function timer(seconds: number | null, from: string): Timer | null {
  return seconds === null ? null : { seconds, from };
}

function stopped(given: Timer | null, at: string): Timer | null {
  return given && { seconds: secondsLeft(given, at), from: null };
}

function goingOn(given: Timer | null, at: string): Timer | null {
  return given && { seconds: given.seconds, from: given.from ?? at };
}

/** Whole seconds left at `now`, never less than none. */
export function secondsLeft({ seconds, from }: Timer, now: string): number {
  if (from === null) return seconds;
  return Math.max(0, seconds - Math.floor((Date.parse(now) - Date.parse(from)) / 1000));
}

export function isPresent(session: Pick<Session, 'present'>, person: PersonId): boolean {
  return session.present.some((each) => each.person === person);
}

/** The session that has been called and has not ended. */
export function currentSession(state: SessionsState): Session | null {
  const last = state.at(-1);
  return last && last.status !== 'ended' ? last : null;
}

/** Partners whose answers are asked for: the statutory partners that were called to attend. */
export function answering(session: Pick<Session, 'plan'>): Agency[] {
  return session.plan.attending.map(({ agency }) => agency).filter(isStatutoryPartner);
}

/** Partners whose answers are asked for, and for whom nobody who may answer is present. */
export function absent(session: Session): Agency[] {
  return answering(session).filter(
    ({ id }) => !session.present.some(({ person }) => answersFor(session, person)?.id === id),
  );
}

/**
 * Whether this person answers for their agency: the speaker that was called, or the deputy; never
 * the one in the chair, who gives no answer while leading.
 */
export function answersFor(session: Session, person: PersonId): Agency | null {
  if (session.chair?.person === person) return null;
  const agency = speaksFor(session, person);
  return agency && isStatutoryPartner(agency) ? agency : null;
}

/** The agency for which this person was called to attend, as its speaker or the deputy. */
export function speaksFor(session: Pick<Session, 'plan'>, person: PersonId): Agency | null {
  const named = session.plan.attending.find(
    ({ speaker, deputy }) => speaker.person === person || deputy?.person === person,
  );
  return named?.agency ?? null;
}

/** What was resolved in the whole session, in order: the first is a). */
export function resolvedIn(session: Pick<Session, 'items'>): Resolved[] {
  return session.items.flatMap(({ recorded }) => recorded?.resolved ?? []);
}

/** "a)", "b)" … "z)", "aa)". */
export function letterOf(number: number): string {
  const letter = String.fromCharCode(97 + ((number - 1) % 26));
  return `${letter.repeat(Math.ceil(number / 26))})`;
}
