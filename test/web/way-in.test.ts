/** Signing in leads back to where one was going, and nowhere else. */
import { expect, test } from 'vitest';
import { hashOf, pathAfterSignIn, setOut, signInFrom } from '#lib/way-in.ts';

const origin = 'https://candour.example.org';

test('from a screen to the sign-in page and back to the same screen', () => {
  const from = new URL('/cases/SI-2026-7KQ4/positions?page=1', origin);
  const signIn = new URL(signInFrom(from), origin);
  expect(signIn.pathname).toBe('/sign-in');
  expect(pathAfterSignIn(signIn.searchParams.get('to'), origin)).toBe('/cases/SI-2026-7KQ4/positions?page=1');
});

test('[M12] and back to the very comment that one was going to', () => {
  const signIn = new URL(signInFrom(new URL('/cases/SI-2026-7KQ4', origin), '#comment-4'), origin);
  expect(pathAfterSignIn(signIn.searchParams.get('to'), origin)).toBe('/cases/SI-2026-7KQ4#comment-4');
});

test('[M12] of a link that was followed, too: the address bar still has the page it was on', () => {
  const [notes, inbox] = ['/cases/SI-2026-7KQ4#comment-4', '/inbox'].map((path) => new URL(path, origin)) as [URL, URL];
  setOut(notes);
  expect(hashOf(notes, inbox)).toBe('#comment-4');
  expect(hashOf(new URL('/cases/SI-2026-9999', origin), inbox)).toBe('');
  setOut(null);
  expect(hashOf(notes, inbox)).toBe('');
  expect(hashOf(notes, notes)).toBe('#comment-4');
});

test('My work needs no way back', () => {
  expect(signInFrom(new URL('/', origin))).toBe('/sign-in');
  expect(pathAfterSignIn(null, origin)).toBe('/');
});

test.each([
  '//evil.example/x',
  'https://evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '///evil.example',
  '',
])('%s is not a path of this service', (to) => {
  const path = pathAfterSignIn(to, origin);
  expect(new URL(path, origin).origin).toBe(origin);
  expect(path).not.toContain('evil');
});
