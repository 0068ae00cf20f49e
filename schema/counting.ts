/** How a list in the notes counts: in numbers, or in letters or Roman numerals as it did where it was brought from. */

/**
 * Values of a list's attribute `type`; any other is numbers. Not HTML's own `a` and `i`: lists brought before there
 * were letters bear those, and they were read, cited and frozen with numbers.
 */
export const countings = ['lower-alpha', 'upper-alpha', 'lower-roman', 'upper-roman'] as const;
export type Counting = (typeof countings)[number];

export function countingOf(type: unknown): Counting | null {
  return countings.find((each) => each === type) ?? null;
}

/** The sign before a list's item, as browsers make it: "3", "c", "iii". What has no such sign is a number. */
export function signOf(count: number, counting: Counting | null): string {
  const small = counting?.endsWith('alpha') ? lettersOf(count) : counting ? romanOf(count) : '';
  if (small === '') return String(count);
  return counting?.startsWith('upper') ? small.toUpperCase() : small;
}

/** "a" … "z", "aa", "ab". */
function lettersOf(count: number): string {
  if (count < 1) return '';
  const before = Math.floor((count - 1) / 26);
  return lettersOf(before) + String.fromCharCode(97 + ((count - 1) % 26));
}

const numerals = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
] as const;

function romanOf(count: number): string {
  if (count < 1 || count > 3999) return '';
  let left = count;
  let said = '';
  for (const [value, numeral] of numerals) {
    for (; left >= value; left -= value) said += numeral;
  }
  return said;
}

/** Which of a list's items bears this sign; 1 where none does. Word goes on after "z" with "aa", "bb". */
export function countOf(sign: string, counting: Counting | null): number {
  if (!counting) return Number(sign) || 1;
  const small = sign.toLowerCase();
  if (counting.endsWith('alpha')) return small === '' ? 1 : 26 * (small.length - 1) + small.charCodeAt(0) - 96;
  let left = small;
  let count = 0;
  for (const [value, numeral] of numerals) {
    for (; left.startsWith(numeral); left = left.slice(numeral.length)) count += value;
  }
  return left === '' && count > 0 ? count : 1;
}
