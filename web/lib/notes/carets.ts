/** Where others are in the notes: their carets and selections, drawn over the text and never in it. */
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { compareRelativePositions, createRelativePositionFromJSON, type Doc, type XmlFragment } from 'yjs';
import { nameOf } from '#schema/actor.ts';
import type { Agency } from '#schema/agency.ts';

type Mapping = Parameters<typeof absolutePositionToRelativePosition>[2];
/** What the shared document's plugin keeps, as far as positions need it. */
type Shared = { type: XmlFragment; doc: Doc; binding: { mapping: Mapping } };
/** Positions in the shared document as JSON: they stay with the text when others change what is around it. */
type Cursor = { anchor: unknown; head: unknown };
type Somebody = { user?: { name: string; agency: Agency }; cursor?: Cursor | null };

/** Milliseconds between two messages about where my caret is. */
const published = 200;
/** Milliseconds a flag shows the whole name after its caret moved; the agency's initials stay. */
const named = 4_000;
/** A selection is drawn with this many boxes at most. */
const mostBoxes = 200;

export type CaretsOptions = {
  awareness: Awareness;
  /** The element over the text, of the same width, hidden from screen readers: who is where is said in words elsewhere. */
  layer: HTMLElement;
  /** Whether other people's carets are shown. */
  areShown: () => boolean;
};

/** Publishes my caret while the notes have the focus, and draws those of others. */
export function carets({ awareness, layer, areShown }: CaretsOptions): Plugin {
  return new Plugin({
    key: new PluginKey('carets'),
    view: (view) => {
      const publisher = publish(view, awareness);
      const drawing = draw(view, awareness, layer, areShown);
      return {
        update: () => {
          publisher.soon();
          drawing.soon();
        },
        destroy: () => {
          publisher.stop();
          drawing.stop();
        },
      };
    },
  });
}

function sharedOf(view: EditorView): Shared | null {
  const shared = ySyncPluginKey.getState(view.state) as Shared | undefined;
  return shared?.binding && shared.binding.mapping.size > 0 ? shared : null;
}

function publish(view: EditorView, awareness: Awareness) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;

  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    if (view.isDestroyed) return;
    const before = (awareness.getLocalState()?.cursor ?? null) as Cursor | null;
    const cursor = view.hasFocus() ? myCursor(view) : null;
    if (!same(before, cursor)) awareness.setLocalStateField('cursor', cursor);
  };
  const soon = () => {
    timer ??= setTimeout(now, Math.max(0, last + published - performance.now()));
  };
  view.dom.addEventListener('focus', soon);
  view.dom.addEventListener('blur', soon);
  return {
    soon,
    stop: () => {
      clearTimeout(timer);
      view.dom.removeEventListener('focus', soon);
      view.dom.removeEventListener('blur', soon);
      awareness.setLocalStateField('cursor', null);
    },
  };
}

function myCursor(view: EditorView): Cursor | null {
  const shared = sharedOf(view);
  if (!shared) return null;
  const { anchor, head } = view.state.selection;
  const relative = (position: number) =>
    absolutePositionToRelativePosition(position, shared.type, shared.binding.mapping);
  return { anchor: relative(anchor), head: relative(head) };
}

function same(a: Cursor | null, b: Cursor | null): boolean {
  if (a === null || b === null) return a === b;
  return (['anchor', 'head'] as const).every((end) =>
    compareRelativePositions(createRelativePositionFromJSON(a[end]), createRelativePositionFromJSON(b[end])),
  );
}

type Drawn = { caret: HTMLElement; boxes: HTMLElement; at: string; timer: ReturnType<typeof setTimeout> | undefined };

function draw(view: EditorView, awareness: Awareness, layer: HTMLElement, areShown: () => boolean) {
  const drawn = new Map<number, Drawn>();
  let frame = 0;

  const erase = (client: number) => {
    const gone = drawn.get(client);
    clearTimeout(gone?.timer);
    gone?.caret.remove();
    gone?.boxes.remove();
    drawn.delete(client);
  };

  const now = () => {
    frame = 0;
    if (view.isDestroyed) return;
    const shared = areShown() ? sharedOf(view) : null;
    const seen = new Set<number>();
    // Everything is measured before anything is moved: the browser lays the page out once.
    const measured = [...awareness.getStates()].flatMap(([client, state]) => {
      const { user, cursor } = state as Somebody;
      if (!shared || client === awareness.clientID || !user || !cursor) return [];
      const place = measure(view, shared, cursor, layer);
      return place ? [{ client, user, place }] : [];
    });
    for (const { client, user, place } of measured) {
      seen.add(client);
      const mine = drawn.get(client) ?? make(user, layer);
      drawn.set(client, mine);
      put(mine, place, layer.clientWidth);
    }
    for (const client of drawn.keys()) if (!seen.has(client)) erase(client);
  };
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(now);
  };
  const resized = new ResizeObserver(soon);
  resized.observe(layer);
  resized.observe(view.dom);
  awareness.on('change', soon);
  return {
    soon,
    stop: () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      awareness.off('change', soon);
      for (const client of [...drawn.keys()]) erase(client);
    },
  };
}

type Box = { left: number; top: number; width: number; height: number };
type Place = { caret: Box; boxes: Box[] };

function measure(view: EditorView, { doc, type, binding }: Shared, cursor: Cursor, layer: HTMLElement): Place | null {
  const absolute = (position: unknown) =>
    relativePositionToAbsolutePosition(doc, type, createRelativePositionFromJSON(position), binding.mapping);
  const anchor = absolute(cursor.anchor);
  const head = absolute(cursor.head);
  const end = view.state.doc.content.size;
  if (anchor === null || head === null || anchor > end || head > end) return null;
  const over = layer.getBoundingClientRect();
  const within = ({ left, top, right, bottom }: Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>): Box => ({
    left: left - over.left,
    top: top - over.top,
    width: right - left,
    height: bottom - top,
  });
  return { caret: within(view.coordsAtPos(head)), boxes: selectedBoxes(view, anchor, head).map(within) };
}

function selectedBoxes(view: EditorView, anchor: number, head: number): DOMRect[] {
  if (anchor === head) return [];
  const from = view.domAtPos(Math.min(anchor, head));
  const to = view.domAtPos(Math.max(anchor, head));
  const range = document.createRange();
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return [...range.getClientRects()].slice(0, mostBoxes);
}

/** Agency by its name, initials and border pattern; colour only adds to them. */
function make(user: { name: string; agency: Agency }, layer: HTMLElement): Drawn {
  const boxes = element('div', 'app-caret-boxes');
  const caret = element('div', 'app-caret');
  for (const part of [caret, boxes]) part.dataset.agency = user.agency.kind;
  const flag = element('span', 'app-caret__flag');
  const whole = element('span', 'app-caret__name');
  whole.textContent = nameOf(user);
  const short = element('span', 'app-caret__initials');
  short.textContent = initialsOf(user.agency.name);
  flag.append(whole, short);
  caret.append(flag);
  layer.append(boxes, caret);
  return { caret, boxes, at: '', timer: undefined };
}

/** "SC" for Social care, "H" for Health. */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
    .slice(0, 3);
}

function put(drawn: Drawn, { caret, boxes }: Place, width: number): void {
  const at = `translate(${Math.round(caret.left)}px, ${Math.round(caret.top)}px)`;
  if (drawn.at !== at) {
    drawn.at = at;
    drawn.caret.style.transform = at;
    drawn.caret.classList.add('app-caret--moved');
    clearTimeout(drawn.timer);
    drawn.timer = setTimeout(() => drawn.caret.classList.remove('app-caret--moved'), named);
  }
  drawn.caret.style.height = `${Math.round(caret.height)}px`;
  // The flag stays inside the notes: from the middle on it hangs to the left.
  drawn.caret.classList.toggle('app-caret--leftward', caret.left > width / 2);
  while (drawn.boxes.children.length > boxes.length) drawn.boxes.lastElementChild?.remove();
  for (const [index, { left, top, width, height }] of boxes.entries()) {
    const box = drawn.boxes.children[index] ?? drawn.boxes.appendChild(element('div', 'app-caret-box'));
    if (!(box instanceof HTMLElement)) continue;
    box.style.transform = `translate(${left}px, ${top}px)`;
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
  }
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
