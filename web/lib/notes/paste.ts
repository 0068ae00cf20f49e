/** What is let in by a paste: words and their structure; no signs that cannot be seen. Pure. */

/** Characters of one paste. More would make the notes unreadable for everyone else, and slow. */
export const longestPaste = 200_000;

/**
 * Signs that show nothing and can turn text about or split a word unseen: zero-width spaces, byte
 * order marks, directional overrides, soft hyphens and control characters. Joiners inside emoji and
 * some scripts (U+200C, U+200D) are left: they change what is seen.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const unseen =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export function withoutUnseen(text: string): string {
  return text.replace(unseen, '');
}
