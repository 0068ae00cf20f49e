/** What is let in by a paste: words and their structure; no style, no pictures, no signs that cannot be seen. */

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

/** Never words: what runs, what loads, and what only decorates. */
const unwanted =
  'script, style, link, meta, title, base, template, noscript, img, picture, svg, math, video, audio, canvas, iframe, object, embed, input, select, button';
/** Attributes the notes hold, and the mark by which the editor knows its own copies. */
const wanted: ReadonlySet<string> = new Set(['href', 'colspan', 'rowspan', 'start', 'type', 'data-pm-slice']);
/** Word processors in a browser write marks as style. */
const styled = [
  { tag: 'strong', style: /font-weight:\s*(bold|[6-9]00)/i },
  { tag: 'em', style: /font-style:\s*italic/i },
  { tag: 'u', style: /text-decoration[a-z-]*:[^;]*underline/i },
  { tag: 's', style: /text-decoration[a-z-]*:[^;]*line-through/i },
] as const;
const plainWeight = /font-weight:\s*(normal|[1-5]00)/i;

/** Copied HTML as the editor may read it: parsed where nothing runs or loads, and stripped before it goes on. */
export function cleanHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll(unwanted)) element.remove();
  for (const element of body.querySelectorAll('*')) strip(element);
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.nodeValue = withoutUnseen(texts.currentNode.nodeValue ?? '');
  return body.innerHTML;
}

/** Takes an element's attributes away and gives it the marks that its style stood for. */
function strip(element: Element): void {
  const style = element.getAttribute('style') ?? '';
  for (const name of element.getAttributeNames()) if (!wanted.has(name)) element.removeAttribute(name);
  if (element.matches('b, strong') && plainWeight.test(style)) {
    // Google Docs puts everything it copies into one bold element that says it is not bold.
    element.replaceWith(...element.childNodes);
    return;
  }
  for (const { tag, style: pattern } of styled) {
    if (!pattern.test(style) || (tag === 'u' && element.closest('a'))) continue;
    const mark = element.ownerDocument.createElement(tag);
    mark.append(...element.childNodes);
    element.append(mark);
  }
}
