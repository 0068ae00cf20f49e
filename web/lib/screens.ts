/** Where in a case each piece of work is done, from the case's own address. */
import type { Need } from '#schema/work.ts';

export const screens: Record<Need['place'], string> = {
  notes: '',
  criteria: '/criteria',
  positions: '/positions',
  resolution: '/resolution',
  decision: '/decision',
  session: '/session',
  notification: '/after/notification',
  'rapid-review': '/after/rapid-review',
  'practice-review': '/after/practice-review',
  learning: '/after/learning',
  documents: '/documents',
  earlier: '/earlier',
};
