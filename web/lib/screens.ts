/** Where each piece of work is done. */
import type { Need } from '#schema/work.ts';

/** From the case's own address. */
const screens: Record<Need['place'], string> = {
  notes: '',
  criteria: '/criteria',
  positions: '/positions',
  resolution: '/resolution',
  decision: '/decision',
  session: '/session',
  notification: '/after/notification',
  'rapid-review': '/after/rapid-review',
  raised: '/raised',
  'practice-review': '/after/practice-review',
  learning: '/after/learning',
  documents: '/documents',
  earlier: '/earlier',
};

/** The address of it: with what to go to there, such as one comment. */
export function addressOf(ref: string, { place, at }: { place: Need['place']; at?: string | undefined }): string {
  return `/cases/${ref}${screens[place]}${at ? `#${at}` : ''}`;
}
