/** Passwords and sign-in: slow to guess, quiet about who exists, few at once. */
import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { person } from '#schema/tables/index.ts';
import { isRight } from '#server/auth/hash.ts';
import type { PasswordAnswer, PasswordQuestion } from '#server/auth/password-worker.ts';
import { checkPassword, hashPassword } from '#server/auth/password.ts';
import { createSignIn, type SignIn } from '#server/auth/sign-in.ts';
import type { Store } from '#server/store.ts';
import type * as threads from '#server/thread.ts';
import { databaseKinds, freshStore } from '../support/database.ts';

vi.mock('@node-rs/argon2', { spy: true });

/** What is asked of the thread for passwords; the thread itself answers unless a test does. */
const asked = vi.hoisted(() => vi.fn<(question: PasswordQuestion) => Promise<PasswordAnswer>>());
vi.mock('#server/thread.ts', async (original) => {
  const { createThread } = await original<typeof threads>();
  return {
    createThread: (file: URL) => {
      const thread = createThread<PasswordQuestion, PasswordAnswer>(file);
      asked.mockImplementation(thread.ask);
      return { ...thread, ask: asked };
    },
  };
});

/** argon2id, version 19, 64 MiB, three passes, one lane. */
const costly = /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/;
const right = 'correct horse battery staple';
let stored: string;

/** Finds an account that keeps this hash, or nobody. */
const found = (hash: string | null) => vi.fn(async () => (hash === null ? null : { hash }));

async function hashed(password: string): Promise<string> {
  const answer = await hashPassword(password);
  if (answer === 'busy') throw new Error('Too many wait');
  return answer.hash;
}

beforeAll(async () => {
  stored = await hashed(right);
});
beforeEach(() => {
  asked.mockClear();
});

describe('a password', () => {
  test('is kept as argon2id with the agreed costs, salted', async () => {
    expect(stored).toMatch(costly);
    expect(await hashed(right)).not.toBe(stored);
  });

  test('is right or wrong', async () => {
    expect(await checkPassword(right, found(stored))).toEqual({ hash: stored });
    expect(await checkPassword(`${right} `, found(stored))).toBe('wrong');
    expect(await checkPassword('', found(stored))).toBe('wrong');
  });

  test('for nobody is worked out at the same cost, and is always wrong', async () => {
    vi.mocked(argon2.verifySync).mockClear();
    expect(isRight('an address that nobody has', null)).toBe(false);
    expect(vi.mocked(argon2.verifySync).mock.calls).toEqual([
      [expect.stringMatching(costly), 'an address that nobody has'],
    ]);
    expect(await checkPassword('an address that nobody has', found(null))).toBe('wrong');
    expect(asked).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ what: 'check', stored: null }));
  });

  test('while one is worked out sixteen wait, and for the next nobody is even looked for', async () => {
    const [tries, next] = [found(stored), found(stored)];
    const waiting = Array.from({ length: 17 }, () => checkPassword('wrong', tries));
    expect(await checkPassword(right, next)).toBe('busy');
    expect(next).not.toHaveBeenCalled();
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 17 }, () => 'wrong'));
    expect(asked).toHaveBeenCalledTimes(17);
    expect(await checkPassword(right, next)).toEqual({ hash: stored });
  });

  test('of a new person waits among them, and counts as one', async () => {
    const waiting = Array.from({ length: 17 }, () => hashPassword(right));
    expect(await hashPassword(right)).toBe('busy');
    expect(await checkPassword(right, found(stored))).toBe('busy');
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ hash: expect.stringMatching(costly) })));
    expect(asked).toHaveBeenCalledTimes(17);
  });

  test('that cannot be checked gives its place back', async () => {
    for (let n = 0; n < 20; n += 1) await expect(checkPassword(right, found('no hash at all'))).rejects.toThrow();
    const nowhere = () => Promise.reject(new Error('No database'));
    for (let n = 0; n < 20; n += 1) await expect(checkPassword(right, nowhere)).rejects.toThrow('No database');
    expect(await checkPassword(right, found(stored))).toEqual({ hash: stored });
  });
});

describe.each(databaseKinds())('sign-in on %s', (kind) => {
  let store: Store;
  let signIn: SignIn;
  const from = '192.0.2.1';
  const wrong = { refused: 'WrongPassword', facts: {} };
  const tooMany = { refused: 'TooManyTries', facts: {} };

  beforeAll(async () => {
    store = await freshStore(kind);
    const people = [
      { id: 'amara', disabledAt: null },
      { id: 'gone', disabledAt: '2026-01-01T00:00:00Z' },
    ];
    for (const { id, disabledAt } of people) {
      const values = { id, name: id, email: `${id}@example.org`, passwordHash: stored, disabledAt };
      await store.db.insert(person).values(values);
    }
  });
  beforeEach(() => {
    signIn = createSignIn(store.db);
    // Whether a try is counted does not depend on how long it takes.
    asked.mockImplementation(async (question) =>
      question.what === 'hash'
        ? { what: 'hash', hash: stored }
        : { what: 'check', isRight: question.password === right && question.stored !== null },
    );
  });
  afterAll(() => store?.close());

  test('the address is written in any case, with spaces around it', async () => {
    expect(await signIn.check(' Amara@Example.ORG ', right, from)).toEqual({ person: 'amara' });
  });

  test('an address nobody has, a wrong password and a person who has left are answered alike, after the same work', async () => {
    for (const [email, password, kept] of [
      ['nobody@example.org', right, null],
      ['amara@example.org', 'wrong', stored],
      ['gone@example.org', right, stored],
    ] as const) {
      asked.mockClear();
      expect(await signIn.check(email, password, from)).toEqual(wrong);
      expect(asked).toHaveBeenCalledExactlyOnceWith({ what: 'check', password, stored: kept });
    }
  });

  test('[R36] after ten wrong tries the eleventh waits, even with the right password; another account does not', async () => {
    for (let n = 0; n < 10; n += 1) expect(await signIn.check('amara@example.org', 'wrong', from)).toEqual(wrong);
    asked.mockClear();
    expect(await signIn.check('AMARA@example.org', right, from)).toEqual(tooMany);
    expect(asked).not.toHaveBeenCalled();
    expect(await signIn.check('gone@example.org', 'wrong', from)).toEqual(wrong);
  });

  test('[R36] a hundred tries at once count like a hundred in turn', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => signIn.check('amara@example.org', 'wrong', from)),
    );
    expect(answers.filter((answer) => 'refused' in answer && answer.refused === 'WrongPassword')).toHaveLength(10);
  });

  test('whoever guesses from one place keeps nobody out who is elsewhere', async () => {
    for (let n = 0; n < 60; n += 1) await signIn.check('amara@example.org', 'wrong', from);
    expect(await signIn.check('amara@example.org', right, '192.0.2.2')).toEqual({ person: 'amara' });
  });

  test('one place that tries many addresses waits too', async () => {
    for (let n = 0; n < 50; n += 1) expect(await signIn.check(`n${n}@example.org`, 'wrong', from)).toEqual(wrong);
    expect(await signIn.check('amara@example.org', right, from)).toEqual(tooMany);
  });

  test('a try that could not be looked into, as the database was away, is none', async () => {
    const gone = new Error('No database');
    const select = vi.spyOn(store.db, 'select').mockImplementation(() => {
      throw gone;
    });
    for (let n = 0; n < 20; n += 1) await expect(signIn.check('amara@example.org', right, from)).rejects.toThrow(gone);
    select.mockRestore();
    expect(await signIn.check('amara@example.org', right, from)).toEqual({ person: 'amara' });
  });

  test('where too many are being worked out nobody has tried too often: it says so, and counts nothing', async () => {
    const { promise: someday, resolve: letGo } = Promise.withResolvers<null>();
    const others = Array.from({ length: 17 }, () => checkPassword(right, () => someday));
    for (let n = 0; n < 20; n += 1)
      expect(await signIn.check('amara@example.org', right, from)).toEqual({ refused: 'Busy', facts: {} });
    letGo(null);
    await Promise.all(others);
    expect(await signIn.check('amara@example.org', right, from)).toEqual({ person: 'amara' });
  });

  test('signing in rightly, however often, is never too often', async () => {
    for (let n = 0; n < 60; n += 1) {
      expect(await signIn.check('amara@example.org', right, from)).toEqual({ person: 'amara' });
    }
  });
});
