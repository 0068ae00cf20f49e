/** What the elements come to, which authority notifies, and where each clock stands, in sentences. Pure. */
import { dayOf, sayDay, sayMoment, type Day, type Holidays } from '#schema/calendar.ts';
import { notifyingAuthority, placeWords, type CaseDetails } from '#schema/case.ts';
import { alertsOf, alertWords, isRunning, wasLate, type Clock } from '#schema/clocks.ts';
import { sayLeft } from '#schema/clock.ts';
import { conclude, placesKnown, waitingFor, type duties, type Waiting } from '#schema/duty.ts';
import { elementAnswerWords, standingsOf, type ElementsState, type ElementWording } from '#schema/elements.ts';
import { inWords } from '#schema/in-words.ts';
import { elementOf } from '../deliberation/tell-criteria.ts';
import { lower } from '../letters.ts';

/** Whether something is to be told, to whom, and what it waits for. */
export type Advice = { heading: string; sentence: string; because: string[] };

/** "Health says yes, Police says no", in the order they first answered. */
function sayAnswers({ answers }: Waiting): string {
  return inWords(answers.map(({ agency, answer }) => `${agency} says ${elementAnswerWords[answer].toLowerCase()}`));
}

/** "5 (seriously harmed)". */
function nameElement(id: Waiting['element'], wording: readonly ElementWording[]): string {
  const { number, name } = elementOf(id, wording);
  return `${number} (${lower(name)})`;
}

/** Why one element that was answered leaves the matter open. */
function sayWaiting(waiting: Waiting, wording: readonly ElementWording[]): string {
  const element = `element ${nameElement(waiting.element, wording)}`;
  const missing = waiting.missing.map(
    ({ agency, what, from }) => `${agency} waits for: ${what}. Who can tell: ${from}.`,
  );
  if (waiting.why === 'differs') return [`${element}: ${sayAnswers(waiting)}.`, ...missing].join(' ');
  return [`${element}: it is not known yet.`, ...missing].join(' ');
}

const yes = {
  panel:
    'On these answers, the local authority must notify the Child Safeguarding Practice Review Panel. A rapid review follows.',
  'death-in-care':
    'On these answers, the local authority must tell the Secretary of State and Ofsted of the death. This alone asks for no rapid review.',
  'care-leaver':
    'On these answers, the local authority should tell the Secretary of State and Ofsted of the death. No rapid review or practice review is required; partners may still choose to learn from it.',
};
const no = {
  panel: 'On these answers, the duty to notify the Panel does not arise.',
  'death-in-care': 'On these answers, no looked-after child has died.',
  'care-leaver': 'On these answers, no care leaver has died.',
};
const headings = {
  panel: 'Notify the Panel',
  'death-in-care': 'Tell the Secretary of State and Ofsted: looked-after child',
  'care-leaver': 'Tell the Secretary of State and Ofsted: care leaver',
};

/** What the answers come to for one duty. It advises; the authority decides. */
export function sayAdvice(
  duty: (typeof duties)[number]['id'],
  elements: ElementsState,
  wording: readonly ElementWording[],
): Advice {
  const conclusion = conclude(duty, standingsOf(elements));
  const heading = headings[duty];
  if (conclusion.says === 'yes') return { heading, sentence: yes[duty], because: [] };
  if (conclusion.says === 'no') return { heading, sentence: no[duty], because: [] };
  const waiting = conclusion.because.flatMap((id) => waitingFor(elements, id) ?? []);
  const unanswered = waiting.filter(({ why }) => why === 'not-answered');
  const because = waiting.filter((each) => !unanswered.includes(each)).map((each) => sayWaiting(each, wording));
  if (unanswered.length > 0) {
    const names = inWords(unanswered.map(({ element }) => nameElement(element, wording)));
    because.push(
      unanswered.length === 1
        ? `element ${names}: nobody has answered it yet.`
        : `elements ${names}: nobody has answered these yet.`,
    );
  }
  return { heading, sentence: 'It cannot be said yet, because of:', because };
}

type Places = Pick<CaseDetails, 'incidentPlace' | 'homePlace'>;

/** Which authority the law asks to notify, and by which limb, from where it happened and where the child lives. */
export function sayAuthority(
  raised: Places,
  elements: ElementsState = [],
): { sentence: string; why: string; differs: string } {
  const { places, by, differs: differ } = placesKnown(raised, elements);
  const differs = differ
    ? 'What was said when the case was raised and the answers to elements 6, 7 and 8 differ. One of them is wrong: correct how the case was raised, or answer the element again.'
    : '';
  const from = by === 'elements' ? ' This follows from the answers to elements 6, 7 and 8.' : '';
  const happened = `It happened: ${lower(placeWords[places.incidentPlace])}.`;
  const lives = `The child normally lives: ${lower(placeWords[places.homePlace])}.`;
  const outside = places.incidentPlace === 'outside-england';
  const which = notifyingAuthority(places);
  const sentence = {
    this: 'This authority notifies.',
    another: 'Another authority notifies. Tell it, and hand the case over.',
    'not-known': 'It cannot be said yet which authority notifies.',
  }[which];
  if (which === 'not-known') {
    const missing = outside ? 'Where the child normally lives decides it' : 'Where it happened decides it';
    return {
      sentence,
      why: `${happened} ${lives} ${missing}, and that does not point to an authority in England yet.`,
      differs,
    };
  }
  const limb = outside
    ? 'It happened outside England, so the authority where the child normally lives notifies: section 16C(1)(b).'
    : 'The authority where it happened notifies, wherever the child lives: section 16C(1)(a).';
  return { sentence, why: `${happened} ${lives} ${limb}${from}`, differs };
}

/** Where a clock stands: what is left of it, or how it ended. */
export function sayClock(clock: Clock, today: Day, holidays: Holidays): string {
  const { deadline, ended } = clock;
  if (!ended) return `${sayDay(deadline.due)} (${sayLeft(deadline.due, today, holidays)})`;
  const late = wasLate(clock) ? `, after its last day, ${sayDay(deadline.due)}` : '';
  return `${ended.because}, ${sayDay(ended.on)}${late}`;
}

/** When people are still to be told that it runs out; empty once it has ended. */
export function sayAlerts(clock: Clock, today: Day): string[] {
  if (!isRunning(clock)) return [];
  const still = alertsOf(clock).filter(({ at }) => dayOf(at) >= today);
  return still.map(({ kind, at }) => `${sayMoment(at)}: ${lower(alertWords[kind])}`);
}
