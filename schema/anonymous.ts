/** Whether words that leave the partnership would say who a child is: compared with what the vault keeps. */
import { plainWords, postcodeOf, type ChildIdentity } from './identity.ts';

const months = 'January February March April May June July August September October November December'.split(' ');

export const identifyings = ['name', 'born', 'address'] as const;
export type Identifying = (typeof identifyings)[number];
export const identifyingWords: Record<Identifying, string> = {
  name: 'a name',
  born: 'a date of birth',
  address: 'an address',
};

/**
 * What of the children these words would tell. A whole name is found in any case, one part of it
 * where it stands with a capital, so that a child called Will or May can still be written about;
 * a date of birth in the ways it is written here; an address by its first line or its postcode.
 */
export function identifyingIn(words: string, children: readonly ChildIdentity[]): Identifying[] {
  return identifyings.filter((what) => children.some((child) => tells[what](words, child)));
}

const tells: Record<Identifying, (words: string, child: ChildIdentity) => boolean> = {
  name: (words, { name }) => {
    const parts = plainWords(name).filter((part) => part.length > 1);
    const capitals = capitalsIn(words);
    return holds(words, name) || parts.some((part) => capitals.has(part));
  },
  born: (words, { bornOn }) => bornOn !== '' && writtenDays(bornOn).test(words),
  address: (words, { address }) => {
    const postcode = postcodeOf(address);
    if (postcode && words.replaceAll(/\s/g, '').toLowerCase().includes(postcode)) return true;
    const line = address.split(/[,\n]/)[0] ?? '';
    return /\d/.test(line) && /\p{L}/u.test(line) && words.toLowerCase().includes(line.trim().toLowerCase());
  },
};

/** The words that stand with a capital, each as a name is compared: "Feather's" is "feather". */
function capitalsIn(words: string): Set<string> {
  const each = words.split(/[^\p{L}\p{M}'’]+/u).filter((word) => /^['’]?\p{Lu}/u.test(word));
  return new Set(each.flatMap((word) => plainWords(word.replace(/['’]s?$/, ''))));
}

/** Whether the parts of this name stand one after the other in these words. */
function holds(words: string, name: string): boolean {
  const parts = plainWords(name);
  return parts.length > 0 && ` ${plainWords(words).join(' ')} `.includes(` ${parts.join(' ')} `);
}

/** "2024-03-27", "27/3/24", "27.03.2024", "27 March 2024", "27th Mar 2024", "March 27, 2024". */
function writtenDays(day: string): RegExp {
  const [year = '', month = '', date = ''] = day.split('-');
  const number = (padded: string) => `0?${Number(padded)}`;
  const name = (months[Number(month) - 1] ?? '').replace(/^(...)(.*)$/, '$1(?:$2)?');
  const years = `(?:${year}|${year.slice(2)})`;
  const dates = `${number(date)}(?:st|nd|rd|th)?`;
  const ways = [
    `${year}-${month}-${date}`,
    `${number(date)}\\s*[/.-]\\s*${number(month)}\\s*[/.-]\\s*${years}`,
    `${dates}\\s+(?:of\\s+)?${name},?\\s+${years}`,
    `${name}\\s+${dates},?\\s+${years}`,
  ];
  return new RegExp(`(?<!\\d)(?:${ways.join('|')})(?!\\d)`, 'i');
}
