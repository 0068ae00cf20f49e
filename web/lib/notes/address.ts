/** Addresses that a link in the notes may lead to. Pure. */

const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * The address if it is one a person may follow, else null. `example.org/page` is taken to mean a
 * page on the web; a scheme that could run something (`javascript:`, `data:`) is refused.
 */
export function safeAddress(text: string): string | null {
  const typed = text.trim();
  if (typed === '' || typed.length > 2_000) return null;
  const named = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
  if (!URL.canParse(named)) return null;
  const url = new URL(named);
  const reachable = url.protocol === 'mailto:' || url.protocol === 'tel:' || url.hostname.includes('.');
  return schemes.has(url.protocol) && reachable ? url.href : null;
}
