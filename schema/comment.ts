/** Comments: threads about words of the notes, kept in the record and never as marks in the shared document. */
import { z } from 'zod';
import { holds, type Actor } from './actor.ts';
import { calledIn } from './agency.ts';
import { isOnCase, type CaseState } from './case.ts';
import { choice, day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { id, type AgencyId, type PersonId } from './id.ts';
import { withChanged, withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Need } from './work.ts';

/** Longest run of the notes that a comment may be about, in code points. */
export const longestQuote = 2_000;

/**
 * Where the words stand: two positions of the shared document (Yjs relative positions, base64),
 * which stay with the words when others change what is around them, and the words themselves as
 * they were, with their heading. When the words go, the quote is what is left.
 */
export const anchor = z.strictObject({
  start: z.base64().max(200),
  end: z.base64().max(200),
  quote: z
    .string()
    .min(1, 'Select the words that the comment is about')
    .max(2 * longestQuote),
  section: z.string().max(shortText),
});
export type Anchor = z.infer<typeof anchor>;

const mentions = z.array(id).max(20, 'Mention 20 people or fewer').default([]);
/** Agencies: whoever speaks for each today is told. */
const agencies = z.array(id).max(20, 'Mention 20 agencies or fewer').default([]);
const threadSeq = z.number().int().positive();

/** Asked of one agency, by a day. */
export const question = z.strictObject({
  agency: z.string({ error: 'Select which agency should answer' }).min(1, 'Select which agency should answer'),
  by: day('Enter the date to answer by'),
});

export const addComment = z.strictObject({
  type: z.literal('AddComment'),
  /** Null where it is about the notes as a whole. */
  about: anchor.nullable(),
  text: text('Enter your comment'),
  question: question.nullable(),
  mentions,
  agencies,
});
export const replyToComment = z.strictObject({
  type: z.literal('ReplyToComment'),
  thread: threadSeq,
  text: text('Enter your reply'),
  mentions,
  agencies,
  /** Whether a thread that was closed meanwhile is to be opened again for this. */
  reopen: z.boolean().default(false),
});
export const settledHow = ['answered', 'text-changed', 'not-agreed', 'no-longer-relevant'] as const;
export type Settled = (typeof settledHow)[number];
export const settledWords: Record<Settled, string> = {
  answered: 'Answered',
  'text-changed': 'The text was changed',
  'not-agreed': 'Not agreed',
  'no-longer-relevant': 'No longer relevant',
};
export const closeComment = z.strictObject({
  type: z.literal('CloseComment'),
  thread: threadSeq,
  settled: choice(settledHow, 'Select how this was settled'),
  note: optionalText(),
});
export type CommentCommand = z.infer<typeof addComment> | z.infer<typeof replyToComment> | z.infer<typeof closeComment>;
export const commentCommands = [addComment, replyToComment, closeComment] as const;

const mentioned = {
  mentions: z.array(id),
  /** Entries from before an agency could be mentioned have none. */
  agencies: z.array(id).optional(),
};
export const commentAdded = z.object({
  type: z.literal('CommentAdded'),
  about: anchor.nullable(),
  text: z.string(),
  question: z.object({ agency: id, by: z.string() }).nullable(),
  ...mentioned,
});
export const commentReplied = z.object({
  type: z.literal('CommentReplied'),
  thread: z.number(),
  text: z.string(),
  ...mentioned,
});
export const commentClosed = z.object({
  type: z.literal('CommentClosed'),
  thread: z.number(),
  settled: z.enum(settledHow),
  note: z.string(),
});
export const commentReopened = z.object({ type: z.literal('CommentReopened'), thread: z.number() });
export type CommentEvent =
  | z.infer<typeof commentAdded>
  | z.infer<typeof commentReplied>
  | z.infer<typeof commentClosed>
  | z.infer<typeof commentReopened>;
export const commentEvents = [commentAdded, commentReplied, commentClosed, commentReopened] as const;

/** People by themselves, and agencies whoever speaks for them. */
type Mentions = { mentions: readonly PersonId[]; agencies: readonly AgencyId[] };
export type Reply = Mentions & { seq: number; at: string; by: Actor; text: string };
/** A thread is named by the sequence of the entry that began it. */
export type Thread = Mentions & {
  seq: number;
  at: string;
  by: Actor;
  about: Anchor | null;
  text: string;
  question: { agency: AgencyId; by: string } | null;
  replies: readonly Reply[];
  closed: { at: string; by: Actor; settled: Settled; note: string } | null;
};
/** Newest last. */
export type CommentsState = readonly Thread[];

type Known = { case: CaseState; comments: CommentsState };

/** Every member who may comment may begin a thread, reply, and close or open one again: each is an entry in their name. */
export function decideComment(
  command: CommentCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): CommentEvent[] | Refusal {
  if ('mentions' in command && !areOnCase(command, state.case)) return refuse('NotOnTheCase', { field: 'mentions' });
  switch (command.type) {
    case 'AddComment':
      return add(command, state, by, facts);
    case 'ReplyToComment':
      return reply(command, state);
    case 'CloseComment': {
      const { thread, settled, note } = command;
      const found = threadOf(state.comments, thread);
      if (!found) return refuse('NoSuchComment', { thread });
      if (found.closed) return refuse('CommentIsClosed', { at: found.closed.at, by: found.closed.by.agency.name });
      return [{ type: 'CommentClosed', thread, settled, note }];
    }
  }
}

function areOnCase({ mentions, agencies }: Mentions, state: CaseState): boolean {
  return (
    mentions.every((person) => isOnCase(state, person)) &&
    agencies.every((each) => state.people.some(({ agency }) => agency.id === each))
  );
}

function add(
  { about, text, question, mentions, agencies }: z.infer<typeof addComment>,
  state: Known,
  by: Actor,
  facts: Facts,
): CommentEvent[] | Refusal {
  if (question) {
    const isOn = state.case.people.some(({ agency }) => agency.id === question.agency);
    if (!isOn) return refuse('NotOnTheCase', { field: 'question.agency' });
    if (question.agency === by.agency.id) return refuse('QuestionToYourself', { field: 'question.agency' });
    if (question.by < facts.today) return refuse('DateInThePast', { field: 'question.by' });
  }
  return [{ type: 'CommentAdded', about, text, question, mentions, agencies }];
}

function reply(command: z.infer<typeof replyToComment>, state: Known): CommentEvent[] | Refusal {
  const { thread, text, mentions, agencies, reopen } = command;
  const found = threadOf(state.comments, thread);
  if (!found) return refuse('NoSuchComment', { thread });
  if (found.closed && !reopen) {
    return refuse('CommentIsClosed', { at: found.closed.at, by: found.closed.by.agency.name });
  }
  const replied = { type: 'CommentReplied', thread, text, mentions, agencies } as const;
  return found.closed ? [{ type: 'CommentReopened', thread }, replied] : [replied];
}

export function evolveComments(
  state: CommentsState,
  event: CommentEvent,
  seq: number,
  at: string,
  by: Actor,
): CommentsState {
  switch (event.type) {
    case 'CommentAdded': {
      const { about, text, question, mentions, agencies = [] } = event;
      return withMore(state, { seq, at, by, about, text, question, mentions, agencies, replies: [], closed: null });
    }
    case 'CommentReplied': {
      const { text, mentions, agencies = [] } = event;
      const said = { seq, at, by, text, mentions, agencies };
      return change(state, event.thread, (thread) => ({ replies: withMore(thread.replies, said) }));
    }
    case 'CommentClosed': {
      const { settled, note } = event;
      return change(state, event.thread, () => ({ closed: { at, by, settled, note } }));
    }
    case 'CommentReopened':
      return change(state, event.thread, () => ({ closed: null }));
  }
}

function change(state: CommentsState, seq: number, to: (thread: Thread) => Partial<Thread>): CommentsState {
  return withChanged(state, seq, (thread) => ({ ...thread, ...to(thread) }));
}

export function threadOf(state: CommentsState, seq: number): Thread | undefined {
  return state.find((thread) => thread.seq === seq);
}

/** The id that a thread's heading has on screen, and that links to it name. */
export function threadId(seq: number): string {
  return `comment-${seq}`;
}

/** Whether a question still waits: nobody of the agency that was asked has replied, and the thread is open. */
export function isUnanswered(thread: Thread): boolean {
  const asked = thread.question?.agency;
  return asked !== undefined && !thread.closed && !thread.replies.some(({ by }) => by.agency.id === asked);
}

type Reader = Pick<Actor, 'person' | 'agency' | 'role' | 'also' | 'covers'>;

/**
 * Whether a thread waits for this person: a question to their agency, or they were mentioned and have
 * not replied since, or their agency was, for which they speak, and nobody of it has.
 */
export function needsReplyFrom(thread: Thread, reader: Reader): boolean {
  if (thread.closed) return false;
  if (thread.question?.agency === reader.agency.id && isUnanswered(thread)) return true;
  return isMentioned(thread, reader) || isAgencyMentioned(thread, reader);
}

/** Who said what it is that waits for this person. */
function lastToMention(thread: Thread, { person, agency }: Reader): Pick<Reply, 'by'> {
  const said: Pick<Reply, 'by' | 'mentions' | 'agencies'>[] = [thread, ...thread.replies];
  return said.findLast(({ mentions, agencies }) => mentions.includes(person) || agencies.includes(agency.id)) ?? thread;
}

function isMentioned(thread: Thread, { person }: Reader): boolean {
  const said: Pick<Reply, 'by' | 'mentions'>[] = [thread, ...thread.replies];
  const last = said.findLastIndex(({ mentions }) => mentions.includes(person));
  return last >= 0 && !said.slice(last + 1).some(({ by }) => by.person === person);
}

function isAgencyMentioned(thread: Thread, reader: Reader): boolean {
  if (!holds(reader, 'position-holder')) return false;
  const said: Pick<Reply, 'by' | 'agencies'>[] = [thread, ...thread.replies];
  const last = said.findLastIndex(({ agencies }) => agencies.includes(reader.agency.id));
  return last >= 0 && !said.slice(last + 1).some(({ by }) => by.agency.id === reader.agency.id);
}

/** Whether an agency is part of a thread: somebody of it began it or replied, or it was asked. */
export function involves({ by, question, replies }: Thread, agency: AgencyId): boolean {
  return by.agency.id === agency || question?.agency === agency || replies.some(({ by }) => by.agency.id === agency);
}

/** What open threads ask of this person (feature M12): a question by its day, a mention by the case's own. */
export function needsOfComments(state: Known, actor: Actor): Need[] {
  return state.comments
    .filter((thread) => needsReplyFrom(thread, actor))
    .map((thread) => {
      const asked = isUnanswered(thread) && thread.question?.agency === actor.agency.id ? thread.question : null;
      return {
        what: asked
          ? `Question from ${thread.by.agency.name}`
          : `${calledIn(lastToMention(thread, actor).by)} mentions ${isMentioned(thread, actor) ? 'you' : actor.agency.name} in a comment`,
        place: 'notes',
        due: asked?.by ?? state.case.notifyBy,
        at: threadId(thread.seq),
      };
    });
}
