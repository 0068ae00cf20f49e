/** When somebody is told that they will be signed out, and what of their doings is passed on. */
import { expect, test } from 'vitest';
import { isPassedOn, kindAt, nextChange, type Lasting } from '#lib/connection/time-out.ts';

const minute = 60_000;
const idle: Lasting = { lastsFrom: 0, until: 15 * minute, latest: 600 * minute };
const longest: Lasting = { lastsFrom: 0, until: 15 * minute, latest: 15 * minute };

test('[R36] it is told five minutes before, and is over when it is over', () => {
  expect([0, 9.9, 10, 14.9, 15, 40].map((at) => kindAt(idle, at * minute))).toEqual([
    'none',
    'none',
    'idle',
    'idle',
    'ended',
    'ended',
  ]);
});

test('[R36] the end that nothing puts off is told as that', () => {
  expect(kindAt(longest, 14 * minute)).toBe('longest');
  expect(isPassedOn(longest, 14 * minute)).toBe(false);
});

test('where the time is short, two thirds of it pass before it is told', () => {
  const short = { ...idle, until: 3 * minute };
  expect([1.9, 2].map((at) => kindAt(short, at * minute))).toEqual(['none', 'idle']);
});

test('it is looked at again when something changes, and no more after the end', () => {
  expect(nextChange(idle, 0)).toBe(10 * minute);
  expect(nextChange(idle, 10 * minute)).toBe(15 * minute);
  expect(nextChange(idle, 15 * minute)).toBeNull();
});

test('doing something is passed on once a minute, not with every key, and not after the end', () => {
  expect([0, 0.5, 1, 14, 15].map((at) => isPassedOn(idle, at * minute))).toEqual([false, false, true, true, false]);
});
