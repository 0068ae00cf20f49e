/** Whom a comment mentions: chosen from one list, kept apart as agencies and people, said in words. */
import type { Agency } from '#schema/agency.ts';
import type { CaseState } from '#schema/case.ts';
import { inWords } from '#schema/in-words.ts';

type On = Pick<CaseState, 'people'>;

/** The agencies that take part in a case, once each. */
export function agenciesOn({ people }: On): Agency[] {
  const all = people.filter(({ agency }) => agency.kind !== 'partnership').map(({ agency }) => agency);
  return [...new Map(all.map((agency) => [agency.id, agency])).values()];
}

/** Ids chosen from one list, as a command takes them. */
export function apart(chosen: readonly string[], on: On): { mentions: string[]; agencies: string[] } {
  const isAgency = (id: string) => agenciesOn(on).some((agency) => agency.id === id);
  return { mentions: chosen.filter((id) => !isAgency(id)), agencies: chosen.filter(isAgency) };
}

/** "For Police and Amara Fenwick to see."; empty where nobody is mentioned. */
export function sayMentioned(
  { mentions, agencies }: { mentions: readonly string[]; agencies: readonly string[] },
  on: On,
): string {
  const names = [
    ...agenciesOn(on).filter(({ id }) => agencies.includes(id)),
    ...on.people.filter(({ person }) => mentions.includes(person)),
  ].map(({ name }) => name);
  return names.length === 0 ? '' : `For ${inWords(names)} to see.`;
}
