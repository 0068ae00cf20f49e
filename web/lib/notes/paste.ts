/** What is let in by a paste: words and their structure; no style, no pictures, no signs that cannot be seen. */
import { countingOfStyle, typeOf } from './counting.ts';
import { become, isOffice, readOffice, styleOf } from './office.ts';

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
  { tag: 'strong', name: 'font-weight', is: /^(bold|[6-9]00)/i },
  { tag: 'em', name: 'font-style', is: /^italic/i },
  { tag: 'u', name: 'text-decoration', is: /underline/i },
  { tag: 'u', name: 'text-decoration-line', is: /underline/i },
  { tag: 's', name: 'text-decoration', is: /line-through/i },
  { tag: 's', name: 'text-decoration-line', is: /line-through/i },
] as const;
const plainWeight = /^(normal|[1-5]00)/i;

export type Cleaned = { html: string; /** Pictures that were left out. */ pictures: number };

/** Copied HTML as the editor may read it: parsed where nothing runs or loads, and stripped before it goes on. */
export function cleanHtml(html: string): Cleaned {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll('*')) if (isHidden(element)) element.remove();
  const pictures = [...body.querySelectorAll('img')].filter(isSeen).length;
  for (const element of body.querySelectorAll(unwanted)) element.remove();
  if (isOffice(html)) readOffice(body, html);
  fitLists(body);
  fitHeadings(body);
  fitTables(body);
  for (const element of body.querySelectorAll('*')) strip(element);
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.nodeValue = withoutUnseen(texts.currentNode.nodeValue ?? '');
  return { html: body.innerHTML, pictures };
}

/** What its reader could not see does not come in unseen. */
function isHidden(element: Element): boolean {
  const style = element.getAttribute('style') ?? '';
  return (
    element.hasAttribute('hidden') || /(^|;)\s*(display:\s*none|visibility:\s*hidden|mso-hide:\s*all)/i.test(style)
  );
}

/** Not the dot by which a sender learns that a message was opened. */
function isSeen(image: HTMLImageElement): boolean {
  return image.getAttribute('width') !== '1' && image.getAttribute('height') !== '1';
}

/** The page's own title is the first level: what was headed by one stands a level lower here. */
function fitHeadings(body: HTMLElement): void {
  const lower = body.querySelector('h1') ? 1 : 0;
  for (const heading of body.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Math.min(Number(heading.tagName[1]) + lower, 3);
    if (heading.closest('li, td, th')) become(heading, 'p');
    else if (heading.tagName !== `H${level}`) become(heading, `h${level}`);
  }
}

/** Word processors in a browser say by style how a list counts, on it or on its items. */
function fitLists(body: HTMLElement): void {
  for (const list of body.querySelectorAll('ol:not([type])')) {
    const said = [list, ...list.children].map((each) => styleOf(each).get('list-style-type'));
    const counting = countingOfStyle(said.find((each) => each !== undefined));
    if (counting) list.setAttribute('type', typeOf(counting));
  }
}

/** Emails are laid out in tables, one within another: only the innermost that has several cells is one. */
function fitTables(body: HTMLElement): void {
  for (const table of [...body.querySelectorAll('table')].toReversed()) {
    const cells = [...table.querySelectorAll('td, th')].filter((cell) => cell.closest('table') === table);
    if (cells.length > 1 && !table.querySelector('table')) continue;
    table.replaceWith(...cells);
    for (const cell of cells) become(cell, 'div');
  }
  for (const cell of body.querySelectorAll('thead td')) become(cell, 'th');
}

/** Takes an element's attributes away and gives it the marks that its style stood for. */
function strip(element: Element): void {
  const style = styleOf(element);
  for (const name of element.getAttributeNames()) if (!wanted.has(name)) element.removeAttribute(name);
  if (element.matches('b, strong') && plainWeight.test(style.get('font-weight') ?? '')) {
    // Google Docs puts everything it copies into one bold element that says it is not bold.
    element.replaceWith(...element.childNodes);
    return;
  }
  for (const { tag, name, is } of styled) {
    if (!is.test(style.get(name) ?? '') || (tag === 'u' && element.closest('a'))) continue;
    const mark = element.ownerDocument.createElement(tag);
    mark.append(...element.childNodes);
    element.append(mark);
  }
}
