/**
 * What Word and Outlook put on the clipboard, made what it looks like: their lists are paragraphs that begin
 * with a sign, and around the words stands much that no reader sees. Libraries for this exist; those that are
 * free to use rewrite the text by patterns, and none nests a list in its item.
 */
import { countOf, type Counting } from '#schema/counting.ts';
import { countingOfSign, countingOfStyle, countingsOfWord, typeOf } from './counting.ts';

const wroteIt = /\bmso-|urn:schemas-microsoft-com|class=["']?Mso|data-listid/i;

/** Whether one of them wrote this. */
export function isOffice(html: string): boolean {
  return wroteIt.test(html);
}

/** An element's style, name by name, without what only these programs understand. */
export function styleOf(element: Element): Map<string, string> {
  const declared = [...declarations(element)];
  return new Map(declared.filter(([name]) => !name.startsWith('mso-')));
}

function* declarations(element: Element): Iterable<[name: string, value: string]> {
  for (const each of (element.getAttribute('style') ?? '').split(';')) {
    const colon = each.indexOf(':');
    if (colon > 0) yield [each.slice(0, colon).trim().toLowerCase(), each.slice(colon + 1).trim()];
  }
}

function ownStyle(element: Element, name: string): string {
  return new Map(declarations(element)).get(name) ?? '';
}

/** Takes out what is no part of the text, and makes lists, titles and the lines between messages elements again. */
export function readOffice(body: HTMLElement, html: string): void {
  const lines = [...wordLines(body, countingsOfWord(html)), ...webLines(body)];
  lines.sort((a, b) => (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  makeLists(lines);
  for (const element of body.querySelectorAll('*')) if (isNoText(element)) element.remove();
  for (const element of body.querySelectorAll('div')) {
    // Outlook draws a line over the message that is answered.
    if (/\bsolid\b/.test(ownStyle(element, 'border-top'))) element.before(document.createElement('hr'));
  }
  for (const title of body.querySelectorAll('p.MsoTitle')) become(title, 'h1');
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.nodeValue = texts.currentNode.nodeValue?.replaceAll('\u00a0', ' ') ?? '';
  // They keep paragraphs apart by empty ones.
  for (const paragraph of body.querySelectorAll('p')) if (paragraph.textContent.trim() === '') paragraph.remove();
}

/** Data beside the text, words that were deleted, remarks in the margin. */
function isNoText(element: Element): boolean {
  if (element.matches('xml, del, .msoDel, .MsoCommentReference, .msocomanchor')) return true;
  return ownStyle(element, 'mso-element').startsWith('comment');
}

/** One line of a list, written as a paragraph. */
type Line = {
  element: Element;
  list: string;
  level: number;
  isNumbered: boolean;
  counting: Counting | null;
  number: number;
};

/** As the programs on a desk write them: `mso-list:l0 level2 lfo1`, and the sign in an element to be ignored. */
function* wordLines(body: HTMLElement, described: ReadonlyMap<string, Counting | null>): Iterable<Line> {
  for (const element of body.querySelectorAll('p, h1, h2, h3, h4, h5, h6')) {
    const [, list, level] = /^(l\d+)\s+level(\d)/i.exec(ownStyle(element, 'mso-list')) ?? [];
    if (list === undefined) continue;
    const sign = takeSign(element);
    if (!element.matches('p')) {
      // A heading with a number stays one, and people refer to it by its number.
      element.prepend(`${sign} `);
      continue;
    }
    const isNumbered = /^\(?((\d+\.)*\d+[.):]?|[a-z]{1,5}[.):])$/i.test(sign);
    const counted = /(\d+|[a-z]+)[^\da-z]*$/i.exec(sign)?.[1] ?? '';
    const known = described.get(`${list} ${level}`);
    const counting = isNumbered && !/\d/.test(counted) ? (known ?? countingOfSign(counted)) : null;
    yield { element, list, level: Number(level), isNumbered, counting, number: countOf(counted, counting) };
  }
}

/** Takes the sign a line begins with out of it. */
function takeSign(line: Element): string {
  const ignored = [...line.querySelectorAll('*')].find((each) => /^ignore$/i.test(ownStyle(each, 'mso-list')));
  const sign = ignored?.textContent.trim() ?? '';
  ignored?.remove();
  return sign;
}

/** As they are written in a browser: each line a list of its own, which says how deep it is meant. */
function* webLines(body: HTMLElement): Iterable<Line> {
  for (const item of body.querySelectorAll('li[data-aria-level][data-listid]')) {
    const list = item.parentElement;
    if (!list || list.children.length > 1) continue;
    const paragraph = item.querySelector('p') ?? document.createElement('p');
    if (!paragraph.isConnected) paragraph.append(...item.childNodes);
    (list.parentElement?.matches('.ListContainerWrapper') ? list.parentElement : list).replaceWith(paragraph);
    yield {
      element: paragraph,
      list: item.getAttribute('data-listid') ?? '',
      level: Number(item.getAttribute('data-aria-level')) || 1,
      isNumbered: list.matches('ol'),
      counting: countingOfStyle(ownStyle(list, 'list-style-type') || ownStyle(item, 'list-style-type')),
      number: Number(list.getAttribute('start')) || 1,
    };
  }
}

function makeLists(lines: readonly Line[]): void {
  /** The lists that are open, each in the last line of the one before. */
  let open: { made: Element; level: number; line: Line }[] = [];
  for (const line of lines) {
    const { element, level, list, isNumbered } = line;
    const outermost = open[0]?.made;
    if (!outermost || !follows(outermost, element)) open = [];
    while ((open.at(-1)?.level ?? 0) > level) open.pop();
    const same = open.at(-1);
    if (same?.level === level && (same.line.isNumbered !== isNumbered || (level === 1 && same.line.list !== list))) {
      open.pop();
    }
    let into = open.at(-1);
    if (!into || into.level < level) {
      const made = document.createElement(isNumbered ? 'ol' : 'ul');
      if (isNumbered && line.number > 1) made.setAttribute('start', String(line.number));
      if (line.counting) made.setAttribute('type', typeOf(line.counting));
      if (into) into.made.lastElementChild?.append(made);
      else element.before(made);
      into = { made, level, line };
      open.push(into);
    }
    const item = document.createElement('li');
    into.made.append(item);
    item.append(element);
  }
}

/** Whether nothing but space lies between the two. */
function follows(before: Element, element: Element): boolean {
  let next = before.nextSibling;
  while (next instanceof Comment || (next instanceof Text && next.data.trim() === '')) next = next.nextSibling;
  return next === element;
}

/** The same content in an element of another name. */
export function become(element: Element, name: string): void {
  const made = document.createElement(name);
  for (const { name: attribute, value } of element.attributes) made.setAttribute(attribute, value);
  made.append(...element.childNodes);
  element.replaceWith(made);
}
