/** What others have done since somebody was here: comments together, acts one by one, each a link. */
import { expect, test } from 'vitest';
import type { Change } from '#schema/version.ts';
import { actsSince, sectionsSince } from '#lib/catching-up/since.ts';
import { amara, given, opened, priya, wren } from '../support/rules.ts';

const comment = {
  type: 'AddComment',
  about: null,
  text: 'Since when?',
  question: null,
  mentions: [],
  agencies: [],
} as const;

function entries() {
  return given(opened())
    .when({ ...comment, mentions: [], agencies: [] }, amara)
    .recorded()
    .when({ type: 'ReplyToComment', thread: 4, text: 'Since nine.' }, priya)
    .recorded()
    .when({ type: 'CloseComment', thread: 4, settled: 'answered' }, priya)
    .recorded().entries;
}

test('[M12] comments and replies of others are one line, which leads to the first', () => {
  const all = entries();
  const links = actsSince(all, '2000-01-01T00:00:00.000Z', { person: wren.person, here: '/cases/X' });
  expect(links[0]).toEqual({ words: '2 comments', href: '/cases/X#comment-4' });
  expect(links.map(({ words }) => words)).not.toContain('Police closed a comment');
});

test('[M12] what one did oneself is not news, nor what was before', () => {
  const all = entries();
  const since = (at: string, person: string) => actsSince(all, at, { person, here: '' }).map(({ words }) => words);
  expect(since('2000-01-01T00:00:00.000Z', amara.person)).toContain('1 comment');
  expect(since('2999-01-01T00:00:00.000Z', wren.person)).toEqual([]);
});

test('[M12] more acts than can be read at a glance end in a link to the history', () => {
  const [first, ...rest] = entries();
  if (!first) throw new Error('No entries');
  const many = [first, ...rest, ...Array.from({ length: 6 }, (_, n) => ({ ...first, seq: 100 + n }))];
  const links = actsSince(many, '2000-01-01T00:00:00.000Z', { person: wren.person, here: '/cases/X' });
  expect(links.at(-1)).toEqual({ words: 'More in the history', href: '/cases/X/history' });
  expect(links).toHaveLength(7);
});

test('[M12] a section counts once, and only where another wrote in it', () => {
  const by = (person: string) => ({ person, name: 'Somebody', agency: { id: '', name: 'Health' } });
  const change = (under: string, person: string): Change => ({
    under,
    pieces: [
      { is: 'same', text: 'The ' },
      { is: 'added', text: 'ward', by: by(person), at: null },
    ],
  });
  const changes = [change('Harm', amara.person), change('Harm', priya.person), change('Place', wren.person)];
  expect(sectionsSince(changes, wren.person)).toEqual(['Harm']);
  expect(sectionsSince([change('', amara.person)], wren.person)).toEqual(['Above the first heading']);
});
