/** Answers to the elements of the duty, and hand-overs to another authority, as the history tells them. Pure. */
import { sayDay } from '#schema/calendar.ts';
import {
  elementAnswerWords,
  firstElements,
  type ElementContent,
  type ElementEvent,
  type ElementId,
  type ElementWording,
} from '#schema/elements.ts';
import type { HandOverEvent } from '#schema/hand-over.ts';
import type { Entry } from '#schema/ledger.ts';
import { lower } from '../letters.ts';
import type { Line } from './tell.ts';

type Words = { title: string; lines: Line[] };

/** An element's wording under the case's own arrangements. */
export function elementOf(id: ElementId, wording: readonly ElementWording[] = firstElements): ElementWording {
  const found = wording.find((each) => each.id === id);
  if (!found) throw new Error(`No wording for element ${id}`);
  return found;
}

/** What an answer rests on, or what it waits for. */
export function linesOfElement(content: ElementContent): Line[] {
  const { answer, evidence, source, missing, from } = content;
  return answer === 'not-known'
    ? [
        { term: 'What is missing', words: missing },
        { term: 'Who can tell us', words: from },
      ]
    : [
        { term: 'What shows this', words: evidence },
        { term: 'Where it comes from', words: source },
      ];
}

export function tellCriteria(
  event: ElementEvent | HandOverEvent,
  { actor }: Pick<Entry, 'actor'>,
  wording?: readonly ElementWording[],
): Words {
  switch (event.type) {
    case 'ElementAnswered': {
      const { number, name, question } = elementOf(event.content.element, wording);
      return {
        title: `${actor.agency.name} answered element ${number} (${lower(name)}): ${elementAnswerWords[event.content.answer].toLowerCase()}`,
        lines: [{ term: 'Question', words: question }, ...linesOfElement(event.content)],
      };
    }
    case 'HandedOver':
      return {
        title: `Handed over to ${event.authority}`,
        lines: [
          { term: 'Spoke to', words: event.spokenTo },
          { term: 'When', words: sayDay(event.on) },
          ...(event.reference ? [{ term: 'Reference', words: event.reference }] : []),
        ],
      };
    case 'HandOverAccepted':
      return {
        title: 'The other authority accepted the case',
        lines: [
          { term: 'Accepted by', words: event.acceptedBy },
          { term: 'When', words: sayDay(event.on) },
          { term: 'Where it can be found', words: event.reference },
        ],
      };
    case 'TakenBack':
      return {
        title: 'The case was taken back from the other authority',
        lines: [{ term: 'Reason', words: event.reason }],
      };
  }
}
