/** The national Panel's letters on a case, what they ask, and what was replied. */
import { z } from 'zod';
import { holds, type Acting, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import { day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import type { NotificationState } from './notification.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Round } from './reopen.ts';

export const panelSayings = [
  'agrees',
  'disagrees',
  'more-information',
  'national-review',
  'local-review',
  'learning-points',
  'no-further-action',
  'something-else',
] as const;
export type PanelSaying = (typeof panelSayings)[number];
export const panelSayingWords: Record<PanelSaying, string> = {
  agrees: 'Agrees with the local decision',
  disagrees: 'Disagrees, and asks the partners to reconsider',
  'more-information': 'Asks for more information',
  'national-review': 'Is considering a national review',
  'local-review': 'Concludes that a local review may be more appropriate',
  'learning-points': 'Gives learning points',
  'no-further-action': 'Takes no further action',
  'something-else': 'Something else',
};

export const recordPanelLetter = z.strictObject({
  type: z.literal('RecordPanelLetter'),
  receivedOn: day('Enter the date it was received, like 27 3 2026'),
  says: z.array(z.enum(panelSayings)).min(1, 'Select what the Panel says'),
  points: text('Enter the points it raises'),
  owner: text('Enter who will see to it', shortText),
  replyBy: day('Enter the date the reply is due, like 27 3 2026').nullable(),
});
export const recordPanelReply = z.strictObject({
  type: z.literal('RecordPanelReply'),
  letter: z.number().int().positive(),
  sentOn: day('Enter the date the reply was sent, like 27 3 2026'),
  words: optionalText(),
});
export type PanelCommand = z.infer<typeof recordPanelLetter> | z.infer<typeof recordPanelReply>;

export const panelLetterRecorded = z.object({
  type: z.literal('PanelLetterRecorded'),
  receivedOn: z.string(),
  says: z.array(z.enum(panelSayings)),
  points: z.string(),
  owner: z.string(),
  replyBy: z.string().nullable(),
});
export const panelReplyRecorded = z.object({
  type: z.literal('PanelReplyRecorded'),
  letter: z.number(),
  sentOn: z.string(),
  words: z.string(),
});
export type PanelEvent = z.infer<typeof panelLetterRecorded> | z.infer<typeof panelReplyRecorded>;

/** A letter is named by the sequence of its entry. */
export type PanelLetter = {
  seq: number;
  at: string;
  by: Actor;
  receivedOn: Day;
  says: readonly PanelSaying[];
  points: string;
  owner: string;
  replyBy: Day | null;
  reply: { seq: number; at: string; by: Actor; sentOn: Day; words: string } | null;
};
export type PanelState = readonly PanelLetter[];

type Known = { notification: NotificationState; earlier: readonly Round[]; panel: PanelState };

/** Who writes to the Panel and hears from it: the authority that notifies, and the partnership's own office and Chair. */
export function mayCorrespond(by: Acting): boolean {
  if (holds(by, 'chair') || holds(by, 'business-unit')) return true;
  return by.agency.kind === 'local-authority' && (holds(by, 'decision-maker') || holds(by, 'position-holder'));
}

export function decidePanel(command: PanelCommand, state: Known, by: Actor, facts: Facts): PanelEvent[] | Refusal {
  if (!mayCorrespond(by)) return refuse('NotYourRole', { role: by.role });
  if (command.type === 'RecordPanelLetter') {
    const first = firstSent(state);
    if (!first) return refuse('NotNotified');
    const { type, ...letter } = command;
    if (letter.receivedOn > facts.today) return refuse('DateInTheFuture', { field: 'receivedOn' });
    if (letter.receivedOn < first) return refuse('BeforeItCouldBe', { field: 'receivedOn', from: first });
    if (letter.replyBy && letter.replyBy < letter.receivedOn) {
      return refuse('BeforeItCouldBe', { field: 'replyBy', from: letter.receivedOn });
    }
    return [{ type: 'PanelLetterRecorded', ...letter }];
  }
  const letter = state.panel.find(({ seq }) => seq === command.letter);
  if (!letter) return refuse('NoSuchLetter', { letter: command.letter });
  if (letter.reply) return refuse('LetterAlreadyAnswered', { at: letter.reply.at });
  if (command.sentOn > facts.today) return refuse('DateInTheFuture', { field: 'sentOn' });
  if (command.sentOn < letter.receivedOn)
    return refuse('BeforeItCouldBe', { field: 'sentOn', from: letter.receivedOn });
  return [{ type: 'PanelReplyRecorded', letter: letter.seq, sentOn: command.sentOn, words: command.words }];
}

/** The day of the first notification on this case: no letter about it can be older. */
function firstSent({ notification, earlier }: Known): Day | null {
  const sent = [...earlier.map((round) => round.notification), notification];
  return sent.find((each) => each !== null)?.sentOn ?? null;
}

export function evolvePanel(state: PanelState, event: PanelEvent, seq: number, at: string, by: Actor): PanelState {
  if (event.type === 'PanelLetterRecorded') {
    const { type, ...letter } = event;
    return [...state, { ...letter, seq, at, by, reply: null }];
  }
  const { letter, sentOn, words } = event;
  return state.map((each) => (each.seq === letter ? { ...each, reply: { seq, at, by, sentOn, words } } : each));
}
