/** Notices: what a person is told of, in the app and by mail. A mail holds no case information. Pure. */
import { z } from 'zod';
import {
  addWorkingDays,
  dayOf,
  instantAt,
  isWorkingDay,
  plainDate,
  sayDay,
  sayMoment,
  type Holidays,
  type Instant,
} from './calendar.ts';
import { choice } from './fields.ts';
import type { PersonId } from './id.ts';
import type { Contact } from './partnership.ts';
import { signsFrom } from './passkey.ts';
import type { Need } from './work.ts';

export const mailChoices = ['each', 'daily'] as const;
/** `each`: as it happens, several things within a few minutes in one mail; `daily`: one mail each working morning. */
export type MailChoice = (typeof mailChoices)[number];
export const announceChoices = ['off', 'summaries', 'each'] as const;
/** What others' doings a screen reader is told; what needs this person is always said. */
export type AnnounceChoice = (typeof announceChoices)[number];
/**
 * `kept` is shown on the practice mail page and goes nowhere; `held-up` waits for whoever set the service
 * up wrong, and is tried as `waiting` is; `failed` was tried for a day in vain; `bounced` is what the
 * carrier says did not arrive.
 */
export type MailState = 'waiting' | 'held-up' | 'kept' | 'sent' | 'delivered' | 'bounced' | 'failed';
/** Somebody whose last mail did not reach them: for the business unit to ring. Nothing of what it told. */
export type Undelivered = {
  person: PersonId;
  name: string;
  agency: string;
  state: Extract<MailState, 'bounced' | 'failed'>;
  at: Instant;
};
/** What the carrier says of how this service is set up, in its own words, and since when a mail has waited for it. */
export type MailHeldUp = { says: string; since: Instant };
/** Something new is asked, or is still owed as its day comes near. */
export type NoticeWhy = 'asked' | 'reminder';

export const personSettings = z.strictObject({
  mail: choice(mailChoices, 'Select when you want email'),
  announce: choice(announceChoices, 'Select what is read out'),
});
export type PersonSettings = z.infer<typeof personSettings>;
export const defaultSettings: PersonSettings = { mail: 'each', announce: 'summaries' };

/** Minutes for which notices to one person gather before they become a mail. */
export const gatherMinutes = 3;
/** When the daily mail goes out, and reminders fall due, by the clock in London. */
export const morning = '08:00';

/** What a mail may say of each place: which act, of which agency, never what about. */
const placeWords: Partial<Record<Need['place'], (agency: string) => string>> = {
  notes: (agency) => `something in the notes needs ${agency}`,
  positions: (agency) => `a position is needed from ${agency}`,
  decision: (agency) => `something on the decision needs ${agency}`,
  resolution: (agency) => `the resolution step needs ${agency}`,
  session: (agency) => `the session needs ${agency}`,
};

const onTheCase = (agency: string) => `something on this case needs ${agency}`;

export type Told = { ref: string; need: Pick<Need, 'place' | 'due'>; why: NoticeWhy; code: string };
export type Mail = { subject: string; body: string };

/** "SI-2026-7KQ4: a position is needed from Police, by Monday 5 October 2026". */
export function sayNotice({ ref, need, why }: Omit<Told, 'code'>, agency: string): string {
  const still = why === 'reminder' ? 'still owed: ' : '';
  return `${ref}: ${still}${(placeWords[need.place] ?? onTheCase)(agency)}, by ${sayDay(need.due)}`;
}

/**
 * The whole mail. One thing has its own subject and link; several have a list. The links carry an
 * opaque code: whoever reads over a shoulder, or keeps a log of addresses, learns nothing.
 */
export function mailOf(told: readonly Told[], { agency, origin }: { agency: string; origin: string }): Mail {
  const [first] = told;
  if (!first) throw new TypeError('A mail tells of something');
  const because = [
    '',
    `You get this because you work on ${told.length === 1 ? 'this case' : 'these cases'} for ${agency}.`,
    'We do not put case information in email.',
  ];
  const link = (code: string) => `${origin}/c/${code}`;
  if (told.length === 1) {
    const said = sayNotice(first, agency);
    return {
      subject: said,
      body: [
        `${capital(said.slice(first.ref.length + 2))}, on case ${first.ref}.`,
        `Sign in: ${link(first.code)}`,
        ...because,
      ].join('\n'),
    };
  }
  return {
    subject: `${told.length} things need ${agency}, the first by ${sayDay(first.need.due)}`,
    body: [
      ...told.map((each) => `${sayNotice(each, agency)}\nSign in: ${link(each.code)}\n`),
      ...because.slice(1),
    ].join('\n'),
  };
}

/**
 * Tells of a passkey that was added: its owner, or, where `name` says whose it is, the business unit. It holds
 * nothing that whoever added it typed.
 */
export function passkeyMail({
  name,
  at,
  origin,
  contact,
}: {
  name: string | null;
  at: Instant;
  origin: string;
  contact: Contact;
}): Mail {
  const [from, whose] = [sayMoment(signsFrom({ at })), name ? `${name}’s` : 'your'];
  return {
    subject: `A passkey was added to ${whose} account`,
    body: [
      `A passkey was added to ${whose} account in Candour on ${sayMoment(at)}. From ${from} it can sign what ${name ?? 'you'} record${name ? 's' : ''}.`,
      '',
      ...(name
        ? [
            `If ${name} did not do this, give ${name} a new password today: ${origin}/admin/people`,
            `Then have ${name} sign in with it and remove the passkey: ${origin}/account/passkeys`,
          ]
        : [
            'If you did this, there is nothing more to do.',
            `If you did not, remove it: ${origin}/account/passkeys`,
            `Then ring ${contact.name}, ${contact.phone}: somebody else has used your account.`,
          ]),
    ].join('\n'),
  };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type ReminderMoment = { when: 'half-way' | 'last full day' | 'last morning'; at: Instant };

/**
 * When those who owe something by `due` are reminded: on the morning of the day on which half of the working days from
 * `from` pass, of the last full working day before it, and of its last, as `alertsOf` says for a clock.
 */
export function reminderMoments(from: Instant, due: string, holidays: Holidays): ReminderMoment[] {
  const start = dayOf(from);
  const moments: ReminderMoment[] = [{ when: 'last morning', at: instantAt(due, morning) }];
  const before = workingDayBefore(due, holidays);
  if (before > start) moments.unshift({ when: 'last full day', at: instantAt(before, morning) });
  let days = 0;
  for (let day = start; day < due; days += 1) day = addWorkingDays(day, 1, holidays).due;
  const half = days < 4 ? '' : addWorkingDays(start, Math.floor(days / 2) + 1, holidays).due;
  if (half > start && half < before) moments.unshift({ when: 'half-way', at: instantAt(half, morning) });
  return moments.filter(({ at }) => at > from);
}

function workingDayBefore(due: string, holidays: Holidays): string {
  let day = plainDate(due);
  if (!day) throw new RangeError(`Not a day: ${due}`);
  do day = day.subtract({ days: 1 });
  while (!isWorkingDay(day, holidays));
  return day.toString();
}
