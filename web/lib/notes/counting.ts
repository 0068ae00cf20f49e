/** How lists that are brought here say that they count in letters, and how ours say it to others. */
import { countings, type Counting } from '#schema/counting.ts';

/** HTML's `type` of a list. */
const types = {
  'lower-alpha': 'a',
  'upper-alpha': 'A',
  'lower-roman': 'i',
  'upper-roman': 'I',
} as const satisfies Record<Counting, string>;

export function typeOf(counting: Counting): (typeof types)[Counting] {
  return types[counting];
}

export function countingOfType(type: string | null): Counting | null {
  return countings.find((each) => types[each] === type) ?? null;
}

/** As it stands in a style: letters are called Latin there as well. */
export function countingOfStyle(style: string | undefined): Counting | null {
  const said = style?.toLowerCase().replace('latin', 'alpha');
  return countings.find((each) => each === said) ?? null;
}

/** As Word calls them where it describes a list. */
const wordNames: Record<string, Counting> = {
  'alpha-lower': 'lower-alpha',
  'alpha-upper': 'upper-alpha',
  'roman-lower': 'lower-roman',
  'roman-upper': 'upper-roman',
};

/** What Word's style sheet says of each level that counts, by "l1 2"; null for numbers. */
export function countingsOfWord(html: string): ReadonlyMap<string, Counting | null> {
  const levels = html.matchAll(/@list\s+(l\d+):level(\d)\s*\{([^}]*)\}/g);
  return new Map(
    [...levels].map(([, list, level, said]) => {
      const name = /mso-level-number-format:\s*([a-z-]+)/i.exec(said ?? '')?.[1] ?? '';
      return [`${list} ${level}`, wordNames[name] ?? null];
    }),
  );
}

/** Where only the sign of its first line says it: "i" begins Roman numerals, any other letter letters. */
export function countingOfSign(sign: string): Counting | null {
  if (!/^[a-z]+$/i.test(sign)) return null;
  const isRoman = sign.length > 1 ? /^[ivxlcdm]+$/i.test(sign) : /^i$/i.test(sign);
  const size = sign === sign.toLowerCase() ? 'lower' : 'upper';
  return `${size}-${isRoman ? 'roman' : 'alpha'}`;
}
