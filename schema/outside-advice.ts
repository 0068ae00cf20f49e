/** Advice from outside: what the Panel's chair or another authority was asked on anonymised facts, and what they said. */
import { z } from 'zod';
import { mayDecide, type Actor, holds, type Acting } from './actor.ts';
import { identifyingIn } from './anonymous.ts';
import type { Day } from './calendar.ts';
import { besideFields, choice, day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { mayAsk } from './question.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Need } from './work.ts';

export const advisers = ['panel-chair', 'authority', 'someone-else'] as const;
export type Adviser = (typeof advisers)[number];
export const adviserWords: Record<Adviser, string> = {
  'panel-chair': 'The chair of the Child Safeguarding Practice Review Panel',
  authority: 'Another local authority or partnership',
  'someone-else': 'Someone else',
};

export const askOutsideAdvice = z
  .strictObject({
    type: z.literal('AskOutsideAdvice'),
    of: choice(advisers, 'Select who was asked'),
    /** Which authority or body; the Panel needs no name. */
    body: optionalText(shortText),
    person: optionalText(shortText),
    question: text('Enter what was asked'),
    facts: text('Enter the anonymised facts that were sent'),
    sentOn: day('Enter the date it was sent, like 27 3 2026'),
    replyBy: day('Enter the date a reply is hoped for, like 27 3 2026').nullable(),
  })
  .refine(({ of, body }) => !(of === 'authority' || of === 'someone-else') || body !== '', {
    ...besideFields,
    error: 'Enter the name of the authority or body',
    path: ['body'],
  });
export const recordOutsideAdvice = z.strictObject({
  type: z.literal('RecordOutsideAdvice'),
  /** The entry that asked for it. */
  advice: z.int().positive(),
  from: text('Enter who replied, and their role', shortText),
  receivedOn: day('Enter the date of the reply, like 27 3 2026'),
  reply: text('Enter what they said'),
});
export const endOutsideAdvice = z.strictObject({
  type: z.literal('EndOutsideAdvice'),
  advice: z.int().positive(),
  reason: text('Say why no reply is waited for any more'),
});
export type OutsideAdviceCommand =
  z.infer<typeof askOutsideAdvice> | z.infer<typeof recordOutsideAdvice> | z.infer<typeof endOutsideAdvice>;

export const outsideAdviceAsked = z.object({
  type: z.literal('OutsideAdviceAsked'),
  of: z.enum(advisers),
  body: z.string(),
  person: z.string(),
  question: z.string(),
  facts: z.string(),
  sentOn: z.string(),
  replyBy: z.string().nullable(),
});
export const outsideAdviceGiven = z.object({
  type: z.literal('OutsideAdviceGiven'),
  advice: z.number(),
  from: z.string(),
  receivedOn: z.string(),
  reply: z.string(),
});
export const outsideAdviceEnded = z.object({
  type: z.literal('OutsideAdviceEnded'),
  advice: z.number(),
  reason: z.string(),
});
export const outsideAdviceEvents = [outsideAdviceAsked, outsideAdviceGiven, outsideAdviceEnded] as const;
export type OutsideAdviceEvent = z.infer<(typeof outsideAdviceEvents)[number]>;

type Recorded = { seq: number; at: string; by: Actor };
/** A request for advice is named by the sequence of its entry. */
export type OutsideAdvice = Recorded &
  Omit<z.infer<typeof outsideAdviceAsked>, 'type'> & {
    reply: (Recorded & { from: string; receivedOn: Day; words: string }) | null;
    ended: (Recorded & { reason: string }) | null;
  };
export type OutsideAdviceState = readonly OutsideAdvice[];

export function isAwaited({ reply, ended }: OutsideAdvice): boolean {
  return !reply && !ended;
}

/** "The chair of the Child Safeguarding Practice Review Panel", or the body's own name. */
export function nameOfAdviser({ of, body, person }: Pick<OutsideAdvice, 'of' | 'body' | 'person'>): string {
  return [of === 'panel-chair' ? adviserWords[of] : body, person].filter(Boolean).join(', ');
}

/** Anyone who works on the case for an agency, the Chair, and the business unit. */
export function mayAskOutsideAdvice(by: Acting): boolean {
  return mayAsk(by) || mayDecide(by) || holds(by, 'business-unit');
}

/**
 * Records what was asked outside the partnership and what came back. It is sent by a person, not
 * from here, and on facts that do not say who a child is: no more is shared than the question needs
 * (UK GDPR, article 5(1)(c)). Advice binds nobody and holds up no clock.
 */
export function decideOutsideAdvice(
  command: OutsideAdviceCommand,
  state: OutsideAdviceState,
  by: Actor,
  { today, children = [] }: Pick<Facts, 'today' | 'children'>,
): OutsideAdviceEvent[] | Refusal {
  if (!mayAskOutsideAdvice(by)) return refuse('NotYourRole', { role: by.role });
  if (command.type === 'AskOutsideAdvice') {
    const { type: _, ...asked } = command;
    if (asked.sentOn > today) return refuse('DateInTheFuture', { field: 'sentOn' });
    if (asked.replyBy && asked.replyBy < asked.sentOn) {
      return refuse('BeforeItCouldBe', { field: 'replyBy', from: asked.sentOn });
    }
    for (const field of ['facts', 'question'] as const) {
      const found = identifyingIn(asked[field], children);
      if (found.length > 0) return refuse('NotAnonymous', { field, found });
    }
    const same = state.find((each) => isAwaited(each) && isSame(each, asked));
    if (same) return refuse('OutsideAdviceAlreadyAsked', { at: same.at });
    return [{ type: 'OutsideAdviceAsked', ...asked }];
  }
  const advice = state.find(({ seq }) => seq === command.advice);
  if (!advice) return refuse('NoSuchOutsideAdvice');
  if (advice.reply) return refuse('OutsideAdviceAlreadyGiven', { at: advice.reply.at });
  if (command.type === 'EndOutsideAdvice') {
    if (advice.by.agency.id !== by.agency.id) return refuse('NotYourQuestion', { agency: advice.by.agency.name });
    if (advice.ended) return refuse('OutsideAdviceAlreadyEnded', { at: advice.ended.at });
    return [{ type: 'OutsideAdviceEnded', advice: advice.seq, reason: command.reason }];
  }
  const { from, receivedOn, reply } = command;
  if (receivedOn > today) return refuse('DateInTheFuture', { field: 'receivedOn' });
  if (receivedOn < advice.sentOn) return refuse('BeforeItCouldBe', { field: 'receivedOn', from: advice.sentOn });
  return [{ type: 'OutsideAdviceGiven', advice: advice.seq, from, receivedOn, reply }];
}

function isSame(one: Pick<OutsideAdvice, 'of' | 'body' | 'question'>, other: typeof one): boolean {
  return one.of === other.of && one.body === other.body && one.question === other.question;
}

export function evolveOutsideAdvice(
  state: OutsideAdviceState,
  event: OutsideAdviceEvent,
  seq: number,
  at: string,
  by: Actor,
): OutsideAdviceState {
  const recorded = { seq, at, by };
  if (event.type === 'OutsideAdviceAsked') {
    const { type: _, ...asked } = event;
    return [...state, { ...recorded, ...asked, reply: null, ended: null }];
  }
  const part =
    event.type === 'OutsideAdviceGiven'
      ? { reply: { ...recorded, from: event.from, receivedOn: event.receivedOn, words: event.reply } }
      : { ended: { ...recorded, reason: event.reason } };
  return state.map((each) => (each.seq === event.advice ? { ...each, ...part } : each));
}

/** Asked of whoever recorded the request, from the day on which a reply was hoped for. */
export function outsideAdviceNeeds(
  { outsideAdvice }: { outsideAdvice: OutsideAdviceState },
  { person }: Pick<Actor, 'person'>,
): Need[] {
  return outsideAdvice.flatMap((each) => {
    const { seq, by, replyBy } = each;
    if (by.person !== person || !replyBy || !isAwaited(each)) return [];
    const what = `Record what ${nameOfAdviser(each)} advised`;
    return [{ what, place: 'decision' as const, due: replyBy, from: replyBy, at: `advice-${seq}` }];
  });
}
