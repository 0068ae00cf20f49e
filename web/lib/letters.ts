/** Words as they stand within a sentence, at its head (only the first letter, for names inside keep theirs), or cut short. */

export function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

export function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first six words, to know a text by: "A neighbour reported shouting at night…" */
export function firstWords(words: string): string {
  const all = words.trim().split(/\s+/);
  if (all.length <= 6) return all.join(' ');
  return `${all
    .slice(0, 6)
    .join(' ')
    .replace(/[,;:.]$/, '')}…`;
}
