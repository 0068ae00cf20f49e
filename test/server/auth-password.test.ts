/** Passwords and sign-in: slow to guess, quiet about who exists, few at once. */
import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { person } from '#schema/tables/index.ts';
import { checkPassword, hashPassword } from '#server/auth/password.ts';
import { createSignIn, type SignIn } from '#server/auth/sign-in.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';

const working = { now: 0, most: 0 };
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>();
  const verify = vi.fn(async (...told: Parameters<typeof real.verify>) => {
    working.now += 1;
    working.most = Math.max(working.most, working.now);
    return real.verify(...told).finally(() => {
      working.now -= 1;
    });
  });
  return { ...real, verify };
});
const verified = vi.mocked(argon2.verify);

/** argon2id, version 19, 64 MiB, three passes, one lane. */
const costly = /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/;
const right = 'correct horse battery staple';
let stored: string;

beforeAll(async () => {
  stored = await hashPassword(right);
});
beforeEach(() => {
  verified.mockClear();
});

describe('a password', () => {
  test('is kept as argon2id with the agreed costs, salted', async () => {
    expect(stored).toMatch(costly);
    expect(await hashPassword(right)).not.toBe(stored);
  });

  test('is right or wrong', async () => {
    expect(await checkPassword(right, stored)).toBe('right');
    expect(await checkPassword(`${right} `, stored)).toBe('wrong');
    expect(await checkPassword('', stored)).toBe('wrong');
  });

  test('for nobody is worked out at the same cost, and is always wrong', async () => {
    expect(await checkPassword('an address that nobody has', null)).toBe('wrong');
    expect(verified).toHaveBeenCalledOnce();
    expect(verified.mock.calls[0]?.[0]).toMatch(costly);
  });

  test('two are worked out at once, sixteen wait, and the next is told that too many do', async () => {
    working.most = 0;
    const tries = Array.from({ length: 19 }, () => checkPassword('wrong', stored));
    expect(await tries[18]).toBe('busy');
    expect(await Promise.all(tries.slice(0, 18))).toEqual(Array.from({ length: 18 }, () => 'wrong'));
    expect(working.most).toBe(2);
    expect(verified).toHaveBeenCalledTimes(18);
    expect(await checkPassword(right, stored)).toBe('right');
  });

  test('that cannot be checked gives its place back', async () => {
    for (let n = 0; n < 3; n += 1) await expect(checkPassword(right, 'no hash at all')).rejects.toThrow();
    expect(await checkPassword(right, stored)).toBe('right');
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
    verified.mockImplementation(async (_, password) => password === right);
  });
  afterAll(() => store?.close());

  test('the address is written in any case, with spaces around it', async () => {
    expect(await signIn.check(' Amara@Example.ORG ', right, from)).toEqual({ person: 'amara' });
  });

  test('an address nobody has, a wrong password and a person who has left are answered alike, after the same work', async () => {
    for (const [email, password] of [
      ['nobody@example.org', right],
      ['amara@example.org', 'wrong'],
      ['gone@example.org', right],
    ] as const) {
      verified.mockClear();
      expect(await signIn.check(email, password, from)).toEqual(wrong);
      expect(verified).toHaveBeenCalledOnce();
      expect(verified.mock.calls[0]?.[0]).toMatch(costly);
    }
  });

  test('[R36] after ten wrong tries the eleventh waits, even with the right password; another account does not', async () => {
    for (let n = 0; n < 10; n += 1) expect(await signIn.check('amara@example.org', 'wrong', from)).toEqual(wrong);
    verified.mockClear();
    expect(await signIn.check('AMARA@example.org', right, from)).toEqual(tooMany);
    expect(verified).not.toHaveBeenCalled();
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

  test('signing in rightly, however often, is never too often', async () => {
    for (let n = 0; n < 60; n += 1) {
      expect(await signIn.check('amara@example.org', right, from)).toEqual({ person: 'amara' });
    }
  });
});
