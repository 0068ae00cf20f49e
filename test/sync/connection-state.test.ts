/** What the connection line says: "Saved" only when it is true, and no false alarm. */
import { describe, expect, test } from 'vitest';
import {
  happen,
  isAnnounced,
  isCutOff,
  isTurnedAway,
  kindAt,
  maySubmit,
  whyNotSent,
  mayType,
  nextLook,
  sayConnection,
  show,
  unopened,
  type Connection,
  type Happening,
  type Shown,
  type TurnedAway,
} from '#lib/connection/state.ts';

const at = '2026-10-02T13:14:00Z';

/** Plays happenings, each at its millisecond. */
function play(...happenings: readonly (readonly [number, Happening])[]): Connection {
  return happenings.reduce((facts, [now, what]) => happen(facts, what, now), unopened(0));
}

const opened: (readonly [number, Happening])[] = [
  [0, { type: 'opening' }],
  [10, { type: 'opened' }],
];
const settled: (readonly [number, Happening])[] = [
  ...opened,
  [20, { type: 'sent', answer: true }],
  [30, { type: 'durable', count: 1, at }],
];
const typed = (now: number): (readonly [number, Happening])[] => [
  [now, { type: 'changed' }],
  [now, { type: 'sent', answer: false }],
];

describe('what "Saved" may say', () => {
  test('a socket that has only opened is not saved: nothing is known of what was typed before', () => {
    expect(kindAt(play(...opened), 40)).toBe('opening');
  });

  test('it is saved once the answer to the server’s first question is durable', () => {
    const facts = play(...settled);
    expect(kindAt(facts, 40)).toBe('saved');
    expect(sayConnection('saved', facts)).toBe('Saved at 2:14pm');
  });

  test('a change that is sent and not acknowledged is unsaved at once', () => {
    expect(play(...settled, ...typed(100)).unsaved).toBe(true);
  });

  test('the change is saved only when as many messages are durable as were sent', () => {
    const two = play(...settled, ...typed(100), ...typed(110));
    expect(happen(two, { type: 'durable', count: 2, at }, 120).unsaved).toBe(true);
    expect(happen(two, { type: 'durable', count: 3, at }, 120).unsaved).toBe(false);
  });

  test('an acknowledgement of an earlier socket counts for nothing on the next', () => {
    const facts = play(
      ...settled,
      ...typed(100),
      [110, { type: 'closed' }],
      [300, { type: 'opening' }],
      [310, { type: 'opened' }],
    );
    expect(facts.unsaved).toBe(true);
    expect(happen(facts, { type: 'durable', count: 0, at }, 320).unsaved).toBe(true);
  });

  test('what was typed while away is saved when this socket’s own answer is durable', () => {
    const facts = play(
      ...settled,
      [100, { type: 'closed' }],
      [200, { type: 'changed' }],
      [300, { type: 'opening' }],
      [310, { type: 'opened' }],
      [320, { type: 'sent', answer: true }],
    );
    expect(facts.unsaved).toBe(true);
    expect(kindAt(facts, 5_000)).toBe('saving');
    expect(happen(facts, { type: 'durable', count: 1, at }, 330)).toMatchObject({ unsaved: false, waitingSince: null });
  });

  test('others’ changes were durable before they came, so the time moves on; not while anything of one’s own waits', () => {
    const later = '2026-10-02T14:00:00Z';
    expect(happen(play(...settled), { type: 'heard', at: later }, 50).savedAt).toBe(later);
    expect(happen(play(...settled, ...typed(40)), { type: 'heard', at: later }, 50).savedAt).toBe(at);
  });

  test('an acknowledgement after the socket closed does not save anything', () => {
    const facts = play(...settled, ...typed(100), [110, { type: 'closed' }], [111, { type: 'durable', count: 9, at }]);
    expect(facts.unsaved).toBe(true);
  });
});

describe('when the words change', () => {
  const waiting = play(...settled, ...typed(1_000));

  test.each([
    [2_999, 'saved'],
    [3_000, 'saving'],
    [10_999, 'saving'],
    [11_000, 'reconnecting'],
  ] as const)('unacknowledged since 1,000 ms, at %i ms it is %s', (now, kind) => {
    expect(kindAt(waiting, now)).toBe(kind);
  });

  const closed = play(...settled, [1_000, { type: 'closed' }]);

  test.each([
    [5_999, 'saved'],
    [6_000, 'reconnecting'],
  ] as const)('closed at 1,000 ms, at %i ms it is %s', (now, kind) => {
    expect(kindAt(closed, now)).toBe(kind);
  });

  test('attempts that fail do not start the count anew', () => {
    const facts = play(
      ...settled,
      [1_000, { type: 'closed' }],
      [2_000, { type: 'opening' }],
      [2_500, { type: 'closed' }],
    );
    expect(kindAt(facts, 6_000)).toBe('reconnecting');
  });

  test('without unsaved changes nobody is told that changes are not saved', () => {
    expect(sayConnection('reconnecting', closed)).toBe('Reconnecting. What you see may not be up to date.');
    expect(sayConnection('reconnecting', waiting)).toBe(
      'Reconnecting. Your last changes are not saved yet. Keep this tab open.',
    );
  });

  test('offline shows at once, and clears itself', () => {
    const offline = happen(play(...settled), { type: 'network', online: false }, 100);
    expect(kindAt(offline, 100)).toBe('offline');
    expect(kindAt(happen(offline, { type: 'network', online: true }, 200), 200)).toBe('saved');
  });

  test('a network that lets no socket through is said so, unless something is unsaved', () => {
    const refused = play(
      [0, { type: 'opening' }],
      [100, { type: 'closed' }],
      [9_000, { type: 'turned-away', why: 'not-live' }],
    );
    expect(kindAt(refused, 9_000)).toBe('not-live');
    expect(kindAt(happen(refused, { type: 'changed' }, 9_100), 20_000)).toBe('reconnecting');
    expect(kindAt(happen(refused, { type: 'opened' }, 9_100), 9_100)).not.toBe('not-live');
  });

  test('an ending stands until a person does something about it', () => {
    const out = happen(waiting, { type: 'ended', how: 'signed-out' }, 2_000);
    expect(kindAt(out, 90_000)).toBe('signed-out');
    expect(happen(out, { type: 'resumed' }, 91_000)).toMatchObject({ ended: null, unsaved: true });
  });
});

describe('[T22] turned away at the door because of a limit', () => {
  /** A socket that opens, is told why not, and is closed: as often as it is tried. */
  const told = (at: number, why: TurnedAway): (readonly [number, Happening])[] => [
    [at, { type: 'opening' }],
    [at + 10, { type: 'opened' }],
    [at + 20, { type: 'closed' }],
    [at + 20, { type: 'turned-away', why }],
  ];

  test.each(['too-many-open', 'room-full'] as const)('%s is said at once, and as long as it is so', (why) => {
    const facts = play(...settled, [1_000, { type: 'closed' }], ...told(1_200, why));
    expect(kindAt(facts, 1_300)).toBe(why);
    const trying = [{ type: 'opening' }, { type: 'opened' }] as const;
    const tried = trying.reduce<Connection>((was, what) => happen(was, what, 11_300), facts);
    expect(kindAt(tried, 11_300)).toBe(why);
    expect(kindAt(happen(tried, { type: 'closed' }, 11_310), 11_310)).toBe(why);
  });

  test('it is over once the server asks what this tab has, and what was typed meanwhile waits from then on', () => {
    const facts = play(
      ...settled,
      [1_000, { type: 'closed' }],
      ...told(1_200, 'too-many-open'),
      [2_000, { type: 'changed' }],
      [41_200, { type: 'opening' }],
      [41_210, { type: 'opened' }],
    );
    expect(kindAt(facts, 41_210)).toBe('too-many-open');
    const entered = happen(facts, { type: 'sent', answer: true }, 41_220);
    expect(entered).toMatchObject({ unsaved: true, turnedAway: null });
    expect([41_221, 43_220, 51_220].map((now) => kindAt(entered, now))).toEqual(['saved', 'saving', 'reconnecting']);
    expect(happen(entered, { type: 'durable', count: 1, at }, 41_230).unsaved).toBe(false);
  });

  test('a socket that does not open at all tells nothing of the door: then it is reconnecting', () => {
    const facts = play(
      ...settled,
      [1_000, { type: 'closed' }],
      ...told(1_200, 'room-full'),
      [11_200, { type: 'opening' }],
      [11_210, { type: 'closed' }],
    );
    expect(kindAt(facts, 11_210)).toBe('reconnecting');
  });

  test('notes opened too often are waited for, until a socket opens', () => {
    const facts = play([100, { type: 'turned-away', why: 'too-often' }]);
    expect(kindAt(facts, 30_000)).toBe('too-often');
    expect(kindAt(play([100, { type: 'turned-away', why: 'too-often' }], ...opened), 40)).toBe('opening');
    expect(kindAt(happen(facts, { type: 'closed' }, 30_000), 30_000)).toBe('reconnecting');
  });

  test('a service that takes no more sockets is said so, with something unsaved too, until one opens', () => {
    const facts = play(
      [0, { type: 'opening' }],
      [100, { type: 'closed' }],
      [900, { type: 'turned-away', why: 'busy' }],
      [1_000, { type: 'opening' }],
      [1_100, { type: 'closed' }],
    );
    expect(kindAt(facts, 1_100)).toBe('busy');
    expect(kindAt(happen(facts, { type: 'changed' }, 1_200), 20_000)).toBe('busy');
    expect(kindAt(happen(facts, { type: 'opened' }, 1_200), 1_200)).toBe('opening');
  });

  test.each(['not-live', 'busy'] as const)('a tab that had a socket is not told at once that it is %s', (why) => {
    const facts = play(...settled, [1_000, { type: 'closed' }], [1_900, { type: 'turned-away', why }]);
    expect([1_900, 5_999, 6_000].map((now) => kindAt(facts, now))).toEqual(['saved', 'saved', why]);
    expect(nextLook({ kind: 'saved', since: 0 }, facts, 1_900)).toBe(4_100);
  });

  test('told what was missed on coming back, unless no live editing was to be had at all', () => {
    expect(
      (['reconnecting', 'offline', 'busy', 'too-many-open', 'room-full', 'too-often'] as const).every(isCutOff),
    ).toBe(true);
    expect((['saved', 'saving', 'not-live'] as const).some(isCutOff)).toBe(false);
    expect((['not-live', 'busy', 'too-many-open', 'room-full', 'too-often'] as const).every(isTurnedAway)).toBe(true);
    expect((['reconnecting', 'offline', 'full'] as const).some(isTurnedAway)).toBe(false);
  });
});

describe('[M51] the states of the line', () => {
  const unsaved = play(...settled, ...typed(1_000));
  const ends = (how: 'removed' | 'reload' | 'signed-out') => happen(unsaved, { type: 'ended', how }, 2_000);
  const refused = play(
    [0, { type: 'opening' }],
    [100, { type: 'closed' }],
    [9_000, { type: 'turned-away', why: 'not-live' }],
  );
  const turned = (facts: Connection, why: TurnedAway) => happen(facts, { type: 'turned-away', why }, 2_000);
  const tooMany =
    'You have too many tabs of this service open on your devices. Close another, and this one connects by itself.';
  const kept = 'What you typed is kept in this tab and is not saved yet.';
  const meanwhile = 'Until then you can read, comment and give positions.';

  test.each([
    [play(...settled), 2_000, 'Saved at 2:14pm', 'type submit'],
    [unsaved, 3_500, 'Saving…', 'type submit'],
    [unsaved, 12_000, 'Reconnecting. Your last changes are not saved yet. Keep this tab open.', 'type'],
    [
      happen(unsaved, { type: 'network', online: false }, 2_000),
      2_000,
      'You are offline. You can keep typing in this tab. Nothing is saved until you are back online.',
      'type',
    ],
    [
      refused,
      9_000,
      'Live editing is not available on this network. You can read, comment and give positions.',
      'submit',
    ],
    [turned(unsaved, 'too-many-open'), 2_000, `${tooMany} ${kept}`, 'type submit'],
    [
      turned(unopened(0), 'busy'),
      2_000,
      `The service takes no more connections at the moment. This tab tries again by itself. ${meanwhile}`,
      'type submit',
    ],
    [turned(unopened(0), 'too-many-open'), 2_000, `${tooMany} ${meanwhile}`, 'type submit'],
    [
      turned(unsaved, 'room-full'),
      2_000,
      `Too many people have these notes open. Ask someone who is only reading to close theirs. This tab tries again by itself. ${kept}`,
      'type submit',
    ],
    [
      turned(unopened(0), 'too-often'),
      2_000,
      `You have opened these notes too often within an hour. This tab connects by itself in a minute or two. ${meanwhile}`,
      'type submit',
    ],
    [ends('removed'), 2_000, 'You no longer have access to this case. Contact the coordinator.', ''],
    [ends('reload'), 2_000, 'This page needs to reload. Copy any unsaved text first.', ''],
    [ends('signed-out'), 2_000, 'You have been signed out. Sign in again to save your last changes.', 'type'],
  ] as const)('%#: said in its words, and what is allowed', (facts, now, words, allowed) => {
    const kind = kindAt(facts, now);
    expect(sayConnection(kind, facts)).toBe(words);
    const may = [mayType(kind) ? 'type' : '', maySubmit(kind) ? 'submit' : ''];
    expect(may.filter((each) => each !== '').join(' ')).toBe(allowed);
  });
});

describe('how long a state shows', () => {
  const waiting = play(...settled, ...typed(1_000));

  test('each shows for two seconds at least', () => {
    const saving: Shown = show({ kind: 'saved', since: 0 }, waiting, 3_000);
    expect(saving).toEqual({ kind: 'saving', since: 3_000 });
    const done = happen(waiting, { type: 'durable', count: 2, at }, 3_100);
    expect(show(saving, done, 3_100).kind).toBe('saving');
    expect(nextLook(saving, done, 3_100)).toBe(1_900);
    expect(show(saving, done, 5_000).kind).toBe('saved');
  });

  test('an ending does not wait', () => {
    const removed = happen(waiting, { type: 'ended', how: 'removed' }, 3_001);
    expect(show({ kind: 'saving', since: 3_000 }, removed, 3_001).kind).toBe('removed');
    expect(nextLook({ kind: 'removed', since: 3_001 }, removed, 3_001)).toBeNull();
  });

  test('the next look is when the words may change, and never when they cannot', () => {
    expect(nextLook({ kind: 'saved', since: 0 }, waiting, 1_500)).toBe(1_500);
    expect(nextLook({ kind: 'saved', since: 0 }, play(...settled), 1_500)).toBeNull();
  });
});

test('only trouble is spoken', () => {
  const trouble = ['reconnecting', 'offline', 'removed', 'signed-out', 'restored', 'full'] as const;
  const turnedAway = ['busy', 'too-many-open', 'room-full', 'too-often'] as const;
  expect([...trouble, ...turnedAway].every(isAnnounced)).toBe(true);
  expect((['opening', 'saved', 'saving', 'not-live', 'reload'] as const).some(isAnnounced)).toBe(false);
});

test('forms wait while away; typing goes on', () => {
  expect(
    (['reconnecting', 'offline', 'signed-out', 'removed', 'reload', 'restored', 'full'] as const).some(maySubmit),
  ).toBe(false);
  expect((['reconnecting', 'offline', 'saving', 'signed-out'] as const).every(mayType)).toBe(true);
  expect((['not-live', 'reload', 'restored', 'full'] as const).some(mayType)).toBe(false);
});

test('a form says what to do before it can be sent', () => {
  const first = 'You can submit when you have reloaded this page. Copy your own words first';
  for (const kind of ['differs', 'reload', 'restored', 'full'] as const) expect(whyNotSent(kind)).toBe(first);
  expect(whyNotSent('offline')).toBe('You can submit when you are reconnected');
  expect(whyNotSent('signed-out')).toBe('You can submit when you have signed in again');
  expect(whyNotSent('saved')).toBe('');
});
