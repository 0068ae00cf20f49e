/** Comments: threads that anyone on the case may begin, questions that an agency owes an answer to. */
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { addComment } from '#schema/comment.ts';
import { evolveComments, isUnanswered, needsReplyFrom } from '#schema/comment.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  given,
  health,
  idris,
  joan,
  opened,
  otto,
  police,
  priya,
  today,
  tomas,
  wren,
  holidays,
} from '../support/rules.ts';

const about = { start: 'AAAA', end: 'AAAA', quote: 'called at 7:40am', section: 'What happened' };
const comment: z.infer<typeof addComment> = {
  type: 'AddComment',
  about,
  text: 'Our log says 7:20am.',
  question: null,
  mentions: [],
  agencies: [],
};
const question = { ...comment, question: { agency: police.id, by: '2026-11-26' } };

const begun = (command = comment, by = amara) => given(opened()).when(command, by).recorded();
const threadIn = (situation: ReturnType<typeof begun>) => {
  const thread = situation.state.comments[0];
  if (!thread) throw new Error('No thread');
  return thread;
};
const needs = (situation: ReturnType<typeof begun>, who = priya) =>
  hasCase(situation.state) ? needsOf(situation.state, who, { holidays }).map(({ what }) => what) : [];

describe('a comment', () => {
  test('[M12] keeps the words it is about, beside its own', () => {
    given(opened())
      .when(comment, amara)
      .gives({ type: 'CommentAdded', about, text: comment.text, question: null, mentions: [], agencies: [] });
  });

  test('[M12] may be made by the Chair, who cannot write in the notes', () => {
    given(opened()).when(comment, joan).givesTypes('CommentAdded');
  });

  test('[M12] mentions only people on the case', () => {
    given(opened())
      .when({ ...comment, mentions: [idris.person] }, amara)
      .isRefused('NotOnTheCase');
  });

  test('[M12] asks for words, and for words only', () => {
    expect(() => given(opened()).when({ ...comment, text: '  ' }, amara)).toThrow();
    expect(() => given(opened()).when({ ...comment, about: { ...about, quote: '' } }, amara)).toThrow();
  });
});

describe('a reply', () => {
  test('[M12] joins its thread, one level deep', () => {
    const after = begun()
      .when({ type: 'ReplyToComment', thread: 4, text: 'We are checking the recording.' }, priya)
      .recorded();
    expect(threadIn(after).replies.map(({ by, text }) => [by.name, text])).toEqual([
      ['Priya Lark', 'We are checking the recording.'],
    ]);
  });

  test('[M12] to a thread that is not there is refused', () => {
    begun().when({ type: 'ReplyToComment', thread: 99, text: 'To whom?' }, priya).isRefused('NoSuchComment');
  });

  test('[M12] to a thread closed meanwhile is refused by who closed it, and opens it again when that is meant', () => {
    const closed = begun().when({ type: 'CloseComment', thread: 4, settled: 'answered' }, amara).recorded();
    const reply = { type: 'ReplyToComment', thread: 4, text: 'One more thing.' } as const;
    closed.when(reply, priya).isRefused('CommentIsClosed', { by: 'Health' });
    const again = closed.when({ ...reply, reopen: true }, priya).recorded();
    expect(threadIn(again).closed).toBeNull();
    expect(threadIn(again).replies).toHaveLength(1);
  });
});

describe('a question', () => {
  test('[M12] is asked of an agency on the case, not one’s own, by a day to come', () => {
    given(opened())
      .when({ ...question, question: { agency: 'f'.repeat(32), by: today } }, amara)
      .isRefused('NotOnTheCase');
    given(opened())
      .when({ ...question, question: { agency: health.id, by: today } }, amara)
      .isRefused('QuestionToYourself');
    given(opened())
      .when({ ...question, question: { agency: police.id, by: '2026-11-01' } }, amara)
      .isRefused('DateInThePast');
  });

  test('[M12, M47] is in the work of that agency’s people until one of them replies', () => {
    const asked = begun(question);
    expect(needs(asked)).toContain('Question from Health');
    expect(needs(asked, tomas)).not.toContain('Question from Health');
    const aside = asked.when({ type: 'ReplyToComment', thread: 4, text: 'We wondered too.' }, tomas).recorded();
    expect(isUnanswered(threadIn(aside))).toBe(true);
    const answered = aside.when({ type: 'ReplyToComment', thread: 4, text: '7:20am.' }, priya).recorded();
    expect(isUnanswered(threadIn(answered))).toBe(false);
    expect(needs(answered)).not.toContain('Question from Health');
  });

  test('[M12] waits for nobody once it is closed', () => {
    const closed = begun(question).when({ type: 'CloseComment', thread: 4, settled: 'no-longer-relevant' }, amara);
    expect(needs(closed.recorded())).not.toContain('Question from Health');
  });
});

test('[M12] who is mentioned is asked to reply until they do', () => {
  const mentioned = begun({ ...comment, mentions: [priya.person] });
  expect(needsReplyFrom(threadIn(mentioned), priya)).toBe(true);
  expect(needsReplyFrom(threadIn(mentioned), wren)).toBe(false);
  const replied = mentioned.when({ type: 'ReplyToComment', thread: 4, text: 'Seen.' }, priya).recorded();
  expect(needsReplyFrom(threadIn(replied), priya)).toBe(false);
});

describe('an agency that is mentioned', () => {
  const mentioned = begun({ ...comment, agencies: [police.id] });
  const reply = { type: 'ReplyToComment', thread: 4, text: 'Seen.' } as const;

  test('[M12] has it in the work of whoever speaks for it, until one of the agency replies', () => {
    expect(needs(mentioned)).toContain('Health mentions Police in a comment');
    expect(needs(mentioned, tomas)).not.toContain('Health mentions Police in a comment');
    const replied = mentioned.when(reply, priya).recorded();
    expect(needs(replied)).not.toContain('Health mentions Police in a comment');
    const again = replied.when({ ...reply, text: 'And now?', agencies: [police.id] }, amara).recorded();
    expect(needs(again)).toContain('Health mentions Police in a comment');
  });

  test('[M12] reaches a deputy, and nobody who does not speak for it', () => {
    const covers = [
      { role: 'position-holder', for: priya.person, name: priya.name, until: today, authorisedBy: 'The chief' },
    ] as const;
    const deputy = { ...otto, role: 'contributor', covers } as const;
    expect(needsReplyFrom(threadIn(mentioned), deputy)).toBe(true);
    expect(needsReplyFrom(threadIn(mentioned), { ...otto, role: 'contributor' })).toBe(false);
  });

  test('[M12] is one on this case, in a comment and in a reply', () => {
    const stranger = ['f'.repeat(32)];
    given(opened())
      .when({ ...comment, agencies: stranger }, amara)
      .isRefused('NotOnTheCase', { field: 'mentions' });
    begun()
      .when({ ...reply, agencies: stranger }, priya)
      .isRefused('NotOnTheCase', { field: 'mentions' });
  });

  test('[M12] was not in entries of before: those say the same as ever', () => {
    const { agencies: _none, ...words } = comment;
    const before = { ...words, type: 'CommentAdded' } as const;
    const [thread] = evolveComments([], before, 4, `${today}T10:00:00.000Z`, amara);
    expect(thread && needsReplyFrom(thread, priya)).toBe(false);
    expect(thread?.agencies).toEqual([]);
  });
});

test('[M12] closing asks how it was settled, and twice is refused', () => {
  const close = { type: 'CloseComment', thread: 4, settled: 'not-agreed', note: 'We differ.' } as const;
  const closed = begun().when(close, priya).recorded();
  expect(threadIn(closed).closed).toMatchObject({ settled: 'not-agreed', note: 'We differ.' });
  closed.when(close, amara).isRefused('CommentIsClosed');
  expect(() => begun().when({ ...close, settled: 'whatever' as 'answered' }, amara)).toThrow();
});
