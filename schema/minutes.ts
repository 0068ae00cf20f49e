/** Minutes: a session's entries as the page that is kept: who was there, what was put, what each said, what was resolved. Pure. */
import { nameOf, type Actor } from './actor.ts';
import type { Agency } from './agency.ts';
import { sayDay, sayMoment, sayTime } from './calendar.ts';
import type { PersonId } from './id.ts';
import { generated, sayDissent, standingDissents, type Disagreed } from './generated.ts';
import { letterOf, resolvedIn, type Interruption, type Item, type Session } from './session-evolve.ts';
import type { AgendaItem } from './session.ts';
import { notAnswered, wordingAnswerWords, type Answer, type Wording } from './wording.ts';
import { answering } from './session-evolve.ts';

/** One agency's line under a wording. */
export type AnswerLine = { agency: string; says: string; note: string };
export type MinutedWording = { text: string; putAt: string; opened: string; answers: AnswerLine[] };
export type MinutedItem = {
  number: number;
  title: string;
  facts: { standing: 'agreed' | 'not-agreed'; text: string }[];
  spoke: string[];
  wordings: MinutedWording[];
  recorded: Item['recorded'];
};
export type MinutedResolution = { letter: string; text: string; owner: string; due: string; reported: string[] };
export type Minutes = {
  held: string;
  chair: string;
  present: string[];
  /** Asked to speak, and neither they nor their deputy came. */
  absent: string[];
  apologies: string[];
  papers: string[];
  items: MinutedItem[];
  resolved: MinutedResolution[];
  interruptions: string[];
  ended: string;
  /** What stands in the case's record, each whole. */
  disagreement: string[];
  corrections: { agency: string; who: string; at: string; text: string }[];
};

/** Everything that minutes hold, in the order in which they are read. Nobody writes them; the entries do. */
export function minutesOf(session: Session, state: Disagreed): Minutes {
  const minutes = {
    held: session.startedAt ? sayMoment(session.startedAt) : `Called for ${sayMoment(session.plan.startsAt)}`,
    chair: session.lead ? nameOf(session.lead) : '',
    present: attendance(session),
    absent: absence(session),
    apologies: session.plan.without.map(({ agency, reason }) => `${agency.name}: ${reason}`),
    papers: papersOf(session),
    items: session.plan.agenda.map((about, index) => minuted(session, about, index + 1)),
    resolved: resolvedIn(session).map((each, index) => ({
      letter: letterOf(index + 1),
      text: each.text,
      owner: each.owner.name,
      due: each.due === '' ? '' : sayDay(each.due),
      reported: each.reported.map(({ at, by, says }) => `${by.agency.name}, ${sayMoment(at)}: ${says}`),
    })),
    interruptions: session.interruptions.map(sayInterruption),
    ended: session.ended
      ? `${sayMoment(session.ended.at)}${session.ended.leftOver ? `. Not reached: ${session.ended.leftOver}` : ''}`
      : '',
    disagreement: standingDissents(state).map((dissent) => sayDissent(dissent, state.case)),
    corrections: session.corrections.map(({ at, by, text }) => ({
      agency: by.agency.name,
      who: nameOf(by),
      at: sayMoment(at),
      text,
    })),
  };
  return generated(minutes, state);
}

/** Each person once, with when they came and left where that was not from start to end. */
function attendance(session: Session): string[] {
  const people = new Map<string, { who: Actor; sittings: string[]; entered: boolean }>();
  for (const { who, at, leftAt, entered } of session.attended) {
    const known = people.get(who.person) ?? { who, sittings: [], entered };
    known.sittings.push(leftAt ? `${sayTime(at)} to ${sayTime(leftAt)}` : `from ${sayTime(at)}`);
    people.set(who.person, known);
  }
  return [...people.values()].map(
    ({ who, sittings, entered }) =>
      `${nameOf(who)} (${sittings.join(', ')}${entered ? '; entered by the Chair' : ''})${inWhoseStead(session, who)}`,
  );
}

function absence({ plan, startedAt, attended }: Session): string[] {
  if (!startedAt) return [];
  const came = (person: { person: PersonId } | null) => attended.some(({ who }) => who.person === person?.person);
  const missed = plan.attending.filter(({ speaker, deputy }) => !came(speaker) && !came(deputy));
  return missed.map(({ agency, speaker, deputy }) => {
    const asked = deputy ? `${speaker.name}, or ${deputy.name} as deputy` : speaker.name;
    return `${agency.name}: ${asked}`;
  });
}

function inWhoseStead({ plan }: Session, { person }: Actor): string {
  const asDeputy = plan.attending.find(({ deputy }) => deputy?.person === person);
  return asDeputy ? `, deputy for ${asDeputy.speaker.name}` : '';
}

function papersOf({ plan }: Session): string[] {
  return [...(plan.notes ? [`Notes, version ${plan.notes.version}`] : []), 'Positions of the partners', ...plan.papers];
}

function minuted(session: Session, about: AgendaItem, number: number): MinutedItem {
  const item = session.items[number - 1];
  return {
    number,
    title: about.title,
    facts: (item?.facts ?? []).map(({ standing, text }) => ({ standing, text })),
    spoke: [...new Set(session.spoke.filter((each) => each.item === number).map(({ who }) => nameOf(who)))],
    wordings: session.wordings
      .filter((wording) => wording.item === number)
      .map((wording) => minutedWording(wording, answering(session))),
    recorded: item?.recorded ?? null,
  };
}

/** Sealed words are not in the minutes until they open; that an agency did not answer is. */
function minutedWording(wording: Wording, expected: readonly Agency[]): MinutedWording {
  return {
    text: wording.text,
    putAt: sayTime(wording.at),
    opened: sayOpened(wording),
    answers: [
      ...wording.answers.map((answer) => ({
        agency: answer.agency.name,
        says: answer.content ? wordingAnswerWords[answer.content.answer] : 'Answered, sealed',
        note: [sayContent(answer), sayVoice(answer)].filter(Boolean).join(' '),
      })),
      ...notAnswered(wording, expected).map(({ name }) => ({
        agency: name,
        says: wording.opened ? 'Did not answer' : 'Not yet',
        note: '',
      })),
    ].sort((a, b) => order(expected, a.agency) - order(expected, b.agency)),
  };
}

function order(expected: readonly Agency[], name: string): number {
  return expected.findIndex((agency) => agency.name === name);
}

function sayOpened({ opened }: Wording): string {
  if (!opened) return '';
  return opened.because === 'all-in'
    ? `Opened together at ${sayTime(opened.at)}, when all had answered.`
    : `Opened by the Chair at ${sayTime(opened.at)}: ${opened.reason}`;
}

/** "The X-ray report, from the hospital, by Monday 5 October 2026". */
export function sayContent({ content }: Pick<Answer, 'content'>): string {
  if (!content || content.answer === 'agree') return '';
  if (content.answer !== 'need-more-information') return content.says;
  return `${content.says}. From: ${content.from}. By: ${sayDay(content.by)}.`;
}

/** How an answer that the Chair entered stands with its agency. */
export function sayVoice({ voice, agency }: Pick<Answer, 'voice' | 'agency'>): string {
  if (!voice) return '';
  const entered = 'Given by voice, entered by the Chair';
  if (!voice.checked) return `${entered}; not yet confirmed by ${agency.name}.`;
  const { by, right, says } = voice.checked;
  const said = says ? `: ${says}` : '.';
  return right === 'yes'
    ? `${entered}; confirmed by ${by.name}${said}`
    : `${entered}; ${by.name} says it is not what ${agency.name} said${said}`;
}

function sayInterruption(each: Interruption): string {
  const at = sayTime(each.at);
  switch (each.what) {
    case 'paused':
      return each.because === 'chair'
        ? `Paused by the Chair at ${at}.`
        : `Paused at ${at}: the Chair had lost connection.`;
    case 'resumed':
      return `Went on at ${at}.`;
    case 'chair-taken':
      return each.back
        ? `${each.by.name} took the chair back at ${at}.`
        : `${each.by.name}, the named deputy, took the chair at ${at}.`;
    case 'adjourned':
      return `Adjourned at ${at} until ${sayMoment(each.until)}.${each.reason ? ` ${each.reason}` : ''}`;
    case 'went-on':
      return `Went on after the adjournment, ${sayMoment(each.at)}.`;
  }
}
