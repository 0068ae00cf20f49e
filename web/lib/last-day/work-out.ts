/** The last day for what has no case of its own here: a request for what is held, or a breach of personal data. */
import { dayOf, instantAt, sayDay, sayMoment, type Day, type Holidays, type Instant } from '#schema/calendar.ts';
import {
  breachBy,
  breachHours,
  informationBy,
  informationWithin,
  sayLeft,
  subjectAccessBy,
  type Deadline,
} from '#schema/clock.ts';
import type { FieldErrors } from '#schema/fields.ts';
import { pastDayWrong, timeOfDay, timeWrong } from '../components/past.ts';

export const requests = ['subject-access', 'information', 'breach'] as const;
export type Request = (typeof requests)[number];

export const requestWords: Record<Request, { label: string; hint: string; when: string; rule: string }> = {
  'subject-access': {
    label: 'A person has asked for what is held about them',
    hint: 'A subject access request, or somebody asking on a child’s behalf.',
    when: 'When did it come in?',
    rule: 'One month after it came in (UK GDPR article 12(3)). Where that is a weekend or a bank holiday, the next working day. For a complex request it can be made two months longer, and the person has to be told why within the first month.',
  },
  information: {
    label: 'Somebody has asked for recorded information',
    hint: 'A request under the Freedom of Information Act.',
    when: 'When did it come in?',
    rule: `${informationWithin} working days after it came in (Freedom of Information Act 2000 section 10). A bank holiday in any part of the United Kingdom is not counted.`,
  },
  breach: {
    label: 'Personal data was lost, or seen by somebody who should not have',
    hint: 'A personal data breach that may put people at risk.',
    when: 'When did your organisation become aware?',
    rule: `${breachHours} hours after becoming aware, to tell the Information Commissioner (UK GDPR article 33(1)). Nights, weekends and bank holidays count. Later is still better than not at all, with the reasons for the delay.`,
  },
};

export type Asked = { request: Request | ''; day: Day; time: string };
export type WorkedOut = {
  /** "By Friday 26 March 2027 (4 working days left)". */
  says: string;
  rule: string;
  /** Counted day by day; null where hours are counted. */
  deadline: Deadline | null;
  /** The holidays that were left out of the count. */
  holidays: Holidays;
};

/** What is wrong with what was typed, by field. */
export function checkAsked({ request, day, time }: Asked, now: Instant): FieldErrors {
  const errors: Record<string, string> = {};
  if (request === '') errors['request'] = 'Select what has happened';
  const wrongDay = pastDayWrong(day, dayOf(now));
  if (wrongDay) errors['day'] = wrongDay;
  if (request !== 'breach') return errors;
  const clock = timeOfDay(time);
  const wrongTime = timeWrong(time);
  if (wrongTime) errors['time'] = wrongTime;
  else if (clock && !wrongDay && instantAt(day, clock) > now) errors['time'] = 'Enter a time that has passed';
  return errors;
}

/** `holidays` are those of England and Wales, `everywhere` those of any part of the United Kingdom. @throws RangeError where `checkAsked` finds something. */
export function workOut(
  { request, day, time }: Asked,
  now: Instant,
  { holidays, everywhere }: { holidays: Holidays; everywhere: Holidays },
): WorkedOut {
  if (request === '') throw new RangeError('Nothing was chosen');
  const { rule } = requestWords[request];
  if (request === 'breach') {
    const { due } = breachBy(instantAt(day, timeOfDay(time) ?? ''));
    const passed = due < now ? ' This has passed.' : '';
    return { says: `By ${sayMoment(due)}.${passed}`, rule, deadline: null, holidays };
  }
  const counted = request === 'information' ? everywhere : holidays;
  const deadline = request === 'information' ? informationBy(day, counted) : subjectAccessBy(day, counted);
  const left = sayLeft(deadline.due, dayOf(now), counted);
  return { says: `By ${sayDay(deadline.due)} (${left})`, rule, deadline, holidays: counted };
}
