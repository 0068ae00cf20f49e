/** Words as they stand within a sentence, and at its head: only the first letter, for names inside keep theirs. */

export function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

export function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
