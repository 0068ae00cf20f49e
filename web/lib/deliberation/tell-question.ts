/** Questions to an agency in words: what was needed, from whom, by when, and what was answered. Pure. */
import { dayOf, sayDay } from '#schema/calendar.ts';
import { criterionIds, type CriteriaSet } from '#schema/criteria.ts';
import type { Entry } from '#schema/ledger.ts';
import type { PositionContent, Speaker } from '#schema/position.ts';
import type { Needed, QuestionEvent } from '#schema/question.ts';
import { sayEntry, type Line, type Told } from './tell.ts';

export function tellQuestion(event: QuestionEvent, entry: Entry, entries: readonly Entry[]): Omit<Told, 'sealed'> {
  const who = entry.actor.agency.name;
  if (event.type === 'QuestionAsked') {
    return {
      title: `${event.asker.agency.name} asked ${event.to.id === event.asker.agency.id ? 'itself' : event.to.name} a question`,
      lines: [
        { term: 'What is needed', words: event.what },
        { term: 'From', words: sayFrom(event.to.name, event.person) },
        { term: 'By', words: sayDay(event.by) },
        ...(event.position ? [{ term: 'It comes from', words: `the position in ${sayEntry(event.position)}` }] : []),
      ],
    };
  }
  const asked = entries.find(({ seq }) => seq === event.question)?.body;
  const question = asked?.type === 'QuestionAsked' ? asked : null;
  const asker = question?.asker.agency.name ?? 'A partner';
  const about = [
    { term: 'About', words: sayEntry(event.question) },
    ...(question ? [{ term: 'What was needed', words: question.what }] : []),
  ];
  if (event.type === 'QuestionWithdrawn') {
    return { title: `${who} withdrew its question`, lines: [...about, { term: 'Why', words: event.reason }] };
  }
  const late = question && dayOf(entry.at) > question.by;
  return {
    title: `${who} answered ${asker === who ? 'its own' : `${asker}'s`} question${late ? ', late' : ''}`,
    lines: [...about, { term: 'Answer', words: event.answer }],
  };
}

/** "Health (the consultant)". */
export function sayFrom(agency: string, person: string): string {
  return person ? `${agency} (${person})` : agency;
}

/** "Nell Gray, authorised by the detective superintendent". */
export function saySpeaker({ name, authority }: Speaker): string {
  return `${name}, authorised by ${authority}`;
}

/** What is needed where there is not enough information yet, criterion by criterion. */
export function linesOfNeeded(
  needed: PositionContent['needed'] | undefined,
  set: CriteriaSet,
  names: ReadonlyMap<string, string>,
): Line[] {
  return criterionIds.flatMap((id) => {
    const asked = needed?.[id];
    if (!asked) return [];
    const number = set.criteria.find((each) => each.id === id)?.number ?? '';
    return [{ term: `Needed for criterion ${number}`, words: sayNeeded(asked, names) }];
  });
}

/** What, from whom, by when. */
export function sayNeeded({ what, from, person, by }: Needed, names: ReadonlyMap<string, string>): string {
  return `${what}\nFrom ${sayFrom(names.get(from) ?? 'an agency', person)}, by ${sayDay(by)}`;
}

/** The names of the agencies on the case, as its entries tell them. */
export function namesIn(entries: readonly Entry[]): Map<string, string> {
  return new Map(
    entries.flatMap(({ body }) =>
      body && 'people' in body && Array.isArray(body.people)
        ? body.people.map(({ agency }) => [agency.id, agency.name] as const)
        : [],
    ),
  );
}
