/** What others changed in the notes while this copy was cut off from them. */
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { Away } from '#lib/connection/away.ts';
import { notesRoot } from '#schema/notes.ts';

const remote = 'from the service';

function copy(client: number) {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = client;
  return { doc, notes: doc.getXmlFragment(notesRoot) };
}

function block(name: string, words: string): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, [new Y.XmlText(words)]);
  return element;
}

function hear(to: Y.Doc, from: Y.Doc): void {
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), remote);
}

describe('whoever was away', () => {
  let mine: ReturnType<typeof copy>;
  let theirs: ReturnType<typeof copy>;
  let away: Away;
  const text = (notes: Y.XmlFragment, at: number) => (notes.get(at) as Y.XmlElement).get(0) as Y.XmlText;

  beforeEach(() => {
    [mine, theirs] = [copy(1), copy(2)];
    theirs.notes.insert(0, [
      block('heading', 'What happened'),
      block('paragraph', 'The call came at seven. The crew left at once. They found the child.'),
      block('heading', 'Harm'),
      block('paragraph', 'A broken arm.'),
      block('paragraph', 'Nothing else.'),
    ]);
    hear(mine.doc, theirs.doc);
    away = new Away(mine.doc, mine.notes, (origin) => origin === remote);
  });

  test('[M12] is told how much others changed and under which headings, also of what they took away', () => {
    away.cut();
    text(theirs.notes, 1).insert(23, ' It was short.');
    theirs.notes.delete(4, 1);
    hear(mine.doc, theirs.doc);
    expect(away.back()).toEqual({ changes: 2, sections: ['What happened', 'Harm'], both: [] });
  });

  test('[M12] is shown the sentence that both changed, and no other', () => {
    away.cut();
    text(mine.notes, 1).insert(0, 'All agree: ');
    text(mine.notes, 1).insert(text(mine.notes, 1).length - 1, ' at home');
    text(theirs.notes, 1).delete('The call came at '.length, 'seven'.length);
    text(theirs.notes, 1).insert('The call came at '.length, 'eight');
    hear(mine.doc, theirs.doc);
    expect(away.back()?.both).toEqual(['All agree: The call came at eight.']);
  });

  test('[M12] is told nothing where only they themselves wrote, or where they were not away', () => {
    away.cut();
    text(mine.notes, 3).insert(0, 'Perhaps: ');
    expect(away.back()).toBeNull();
    text(theirs.notes, 3).insert(0, 'Surely: ');
    hear(mine.doc, theirs.doc);
    expect(away.back()).toBeNull();
  });

  test('[M12] does not take what was written before for written meanwhile', () => {
    text(mine.notes, 3).insert(0, 'Perhaps: ');
    away.cut();
    hear(theirs.doc, mine.doc);
    text(theirs.notes, 3).insert(0, 'Surely. ');
    hear(mine.doc, theirs.doc);
    expect(away.back()).toEqual({ changes: 1, sections: ['Harm'], both: [] });
  });
});
