/** When somebody is told that they will be signed out: rules without a page or a clock. */

/** Milliseconds before the end at which it is told, and at most this share of the time left then. */
const noticeBefore = 300_000;
const noticeShare = 1 / 3;
/** What somebody does is passed on at most so often: milliseconds, and a share of the time that is left. */
const passedOnEvery = 60_000;
const passedOnShare = 1 / 4;

/** Moments in milliseconds. `lastsFrom` is when `until` was last put off. */
export type Lasting = { until: number; latest: number; lastsFrom: number };

export type TimeOutKind =
  | 'none'
  /** Nothing has been done for a while. */
  | 'idle'
  /** The longest that one may be signed in is nearly over, whatever one does. */
  | 'longest'
  | 'ended';

export function kindAt(lasting: Lasting, now: number): TimeOutKind {
  const { until, latest } = lasting;
  if (now >= until) return 'ended';
  if (now < noticeAt(lasting)) return 'none';
  return until >= latest ? 'longest' : 'idle';
}

/** When to look again: something changes then. Null once it has ended. */
export function nextChange(lasting: Lasting, now: number): number | null {
  const next = [noticeAt(lasting), lasting.until].filter((each) => each > now);
  return next.length > 0 ? Math.min(...next) : null;
}

function noticeAt({ until, lastsFrom }: Lasting): number {
  return until - Math.min(noticeBefore, (until - lastsFrom) * noticeShare);
}

/** Whether what somebody does now is passed on: it would put the end off by enough to be worth a request. */
export function isPassedOn({ until, latest, lastsFrom }: Lasting, now: number): boolean {
  if (now >= until || until >= latest) return false;
  return now - lastsFrom >= Math.min(passedOnEvery, (until - lastsFrom) * passedOnShare);
}
