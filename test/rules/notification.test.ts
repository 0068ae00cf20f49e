/** The notification: recorded as it was sent, with the pack that was kept, and what became of it. */
import { describe, expect, test } from 'vitest';
import { fieldErrors } from '#schema/fields.ts';
import { endNotification, isLate, mayEndNotification, mayNotify, recordNotification } from '#schema/notification.ts';
import { fromVault, gapsOf, packOf } from '#schema/pack.ts';
import { hasCase } from '#schema/room.ts';
import { statusOf } from '#schema/status.ts';
import { sayAsked, unansweredComments, unansweredOf } from '#schema/unanswered.ts';
import {
  amara,
  beth,
  caseReopened,
  decisionSigned,
  denis,
  disagreement,
  given,
  joan,
  mina,
  notified,
  opened,
  police,
  priya,
  socialCare,
  tomas,
} from '../support/rules.ts';

const record = (other: object = {}) =>
  ({
    type: 'RecordNotification',
    sentOn: '2026-11-23',
    sentAt: '11:30',
    reference: 'SIN-2026-0412',
    sentBy: 'Denis Marsh',
    ...other,
  }) as const;
const end = (other: object = {}) =>
  ({ type: 'EndNotification', how: 'withdrawn', on: '2026-11-23', reason: 'New facts.', to: '', ...other }) as const;
const decided = [opened(), decisionSigned()] as const;

function room(situation: ReturnType<typeof given>) {
  if (!hasCase(situation.state)) throw new Error('No case');
  return situation.state;
}

describe('[M32] what was sent', () => {
  test('date, time, reference and who sent it, with the pack as it stood', () => {
    const after = given(...decided).when(record(), denis);
    after.givesTypes('NotificationRecorded', 'RapidReviewStarted');
    const { notification } = after.recorded().state;
    expect(notification).toMatchObject({ sentOn: '2026-11-23', sentAt: '11:30', reference: 'SIN-2026-0412' });
    expect(notification?.pack).toEqual(
      packOf(room(given(...decided)), { sentOn: '2026-11-23', sentAt: '11:30', reference: 'SIN-2026-0412' }),
    );
  });

  test('by the local authority, and nobody else', () => {
    given(...decided)
      .when(record(), tomas)
      .givesTypes('NotificationRecorded', 'RapidReviewStarted');
    for (const by of [amara, priya, joan]) {
      given(...decided)
        .when(record(), by)
        .isRefused('OnlyTheAuthorityNotifies');
    }
    expect([beth, mina].some(mayNotify)).toBe(false);
  });

  test('only after a decision to notify, and once', () => {
    given(opened()).when(record(), denis).isRefused('NotDecided');
    given(opened(), decisionSigned([], 'do-not-notify')).when(record(), denis).isRefused('DecidedNotToNotify');
    given(opened(), notified()).when(record(), denis).isRefused('AlreadyNotified', { reference: 'SIN-1' });
  });

  test('not in the future, to the minute, and not before the authority was aware', () => {
    const when = (other: object) => given(...decided).when(record(other), denis);
    when({ sentOn: '2026-11-24' }).isRefused('DateInTheFuture', { field: 'sentOn' });
    when({ sentAt: '12:01' }).isRefused('DateInTheFuture', { field: 'sentAt' });
    when({ sentAt: '12:00' }).givesTypes('NotificationRecorded', 'RapidReviewStarted');
    when({ sentOn: '2026-11-19' }).isRefused('BeforeItCouldBe', { field: 'sentOn', from: '2026-11-20' });
    when({ sentOn: '2026-11-20', sentAt: '23:59' }).givesTypes('NotificationRecorded', 'RapidReviewStarted');
  });

  test('[CK1] sent after the clock it is recorded all the same, and shown as late', () => {
    const facts = { today: '2026-12-01' };
    const { state } = given(...decided)
      .when(record({ sentOn: '2026-11-30' }), denis, facts)
      .recorded();
    expect(state.case && state.notification && isLate(state.notification, state.case)).toBe(true);
    expect(isLate({ sentOn: '2026-11-27' }, { notifyBy: '2026-11-27' })).toBe(false);
  });

  test.each(['4:40pm', '4.40 pm', '16:40', '1640'])('a time is taken as people write it: %s', (sentAt) => {
    expect(recordNotification.parse(record({ sentAt })).sentAt).toBe('16:40');
  });

  test('a form left empty says what to enter', () => {
    const { error } = recordNotification.safeParse(record({ sentAt: '9', reference: '', sentBy: '', sentOn: '' }));
    expect(error && fieldErrors(error)).toEqual({
      sentOn: 'Enter the date it was sent, like 27 3 2026',
      sentAt: 'Enter the time it was sent, like 4:40pm or 16:40',
      reference: 'Enter the reference that the national system gave',
      sentBy: 'Enter who sent it',
    });
  });
});

describe("[M32] the pack, in the national form's order", () => {
  const pack = packOf(room(given(...decided)));
  test('its sections', () => {
    expect(pack.map(({ title }) => title)).toEqual([
      'Notifier',
      'Incident',
      'Child 1',
      'Family and household',
      'Agencies',
      'Attachments',
      'Further information',
    ]);
  });
  test('holds what the case holds, and names what it does not', () => {
    const words = JSON.stringify(pack);
    for (const held of ['A child was taken to hospital', 'Friday 20 November 2026', 'Denis Marsh, for Social care']) {
      expect(words).toContain(held);
    }
    const gaps = gapsOf(pack);
    expect(gaps.map(({ section, label }) => `${section}: ${label}`)).toContain('Child 1: Date of birth');
    for (const { gap } of gaps) expect(gap).not.toBe('');
    for (const { fields } of pack) for (const field of fields) expect(field.words === null).toBe(field.gap !== '');
  });
  test('[M32] asks every field of the national form, of each child alike', () => {
    const [raised, ...told] = opened();
    if (raised?.event.type !== 'CaseOpened') throw new Error('A case begins with being opened');
    const { event } = raised;
    const details = { ...event.details, otherChildren: [{ initials: 'K.D.', age: 4 }] };
    const two = packOf(room(given({ ...raised, event: { ...event, details } }, ...told, decisionSigned())));
    const labels = (section: string) => two.find(({ title }) => title === section)?.fields.map(({ label }) => label);
    for (const label of [
      'First language',
      'Religion',
      'Legal status',
      'Agencies that know the child',
      'NHS number or UPN (optional)',
    ]) {
      expect(labels('Child 1')).toContain(label);
    }
    expect(labels('Child 2')).toEqual(labels('Child 1'));
    for (const label of [
      'Suspected cause',
      'A single event, or harm that built up',
      'Category of abuse or neglect, known or suspected',
    ]) {
      expect(labels('Incident')).toContain(label);
    }
    expect(labels('Notifier')).toEqual(expect.arrayContaining(['Date sent', 'Reference of the national system']));
    expect(labels('Agencies')).toContain('Contact at the partnership');
  });
  test('[M32] says that who the children are is in the vault, and holds nothing of it', () => {
    const born = gapsOf(pack).filter(({ label }) => label in fromVault);
    expect(born.map(({ label }) => label)).toEqual(Object.keys(fromVault));
    for (const { gap } of born) expect(gap).toContain('Kept in the vault');
  });
  test('[M12] tells of every question that nobody has answered, of positions and of comments', () => {
    const asked = given(opened())
      .when(
        {
          type: 'AddComment',
          about: null,
          text: 'When was the child last seen?',
          question: { agency: police.id, by: '2026-11-24' },
          mentions: [],
        },
        amara,
      )
      .recorded()
      .when(
        {
          type: 'AskQuestion',
          question: { what: 'The second scan.', from: socialCare.id, person: '', by: '2026-11-24' },
        },
        amara,
      )
      .recorded();
    const words = JSON.stringify(packOf(room(asked)));
    expect(unansweredOf(room(asked)).map(sayAsked)).toEqual([
      'Health asks Police, by Tuesday 24 November 2026',
      'Health asks Social care, by Tuesday 24 November 2026',
    ]);
    for (const what of ['When was the child last seen?', 'The second scan.']) expect(words).toContain(what);
    const answered = asked
      .when({ type: 'ReplyToComment', thread: 4, text: 'On Monday.', mentions: [] }, priya)
      .recorded();
    expect(JSON.stringify(packOf(room(answered)))).not.toContain('When was the child last seen?');
    expect(unansweredComments(room(answered))).toEqual([]);
  });
  test('[M36] says that the authority decided before on the same incident', () => {
    const again = given(opened(), decisionSigned([], 'do-not-notify'), caseReopened(4), decisionSigned());
    expect(JSON.stringify(packOf(room(again)))).toContain('Yes: do not notify, signed Monday 23 November 2026');
  });
});

describe('[M32] what became of it', () => {
  test('withdrawn, found not to meet the criteria, or transferred', () => {
    for (const [how, to] of [
      ['withdrawn', ''],
      ['criteria-not-met', ''],
      ['transferred', 'Southmere'],
    ] as const) {
      const after = given(opened(), notified()).when(end({ how, to }), denis).recorded();
      expect(statusOf(room(after))).toBe(how);
      expect(after.state.notification?.ended).toMatchObject({ how, to, reason: 'New facts.' });
    }
    const { error } = endNotification.safeParse(end({ how: 'transferred' }));
    expect(error && fieldErrors(error)).toEqual({ to: 'Enter the local authority it was transferred to' });
  });

  test('[M33] the rapid review stops with it', () => {
    given(opened(), notified())
      .when(end({ how: 'criteria-not-met' }), denis)
      .recorded()
      .when({ type: 'GiveReturn', involvement: 'A', keyPractice: 'B', learning: 'C' }, amara)
      .isRefused('NotificationAlreadyEnded');
  });

  test('not before there is one, not twice, by nobody else, with no day that cannot be', () => {
    given(...decided)
      .when(end(), denis)
      .isRefused('NotNotified');
    given(opened(), notified()).when(end(), denis).recorded().when(end(), denis).isRefused('NotificationAlreadyEnded');
    given(opened(), notified()).when(end(), amara).isRefused('OnlyTheAuthorityNotifies');
    given(opened(), notified())
      .when(end({ on: '2026-11-24' }), denis)
      .isRefused('DateInTheFuture', { field: 'on' });
    given(opened(), notified())
      .when(end({ on: '2026-11-22' }), denis)
      .isRefused('BeforeItCouldBe', { field: 'on' });
  });

  test('by whoever may sign for the authority, or covers for them; not by those who speak or write for it', () => {
    given(opened(), notified()).when(end(), tomas).isRefused('OnlyTheAuthorityDecides');
    const writer = { ...tomas, role: 'contributor' } as const;
    expect([mayEndNotification(denis), mayEndNotification(tomas), mayNotify(tomas), mayNotify(writer)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('[M22] partners can disagree with it, in days counted from it', () => {
    const dissent = { type: 'RecordDissent' as const, content: disagreement };
    const late = { today: '2026-12-10' };
    given(opened(), notified()).when(dissent, priya, late).isRefused('DissentTooLate');
    const ended = given(opened(), notified())
      .when(end({ on: '2026-12-09' }), denis, { today: '2026-12-09' })
      .recorded();
    ended.when(dissent, priya, late).givesTypes('DissentRecorded');
  });

  test('[M36] the case can then be reopened', () => {
    const reopen = {
      type: 'ReopenCase',
      evidence: 'New scan.',
      knownOn: '2026-11-23',
      knownBy: 'Health',
      awareOn: '2026-11-23',
    } as const;
    given(opened(), notified()).when(reopen, amara).isRefused('NotificationStands');
    const again = given(opened(), notified()).when(end(), denis).recorded().when(reopen, amara).recorded();
    expect(again.state.notification).toBeNull();
    expect(again.state.earlier[0]?.notification?.ended).toMatchObject({ how: 'withdrawn' });
  });
});
