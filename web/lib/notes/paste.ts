/** What is let in by a paste: words and their structure; no signs that cannot be seen. Pure. */

/** Characters of one paste. More would make the notes unreadable for everyone else, and slow. */
export const longestPaste = 200_000;

/** Signs without a shape that are let in: line ends, tabs, and joiners, which change how emoji and some scripts look. */
const kept: ReadonlySet<string> = new Set(['\n', '\r', '\t', '\u200c', '\u200d']);

/**
 * The text without signs that show nothing and could turn words about or split them unseen:
 * zero-width spaces, byte order marks, directional overrides, soft hyphens, control characters.
 */
export function withoutUnseen(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (kept.has(sign) ? sign : ''));
}
