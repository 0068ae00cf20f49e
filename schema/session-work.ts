/** What the Chair's session asks of each person, and what its preparation is made from. Pure. */
import { holds, mayLead, type Actor } from './actor.ts';
import type { AgencyId, PersonId } from './id.ts';
import { dayOf, isWorkingDay, plainDate, sayTime, type Holidays, type Instant } from './calendar.ts';
import { instantAt } from './calendar.ts';
import type { CaseState } from './case.ts';
import type { DecisionState } from './decision.ts';
import { differences, type PositionsState } from './position.ts';
import type { ResolutionState } from './resolution.ts';
import {
  answersFor,
  currentSession,
  isPresent,
  letterOf,
  resolvedIn,
  speaksFor,
  type SessionsState,
} from './session-evolve.ts';
import { steps, type AgendaItem, type Step } from './session.ts';
import type { Session } from './session-evolve.ts';
import { underTest } from './wording.ts';
import type { Need } from './work.ts';

type Known = {
  case: CaseState;
  positions: PositionsState;
  resolutions: ResolutionState;
  decision: DecisionState;
  sessions: SessionsState;
};

/** What the session asks of this person now. */
export function sessionNeeds(state: Known, actor: Actor): Need[] {
  const due = state.case.notifyBy;
  const needs: Need[] = [];
  const session = currentSession(state.sessions);
  if (session && !state.decision) needs.push(...needsOfCurrent(session, actor, due));
  for (const each of state.sessions) {
    for (const [index, resolved] of resolvedIn(each).entries()) {
      if (resolved.owner.id !== actor.agency.id || resolved.reported.length > 0 || resolved.due === '') continue;
      if (!holds(actor, 'position-holder') && actor.agency.kind !== 'partnership') continue;
      needs.push({
        what: `Do what was resolved in the session, ${letterOf(index + 1)}`,
        place: 'session',
        due: resolved.due,
      });
    }
  }
  return needs;
}

function needsOfCurrent(session: Session, actor: Actor, due: string): Need[] {
  const asked = speaksFor(session, actor.person) !== null;
  const leads = session.chair ? session.chair.person === actor.person : mayLead(actor) && !asked;
  switch (session.status) {
    case 'called': {
      const at = `the session at ${sayTime(session.plan.startsAt)}`;
      const day = dayOf(session.plan.startsAt);
      if (leads) return [{ what: `Lead ${at}`, place: 'session', due: day }];
      return asked ? [{ what: `Join ${at}`, place: 'session', due: day }] : [];
    }
    case 'adjourned': {
      const until = session.adjournedUntil ?? session.plan.startsAt;
      const what = `${leads ? 'Lead' : 'Join'} the session again at ${sayTime(until)}`;
      return leads || asked ? [{ what, place: 'session', due: dayOf(until) }] : [];
    }
    case 'running':
    case 'paused': {
      const wording = underTest(session.wordings);
      const agency = answersFor(session, actor.person);
      if (wording && agency && !wording.answers.some((answer) => answer.agency.id === agency.id))
        return [{ what: `Answer the wording for ${agency.name}`, place: 'session', due }];
      if (asked && !isPresent(session, actor.person))
        return [{ what: 'Join the session, which has started', place: 'session', due }];
      return leads ? [{ what: 'Lead the session', place: 'session', due }] : [];
    }
    case 'ended':
      return [];
  }
}

/** The agenda made from where positions differ; where they do not, from what was asked. What happens next stands last. */
export function agendaFrom(state: Known): AgendaItem[] {
  const { criteria } = state.case.criteriaSet;
  const differing = differences(state).map(({ about }): AgendaItem => {
    const criterion = criteria.find(({ id }) => id === about);
    return {
      about,
      title: criterion ? `Criterion ${criterion.number}: ${criterion.name.toLowerCase()}` : 'Whether to notify',
    };
  });
  const question = state.resolutions.at(-1)?.question ?? '';
  const asked: AgendaItem = { about: 'question', title: question.slice(0, 200) || 'What the partners should settle' };
  return [...(differing.length > 0 ? differing : [asked]), { about: 'next', title: 'What happens next' }];
}

const slotsOfADay = ['09:30', '11:30', '14:00', '16:00'];

/** The next three working slots at least an hour away and before the last day to notify has passed. */
export function proposedTimes(now: Instant, notifyBy: string, holidays: Holidays): Instant[] {
  const earliest = Date.parse(now) + 3_600_000;
  const slots: Instant[] = [];
  for (
    let day = plainDate(dayOf(now));
    day && day.toString() <= notifyBy && slots.length < 3;
    day = day.add({ days: 1 })
  ) {
    if (!isWorkingDay(day, holidays)) continue;
    const open = slotsOfADay.map((time) => instantAt(day.toString(), time));
    slots.push(...open.filter((at) => Date.parse(at) >= earliest));
  }
  return slots.slice(0, 3);
}

/** What an ended session already knows of its stage's outcome, so that nobody is asked for it again. */
export function knownFrom(session: Session): {
  attendance: { agency: AgencyId; who: 'attended' | 'deputy' | 'nobody'; deputy: string }[];
  wentOnBecause: string;
  commonGround: string;
  pointsAtIssue: string;
  actions: { what: string; owner: AgencyId; by: string }[];
} {
  const { plan, attended } = session;
  const came = (person: PersonId | undefined) => attended.some(({ who }) => who.person === person);
  const recorded = session.items.flatMap((item) => (item.recorded ? [item.recorded] : []));
  const together = (texts: readonly string[]) => [...new Set(texts.filter((text) => text !== ''))].join('\n');
  return {
    attendance: [
      ...plan.attending.map(({ agency, speaker, deputy }) => {
        if (came(speaker.person)) return { agency: agency.id, who: 'attended' as const, deputy: '' };
        const instead = deputy && came(deputy.person) ? deputy.name : '';
        return { agency: agency.id, who: instead ? ('deputy' as const) : ('nobody' as const), deputy: instead };
      }),
      ...plan.without.map(({ agency }) => ({ agency: agency.id, who: 'nobody' as const, deputy: '' })),
    ],
    wentOnBecause: together([...plan.without.map(({ reason }) => reason), ...recorded.map(({ goingOn }) => goingOn)]),
    commonGround: together(recorded.map(({ commonGround }) => commonGround)),
    pointsAtIssue: together(recorded.map(({ pointsAtIssue }) => pointsAtIssue)),
    actions: resolvedIn(session).map(({ text, owner, due }) => ({ what: text, owner: owner.id, by: due })),
  };
}

/** Where the Chair's one next button leads; null once the last item is recorded. */
export function nextStep(session: Session): { item: number; step: Step } | null {
  const { now } = session;
  if (!now) return { item: 1, step: 'facts' };
  const recorded = session.items[now.item - 1]?.recorded;
  const next = recorded ? undefined : steps[steps.indexOf(now.step) + 1];
  if (next) return { item: now.item, step: next };
  const open = session.items.findIndex((item, index) => !item.recorded && index + 1 !== now.item);
  return open < 0 ? null : { item: open + 1, step: 'facts' };
}

/** Who has still to speak in this round: those called to attend, beginning with another agency for each item. */
export function stillToSpeak(session: Session): Actor[] {
  const { now } = session;
  if (!now) return [];
  const attending = session.plan.attending.map(({ agency }) => agency.id);
  const shift = (now.item - 1) % Math.max(attending.length, 1);
  const order = [...attending.slice(shift), ...attending.slice(0, shift)];
  const spoken = new Set(
    session.spoke.filter(({ item, step }) => item === now.item && step === 'round').map(({ who }) => who.agency.id),
  );
  return order
    .filter((agency) => !spoken.has(agency))
    .flatMap((agency) => {
      const who = session.present.find(
        (each) =>
          each.agency.id === agency &&
          each.person !== session.chair?.person &&
          speaksFor(session, each.person) !== null,
      );
      return who ? [who] : [];
    });
}
