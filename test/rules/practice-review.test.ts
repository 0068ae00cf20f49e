/** The local practice review: regulation 11 taken into account by each partner, six months, and publication. */
import { describe, expect, test } from 'vitest';
import { fieldErrors } from '#schema/fields.ts';
import { giveReviewView, publicationChecks, recordPublication } from '#schema/practice-review.ts';
import { hasCase } from '#schema/room.ts';
import { statusOf } from '#schema/status.ts';
import {
  amara,
  decisionSigned,
  denis,
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
} from '../support/rules.ts';

const limb = (answer: 'yes' | 'no' | 'unsure') => ({ answer, reason: 'As the record shows.' });
const matrix = { L1: limb('yes'), L2: limb('unsure'), L3: limb('no'), L4: limb('no') };
const view = (other: object = {}) =>
  ({ type: 'GiveReviewView', matrix, view: 'hold', reason: 'One is enough here.', ...other }) as const;
const begin = (other: object = {}) =>
  ({
    type: 'BeginPracticeReview',
    decidedOn: '2026-11-23',
    scope: 'How agencies shared what they knew.',
    without: '',
    ...other,
  }) as const;

const viewed = (by: typeof amara, said: 'hold' | 'do-not-hold' = 'hold'): Happened => {
  const { type, ...words } = view({ view: said });
  return { by, event: { type: 'ReviewViewGiven', ...words } };
};
const allViews = [viewed(amara), viewed(tomas), viewed(priya)];
const notNotified = [opened(), decisionSigned([], 'do-not-notify'), allViews] as const;
const begun = [
  ...notNotified,
  {
    by: joan,
    event: {
      type: 'PracticeReviewBegun',
      decidedOn: '2026-11-23',
      scope: 'How agencies shared what they knew.',
      without: '',
      due: '2027-05-23',
      withoutNotification: true,
    },
  },
] as const;

describe('[M34] regulation 11, partner by partner', () => {
  test('each statutory partner answers (a) to (d) with a reason, and says what it would do', () => {
    const after = given(opened(), decisionSigned()).when(view(), amara);
    after.gives({ type: 'ReviewViewGiven', matrix, view: 'hold', reason: 'One is enough here.' });
    expect(after.recorded().state.practiceReview.views[health.id]).toMatchObject([{ by: amara, view: 'hold' }]);
    for (const by of [wren, joan, denis]) given(opened(), decisionSigned()).when(view(), by).isRefused('NotYourRole');
  });
  test('it is not a test to be ticked: a review may be held with every answer no, or not with every answer yes', () => {
    const all = (answer: 'yes' | 'no') => ({ L1: limb(answer), L2: limb(answer), L3: limb(answer), L4: limb(answer) });
    given(opened(), decisionSigned())
      .when(view({ matrix: all('no') }), amara)
      .givesTypes('ReviewViewGiven');
    given(opened(), decisionSigned())
      .when(view({ matrix: all('yes'), view: 'do-not-hold' }), amara)
      .givesTypes('ReviewViewGiven');
  });
  test('a limb without an answer or a reason says which', () => {
    const { error } = giveReviewView.safeParse(
      view({ matrix: { ...matrix, L3: { answer: 'no', reason: '' } }, reason: '' }),
    );
    expect(error && fieldErrors(error)).toEqual({
      'matrix.L3.reason': 'Give a reason for (c)',
      reason: 'Give a reason for your view',
    });
  });
  test('not before the authority has decided', () => {
    given(opened()).when(view(), amara).isRefused('NotDecided');
    given(opened()).when(begin(), joan).isRefused('NotDecided');
  });
});

describe('[M34] it begins', () => {
  test('[CK5] with six calendar months from the decision to begin it', () => {
    given(...notNotified)
      .when(begin(), joan)
      .gives({
        type: 'PracticeReviewBegun',
        decidedOn: '2026-11-23',
        scope: 'How agencies shared what they knew.',
        without: '',
        due: '2027-05-23',
        withoutNotification: true,
      });
  });
  test('after a notification, or without one: then it is flagged', () => {
    const flag = (...history: Parameters<typeof given>) =>
      given(...history)
        .when(begin(), joan)
        .recorded().state.practiceReview.begun?.withoutNotification;
    expect(flag(opened(), notified(), allViews)).toBe(false);
    expect(flag(...notNotified)).toBe(true);
  });
  test("without a partner's view only with a reason", () => {
    const some = [opened(), decisionSigned(), viewed(amara)] as const;
    given(...some)
      .when(begin(), joan)
      .isRefused('ReviewViewsMissing', { agencies: [socialCare.name, police.name], field: 'without' });
    given(...some)
      .when(begin({ without: 'They were asked twice.' }), joan)
      .givesTypes('PracticeReviewBegun');
  });
  test('[M34] not for partners that would not hold one: they are answered, and where none wants it a partner begins it', () => {
    const decided = [opened(), decisionSigned([], 'do-not-notify')] as const;
    const one = given(...decided, viewed(amara), viewed(tomas), viewed(priya, 'do-not-hold'));
    one.when(begin(), joan).isRefused('OpposedUnanswered', { agencies: [police.name], field: 'against' });
    one.when(begin({ against: 'The recurring theme outweighs it.' }), joan).givesTypes('PracticeReviewBegun');
    const all = given(...decided, ...[amara, tomas, priya].map((by) => viewed(by, 'do-not-hold')));
    const answered = begin({ against: 'We have thought again.' });
    all.when(answered, joan).isRefused('PartnersDecidedOtherwise');
    all.when(begin(), tomas).isRefused('OpposedUnanswered');
    all.when(answered, tomas).givesTypes('PracticeReviewBegun');
  });
  test('once; on a day that can be; by those who lead it', () => {
    given(...begun)
      .when(begin(), joan)
      .isRefused('PracticeReviewBegun');
    given(...begun)
      .when(view(), amara)
      .isRefused('PracticeReviewBegun');
    const when = (other: object, by = joan) => given(...notNotified).when(begin(other), by);
    when({ decidedOn: '2026-11-24' }).isRefused('DateInTheFuture', { field: 'decidedOn' });
    when({ decidedOn: '2026-11-19' }).isRefused('BeforeItCouldBe', { field: 'decidedOn' });
    when({}, denis).isRefused('NotYourRole');
    when({}, wren).isRefused('NotYourRole');
  });
});

describe('[M34] publication', () => {
  const plan = (publishOn: string) => ({ type: 'PlanPublication', publishOn }) as const;
  const delay = (until: string, panelToldOn: string | null = null) =>
    ({ type: 'RecordReviewDelay', until, reason: 'A criminal trial.', panelToldOn }) as const;
  const sent = (sentOn: string) => ({ type: 'RecordReportSent', sentOn }) as const;
  const published = (publishedOn: string, other: object = {}) => ({
    type: 'RecordPublication' as const,
    publishedOn,
    what: 'report' as const,
    where: "The partnership's site",
    checks: [...publicationChecks],
    reason: '',
    ...other,
  });
  const may = { today: '2027-05-20' };

  test('[CK6] a planned day tells by when the report goes to the Panel and the Secretary of State', () => {
    given(...begun)
      .when(plan('2027-05-20'), joan)
      .gives({ type: 'PublicationPlanned', publishOn: '2027-05-20', sendBy: '2027-05-11' });
  });
  test('[CK5] beyond the six months only once the delay and its reason are in the record', () => {
    given(...begun)
      .when(plan('2027-05-24'), joan)
      .isRefused('DelayReasonMissing', { due: '2027-05-23' });
    given(...begun)
      .when(delay('2027-09-01', '2026-11-23'), joan)
      .recorded()
      .when(plan('2027-08-30'), joan)
      .givesTypes('PublicationPlanned');
    given(...begun)
      .when(delay('2026-11-23'), joan)
      .isRefused('DateInThePast', { field: 'until' });
    given(...begun)
      .when(delay('2027-09-01', '2026-11-24'), joan)
      .isRefused('DateInTheFuture', { field: 'panelToldOn' });
  });
  test('[CK6] published only once the report was sent; later than seven working days before needs a reason', () => {
    given(...begun)
      .when(published('2027-05-20'), joan, may)
      .isRefused('ReportNotSent');
    const late = given(...begun)
      .when(sent('2027-05-12'), joan, may)
      .recorded();
    late.when(published('2027-05-20'), joan, may).isRefused('ReportSentTooLate', { sendBy: '2027-05-11' });
    late.when(published('2027-05-20', { reason: 'A leak.' }), joan, may).givesTypes('ReviewPublished');
    late.when(sent('2027-05-12'), joan, may).isRefused('ReportAlreadySent');
  });
  test('[CK7] it stays public for a year, and that is the end of it', () => {
    const done = given(...begun)
      .when(sent('2027-05-11'), joan, may)
      .recorded()
      .when(published('2027-05-20'), joan, may)
      .recorded();
    expect(done.state.practiceReview.published).toMatchObject({ keepUntil: '2028-05-20', what: 'report' });
    done.when(plan('2027-06-20'), joan, may).isRefused('ReviewAlreadyPublished');
    if (!hasCase(done.state)) throw new Error('No case');
    expect(statusOf(done.state)).toBe('practice-review-published');
  });
  test('information about improvements in its place needs the reason', () => {
    const after = given(...begun)
      .when(sent('2027-05-11'), joan, may)
      .recorded();
    after.when(published('2027-05-20', { what: 'improvements' }), joan, may).isRefused('WhyNotPublishedMissing');
    after
      .when(published('2027-05-20', { what: 'improvements', reason: 'A child would be known.' }), joan, may)
      .givesTypes('ReviewPublished');
  });
  test('each check is confirmed, and no day lies in the future or before what it follows', () => {
    expect(recordPublication.safeParse(published('2027-05-20', { checks: ['anonymised'] })).success).toBe(false);
    const after = given(...begun)
      .when(sent('2027-05-11'), joan, may)
      .recorded();
    after.when(published('2027-05-21'), joan, may).isRefused('DateInTheFuture', { field: 'publishedOn' });
    after.when(published('2027-05-10'), joan, may).isRefused('BeforeItCouldBe', { field: 'publishedOn' });
    given(...begun)
      .when(sent('2026-11-24'), joan)
      .isRefused('DateInTheFuture', { field: 'sentOn' });
    given(...notNotified)
      .when(plan('2027-05-20'), joan)
      .isRefused('PracticeReviewNotBegun');
  });
});
