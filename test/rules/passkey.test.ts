/** Passkeys of one's own: added, removed, and when each may sign. */
import { describe, expect, test } from 'vitest';
import {
  decidePasskey,
  evolvePasskeys,
  mostPasskeys,
  noPasskeys,
  signsFrom,
  type PasskeysState,
} from '#schema/passkey.ts';
import { passkeyMail } from '#schema/notice.ts';
import { amara, priya } from '../support/rules.ts';

const key = { kty: 'OKP', crv: 'Ed25519', x: 'a' } as const;
const at = '2026-10-05T09:00:00.000Z';
const add = (label: string) => ({ type: 'AddPasskey', label }) as const;
const made = (passkey: string) => ({ passkey, key });

function after(...labels: string[]): PasskeysState {
  return labels.reduce<PasskeysState>((state, label, index) => {
    const decided = decidePasskey(add(label), state, priya, made(`made-${label}`));
    if ('refused' in decided) throw new Error(decided.refused);
    return decided.reduce((grown, event) => evolvePasskeys(grown, event, index + 1, at), state);
  }, noPasskeys);
}

describe('[M24] [T25] a passkey', () => {
  test('is added by its owner, with the name they give it and the key that checks it', () => {
    expect(decidePasskey(add('Work laptop'), noPasskeys, priya, made('p1'))).toEqual([
      { type: 'PasskeyAdded', passkey: 'p1', person: priya.person, name: priya.name, label: 'Work laptop', key },
    ]);
  });

  test('is not added unless a device made it, twice, under a name that is taken, or beyond as many as are kept', () => {
    expect(decidePasskey(add('Phone'), noPasskeys, priya, null)).toMatchObject({ refused: 'PasskeyNotMade' });
    const one = after('Phone');
    expect(decidePasskey(add('Other'), one, priya, made('made-Phone'))).toMatchObject({ refused: 'PasskeyKnown' });
    expect(decidePasskey(add('Other'), one, amara, made('made-Phone'))).toMatchObject({ refused: 'PasskeyKnown' });
    expect(decidePasskey(add('Phone'), one, priya, made('p2'))).toMatchObject({ refused: 'PasskeyNameTaken' });
    expect(decidePasskey(add('Phone'), one, amara, made('p2'))).toHaveLength(1);
    const many = after(...Array.from({ length: mostPasskeys }, (_, n) => `Device ${n}`));
    expect(decidePasskey(add('One more'), many, priya, made('p3'))).toMatchObject({
      refused: 'TooManyPasskeys',
      facts: { most: mostPasskeys },
    });
  });

  test('is removed by its owner alone, once', () => {
    const state = after('Phone', 'Work laptop');
    const remove = { type: 'RemovePasskey', passkey: 'made-Phone' } as const;
    expect(decidePasskey(remove, state, amara, null)).toMatchObject({ refused: 'NoSuchPasskey' });
    const events = decidePasskey(remove, state, priya, null);
    if ('refused' in events) throw new Error(events.refused);
    expect(events).toMatchObject([{ type: 'PasskeyRemoved', label: 'Phone', person: priya.person }]);
    const left = events.reduce((grown, event) => evolvePasskeys(grown, event, 3, at), state);
    expect(left.map(({ label }) => label)).toEqual(['Work laptop']);
    expect(decidePasskey(remove, left, priya, null)).toMatchObject({ refused: 'NoSuchPasskey' });
  });

  test('signs a day after it was added, by the clock and not the date', () => {
    expect(signsFrom({ at: '2026-10-24T12:00:00.000Z' })).toBe('2026-10-25T12:00:00.000Z');
  });

  test('its owner and the business unit are told by mail, which holds nothing that was typed', () => {
    const contact = { name: 'Beth Sorrel', phone: '01632 960 100', email: 'beth@northbeck.example' };
    const told = { at, origin: 'https://candour.example.org', contact };
    const own = passkeyMail({ ...told, name: null });
    expect(own.subject).toBe('A passkey was added to your account');
    expect(own.body).toContain('on Monday 5 October 2026, 10am. From Tuesday 6 October 2026, 10am it can sign');
    expect(own.body).toContain('remove it: https://candour.example.org/account/passkeys');
    expect(own.body).toContain('ring Beth Sorrel, 01632 960 100');
    const unit = passkeyMail({ ...told, name: 'Priya Lark' });
    expect(unit.subject).toBe('A passkey was added to Priya Lark’s account');
    expect(unit.body).toContain('give Priya Lark a new password today: https://candour.example.org/admin/people');
    expect(unit.body).toContain('remove the passkey: https://candour.example.org/account/passkeys');
  });
});
