/** The rapid review and the Panel's letters: begun by the notification, decided by each partner, answered for. */
import { describe, expect, test } from 'vitest';
import { firstArrangements } from '#schema/arrangements.ts';
import { recordPanelLetter, type PanelSaying } from '#schema/panel.ts';
import { fieldErrors } from '#schema/fields.ts';
import { giveSufficiency, missingReturns, unsignedOf } from '#schema/rapid-review.ts';
import { hasCase } from '#schema/room.ts';
import { statusOf } from '#schema/status.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  decisionSigned,
  denis,
  education,
  given,
  health,
  joan,
  notified,
  opened,
  police,
  priya,
  socialCare,
  tomas,
  wren,
  type Happened,
  holidays,
} from '../support/rules.ts';

const giveReturn = {
  type: 'GiveReturn',
  involvement: 'Seen twice in clinic.',
  keyPractice: 'The second visit was not followed up.',
  learning: 'Ask again when a visit is missed.',
} as const;
const enough = (view: 'enough-learning' | 'local-review' = 'enough-learning') =>
  ({
    type: 'GiveSufficiency',
    view,
    reason: 'The returns say enough.',
    national: 'no',
    nationalReason: 'It is local.',
  }) as const;
const sign = (dissent = '') => ({ type: 'SignRapidReview', dissent }) as const;
const send = (other: object = {}) =>
  ({
    type: 'SendRapidReview',
    sentOn: '2026-11-23',
    outcome: 'no-local-review',
    without: '',
    answers: { [police.id]: 'The learning says it.' },
    ...other,
  }) as const;
const begun = [opened(), notified()] as const;

const said = (by: typeof amara, view?: 'enough-learning' | 'local-review'): Happened => {
  const { type, ...words } = enough(view);
  return { by, event: { type: 'SufficiencyGiven', ...words } };
};
const signed = (by: typeof amara, dissent = ''): Happened => ({ by, event: { type: 'RapidReviewSigned', dissent } });
const returned = (by: typeof amara): Happened => {
  const { type, ...words } = giveReturn;
  return { by, event: { type: 'ReturnGiven', ...words } };
};
const allSaid = [said(amara), said(tomas), said(priya)];
const allSigned = [...allSaid, signed(amara), signed(tomas), signed(priya, 'The second visit mattered more.')];

describe('[M33] it begins with the notification', () => {
  const record = {
    type: 'RecordNotification',
    sentOn: '2026-11-23',
    sentAt: '11:30',
    reference: 'SIN-1',
    sentBy: 'Denis',
  } as const;

  test('[CK4] fifteen working days from the day it was sent, with a return asked of each agency', () => {
    const { rapidReview } = given(opened(), decisionSigned()).when(record, denis).recorded().state;
    expect(rapidReview).toMatchObject({
      from: 'notified',
      start: '2026-11-23',
      due: '2026-12-14',
      asked: [health, socialCare, police, education],
      returnsBy: '2026-11-30',
    });
  });

  test('[CK4] or from awareness, where the arrangements the case was opened under say so', () => {
    const [first, ...rest] = opened();
    if (first?.event.type !== 'CaseOpened') throw new Error('No case');
    const clocks = { ...firstArrangements.clocks, rapidReviewStarts: 'aware' as const };
    const older = { ...first, event: { ...first.event, arrangements: { ...firstArrangements, clocks } } };
    const { rapidReview } = given(older, rest, decisionSigned()).when(record, denis).recorded().state;
    expect(rapidReview).toMatchObject({ from: 'aware', start: '2026-11-20', due: '2026-12-11' });
  });

  test('without a notification there is none', () => {
    given(opened(), decisionSigned()).when(giveReturn, amara).isRefused('NotNotified');
  });
});

describe('[M33] returns', () => {
  test('each agency asked gives its own, and the missing ones are named', () => {
    const after = given(...begun)
      .when(giveReturn, amara)
      .recorded();
    const review = after.state.rapidReview;
    expect(review?.returns[health.id]).toMatchObject([{ by: amara, learning: giveReturn.learning }]);
    expect(review && missingReturns(review).map(({ name }) => name)).toEqual(['Social care', 'Police', 'Education']);
    after.when(giveReturn, wren).givesTypes('ReturnGiven');
    after.when(giveReturn, amara).givesTypes('ReturnGiven');
  });
  test('not by the Chair or the decision-maker', () => {
    for (const by of [joan, denis]) {
      given(...begun)
        .when(giveReturn, by)
        .isRefused('NotYourRole');
    }
  });
});

describe('[M33] enough learning, or a local review: each partner says, with a reason', () => {
  test('the three statutory partners, and nobody else', () => {
    for (const by of [amara, tomas, priya]) {
      given(...begun)
        .when(enough(), by)
        .givesTypes('SufficiencyGiven');
    }
    for (const by of [wren, joan, denis]) {
      given(...begun)
        .when(enough(), by)
        .isRefused('NotYourRole');
    }
    const { error } = giveSufficiency.safeParse({ type: 'GiveSufficiency', reason: '', nationalReason: '' });
    expect(error && fieldErrors(error)).toEqual({
      view: 'Select whether there is enough learning',
      reason: 'Give a reason',
      national: 'Select whether the case may be complex or of national importance',
      nationalReason: 'Say why it may be, or is not, complex or of national importance',
    });
  });
  test('a changed view stands beside the one before it', () => {
    const { state } = given(...begun, said(amara), said(amara, 'local-review'));
    expect(state.rapidReview?.sufficiency[health.id]?.map(({ view }) => view)).toEqual([
      'enough-learning',
      'local-review',
    ]);
  });
});

describe('[M33] sign-off by the three partners', () => {
  test('after its own decision, once, with what it does not agree with', () => {
    given(...begun)
      .when(sign(), amara)
      .isRefused('SufficiencyMissing', { agencies: ['Health'] });
    const after = given(...begun, said(amara)).when(sign('Not the whole of it.'), amara);
    after.gives({ type: 'RapidReviewSigned', dissent: 'Not the whole of it.' });
    after.recorded().when(sign(), amara).isRefused('ReviewAlreadySigned');
    given(...begun)
      .when(sign(), denis)
      .isRefused('NotYourRole');
  });
  test('a later return or a changed view lifts the sign-offs: they were of something else', () => {
    for (const later of [returned(wren), said(priya, 'local-review')]) {
      expect(given(...begun, allSigned, later).state.rapidReview?.signed).toEqual({});
    }
    const { state } = given(...begun, allSigned);
    expect(state.case && state.rapidReview && unsignedOf(state.case, state.rapidReview)).toEqual([]);
  });
});

describe('[M33] sent to the Panel', () => {
  test('with what it went without, by name', () => {
    given(...begun, returned(amara), allSaid, signed(amara), signed(tomas), signed(priya))
      .when(send(), denis)
      .gives({
        type: 'RapidReviewSent',
        sentOn: '2026-11-23',
        outcome: 'no-local-review',
        without: '',
        missingReturns: [socialCare, police, education],
        unsigned: [],
      });
  });
  test("a partner's silence does not stop it, but needs a reason", () => {
    given(...begun, said(amara), signed(amara))
      .when(send(), denis)
      .isRefused('SignOffMissing', { agencies: ['Social care', 'Police'] });
    given(...begun, said(amara), signed(amara))
      .when(send({ without: 'Police did not answer.' }), joan)
      .givesTypes('RapidReviewSent');
  });
  test('once, by those who write to the Panel, on a day that can be', () => {
    const after = given(...begun, allSigned)
      .when(send(), denis)
      .recorded();
    after.when(send(), denis).isRefused('ReviewAlreadySent');
    after.when(giveReturn, amara).isRefused('ReviewAlreadySent');
    if (!hasCase(after.state)) throw new Error('No case');
    expect(statusOf(after.state)).toBe('rapid-review-sent');
    const when = (other: object, by = denis) => given(...begun, allSigned).when(send(other), by);
    when({}, priya).isRefused('NotYourRole');
    when({ sentOn: '2026-11-24' }).isRefused('DateInTheFuture', { field: 'sentOn' });
    when({ sentOn: '2026-11-22' }).isRefused('BeforeItCouldBe', { field: 'sentOn' });
  });
});

test('[M33] each is asked for what is theirs, by the day it is due', () => {
  const asks = (by: typeof amara, ...more: Happened[]) => {
    const { state } = given(...begun, more);
    if (!hasCase(state)) throw new Error('No case');
    return needsOf(state, by, { holidays })
      .filter(({ place }) => place === 'rapid-review')
      .map(({ what, due }) => [what, due]);
  };
  expect(asks(amara)).toEqual([
    ["Give Health's return for the rapid review", '2026-11-30'],
    ['Say whether the rapid review has found enough learning', '2026-12-14'],
  ]);
  expect(asks(wren)).toEqual([["Give Education's return for the rapid review", '2026-11-30']]);
  expect(asks(amara, returned(amara), ...allSaid)).toEqual([['Sign off the rapid review', '2026-12-14']]);
  expect(asks(denis, ...allSigned)).toEqual([['Send the rapid review to the Panel', '2026-12-14']]);
  expect(asks(joan)).toEqual([]);
});

describe("[M33] [M32] the Panel's letters", () => {
  const letter = (other: object = {}) => ({
    type: 'RecordPanelLetter' as const,
    receivedOn: '2026-11-23',
    says: ['disagrees', 'learning-points'] as PanelSaying[],
    points: 'Look again at the second visit.',
    owner: 'Denis Marsh',
    replyBy: '2026-12-01',
    ...other,
  });
  const reply = { type: 'RecordPanelReply', letter: 8, sentOn: '2026-11-23', words: '' } as const;

  test('what it says, its points, who sees to it and when the reply is due', () => {
    const after = given(...begun).when(letter(), denis);
    const { type, ...words } = letter();
    after.gives({ type: 'PanelLetterRecorded', ...words });
    after
      .recorded()
      .when(reply, joan)
      .gives({ type: 'PanelReplyRecorded', letter: 8, sentOn: '2026-11-23', words: '' });
  });
  test('not without a notification, by an agency that does not write to it, or on a day that cannot be', () => {
    given(opened(), decisionSigned()).when(letter(), denis).isRefused('NotNotified');
    const when = (other: object, by = denis) => given(...begun).when(letter(other), by);
    when({}, priya).isRefused('NotYourRole');
    when({ receivedOn: '2026-11-24' }).isRefused('DateInTheFuture', { field: 'receivedOn' });
    when({ receivedOn: '2026-11-22' }).isRefused('BeforeItCouldBe', { field: 'receivedOn' });
    when({ replyBy: '2026-11-20' }).isRefused('BeforeItCouldBe', { field: 'replyBy' });
    when({ replyBy: null }).givesTypes('PanelLetterRecorded');
    expect(recordPanelLetter.safeParse(letter({ says: [] })).success).toBe(false);
  });
  test('answered once', () => {
    given(...begun)
      .when(reply, denis)
      .isRefused('NoSuchLetter');
    const after = given(...begun)
      .when(letter(), denis)
      .recorded();
    after.when(reply, denis).recorded().when(reply, denis).isRefused('LetterAlreadyAnswered');
    after.when({ ...reply, sentOn: '2026-11-24' }, denis).isRefused('DateInTheFuture');
    after.when({ ...reply, sentOn: '2026-11-22' }, denis).isRefused('BeforeItCouldBe');
  });
});

describe('[M33] [M34] what goes to the Panel is what the partners decided', () => {
  const against = send({ outcome: 'no-local-review', answers: {} });
  const wanted = [amara, tomas, priya].flatMap((by) => [said(by, 'local-review')]);

  test('or each partner that decided otherwise is answered, by name', () => {
    const all = given(...begun, wanted, signed(amara), signed(tomas), signed(priya));
    all.when(against, denis).isRefused('DifferingUnanswered', { agencies: ['Social care', 'Health', 'Police'] });
    all
      .when({ ...against, answers: { [health.id]: 'We saw enough.', [police.id]: 'We saw enough.' } }, denis)
      .isRefused('DifferingUnanswered', { agencies: ['Social care'] });
    all.when({ ...against, outcome: 'local-review' }, denis).givesTypes('RapidReviewSent');
  });

  test('a disagreement at sign-off is not dropped: it is answered, and both are in the record', () => {
    const signedWith = given(...begun, allSigned);
    signedWith.when(against, denis).isRefused('DifferingUnanswered', { agencies: ['Police'] });
    expect(signedWith.when(send(), denis).recorded().state.rapidReview?.sent?.differing).toEqual([
      {
        agency: police,
        said: 'Signed off, and does not agree with: The second visit mattered more.',
        answer: 'The learning says it.',
      },
    ]);
  });

  test('and it is recorded by those who answer for the authority, not by those who write for it', () => {
    const writer = { ...tomas, role: 'contributor' } as const;
    given(...begun, allSigned)
      .when(send(), writer)
      .isRefused('NotYourRole');
    given(...begun, allSigned)
      .when(send(), tomas)
      .givesTypes('RapidReviewSent');
  });
});
