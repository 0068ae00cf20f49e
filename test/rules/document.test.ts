/** Documents of a case: whose they are, how long they are kept, and why one is removed. */
import { describe, expect, test } from 'vitest';
import { addDocument, documentLimits, documentSaid, fileNameOf, held, type AddDocument } from '#schema/document.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import { amara, given, health, joan, opened, otto, priya, holidays } from '../support/rules.ts';

const document = 'd'.repeat(32);
const add: AddDocument = {
  type: 'AddDocument',
  document,
  said: { name: 'Second scan', keep: 'case', keptUntil: '' },
  kind: 'pdf',
  size: 1234,
  sha256: 'a'.repeat(64),
  viruses: 'not-checked',
};
const until = (keptUntil: string): AddDocument => ({ ...add, said: { name: 'Second scan', keep: 'until', keptUntil } });
const added = given(opened()).when(add, amara).recorded();
const remove = { type: 'RemoveDocument', document, because: 'wrong-case', why: 'It is another child’s.' } as const;

describe('[M15] documents', () => {
  test('anyone who works on the case adds one; the record holds what it is, and no bytes', () => {
    for (const by of [amara, joan]) {
      given(opened()).when(add, by).gives({
        type: 'DocumentAdded',
        document,
        name: 'Second scan',
        kind: 'pdf',
        size: 1234,
        sha256: add.sha256,
        viruses: 'not-checked',
        keptUntil: null,
      });
    }
    given(opened()).when(add, otto).isRefused('NotYourRole');
  });

  test('the same bytes are not added twice while they are held', () => {
    added.when({ ...add, document: 'e'.repeat(32) }, priya).isRefused('DocumentAlreadyAdded', { name: 'Second scan' });
    added.when(remove, amara).recorded().when(add, priya).givesTypes('DocumentAdded');
  });

  test('a case holds only so many', () => {
    const { type, said, ...document } = add;
    const full = Array.from({ length: documentLimits.perCase }, (_, index) => ({
      by: amara,
      event: {
        ...document,
        type: 'DocumentAdded' as const,
        name: said.name,
        keptUntil: null,
        document: index.toString(16).padStart(32, '0'),
        sha256: index.toString(16).padStart(64, '0'),
      },
    }));
    given(opened(), full).when(add, amara).isRefused('TooManyDocuments', { most: documentLimits.perCase });
    given(opened(), full.slice(1)).when(add, amara).givesTypes('DocumentAdded');
  });

  test('a last day lies ahead, and is asked for where it is kept until one', () => {
    given(opened()).when(until('2026-11-23'), amara).isRefused('DateInThePast', { field: 'keptUntil' });
    expect(documentSaid.safeParse({ name: 'A', keep: 'until' }).error?.issues).toMatchObject([{ path: ['keptUntil'] }]);
    expect(addDocument.safeParse({ ...add, size: 26 * 1024 * 1024 }).success).toBe(false);
  });

  test('only its owner removes it, with a reason, once', () => {
    added.when(remove, priya).isRefused('NotYourDocument', { agency: health.name });
    added.when({ ...remove, document: 'f'.repeat(32) }, amara).isRefused('NoSuchDocument');
    const { type: _, ...why } = remove;
    added.when(remove, amara).gives({ type: 'DocumentRemoved', ...why });
    const after = added.when(remove, amara).recorded();
    expect(held(after.state.documents)).toEqual([]);
    after.when(remove, amara).isRefused('DocumentAlreadyRemoved');
  });

  test('its time is over only once its last day has passed; then its owner is asked to remove it', () => {
    const over = { ...remove, because: 'time-over' } as const;
    added.when(over, amara).isRefused('StillToBeKept', { field: 'because' });
    const kept = given(opened()).when(until('2026-12-01'), amara).recorded();
    kept.when(over, amara, { today: '2026-12-01' }).isRefused('StillToBeKept', { until: '2026-12-01' });
    kept.when(over, amara, { today: '2026-12-02' }).givesTypes('DocumentRemoved');
    if (!hasCase(kept.state)) throw new Error('No case was opened');
    const need = expect.objectContaining({ place: 'documents', from: '2026-12-02' });
    expect(needsOf(kept.state, amara, { holidays })).toContainEqual(need);
    expect(needsOf(kept.state, priya, { holidays })).not.toContainEqual(need);
  });

  test('it is saved under the case code and what it is, whatever was typed', () => {
    expect(fileNameOf({ name: '../a\u202egnp.exe: "b"', kind: 'pdf' }, 'SI-2026-7KQ4')).toBe(
      'SI-2026-7KQ4 .. a gnp.exe b.pdf',
    );
  });
});
