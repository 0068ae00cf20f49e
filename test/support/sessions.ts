/** The Chair's session as rules tests play it: called, started, joined, and moved to a step. */
import type { Actor } from '#schema/actor.ts';
import { hasCase } from '#schema/room.ts';
import type { Session } from '#schema/session-evolve.ts';
import type { Step } from '#schema/session.ts';
import {
  amara,
  given,
  health,
  joan,
  opened,
  police,
  positionsDiffer,
  priya,
  resolutionAsked,
  socialCare,
  tomas,
  wren,
} from './rules.ts';

type Situation = ReturnType<typeof given>;

/** Tuesday 24 November 2026, 2pm in London. */
export const startsAt = '2026-11-24T14:00:00.000Z';

export const call = {
  type: 'CallSession' as const,
  startsAt,
  meeting: 'Room 2, civic centre',
  attending: [
    { agency: socialCare.id, speaker: tomas.person },
    { agency: health.id, speaker: amara.person },
    { agency: police.id, speaker: priya.person },
  ],
  deputyChair: wren.person,
  agenda: [
    { about: 'death-or-serious-harm' as const, title: 'Criterion 2: death or serious harm' },
    { about: 'next' as const, title: 'What happens next' },
  ],
  papers: ['Hospital letter'],
  groundRules: 'One speaks at a time.',
};

/** Views differ and Education asked for resolution. */
export const asked = () => given(opened(), positionsDiffer(), resolutionAsked());
export const called = (command: Partial<typeof call> = {}) =>
  asked()
    .when({ ...call, ...command }, joan)
    .recorded();
export const started = (from: Situation = called()) => from.when({ type: 'StartSession' }, joan).recorded();

export function joined(from: Situation, people: readonly Actor[] = [tomas, amara, priya]): Situation {
  return people.reduce((now, by) => now.when({ type: 'JoinSession' }, by).recorded(), from);
}

/** Everyone called is present. */
export const running = () => joined(started());

export function sessionOf({ state }: Pick<Situation, 'state'>): Session {
  const session = state.sessions.at(-1);
  if (!session || !hasCase(state)) throw new Error('No session was called');
  return session;
}

export function atStep(step: Step, from: Situation = running(), item = sessionOf(from).now?.item ?? 1): Situation {
  const after = sessionOf(from).now?.seq ?? 0;
  return from.when({ type: 'OpenStep', item, step, after }, joan).recorded();
}

export const wordingText = 'The partners agree that the child has been seriously harmed.';

/** A wording is put, and nobody has answered. */
export function tested(from: Situation = atStep('test')): Situation {
  return from.when({ type: 'PutWording', text: wordingText }, joan).recorded();
}

export function wordingOf(from: Pick<Situation, 'state'>): number {
  const wording = sessionOf(from).wordings.at(-1);
  if (!wording) throw new Error('No wording was put');
  return wording.seq;
}

export const agree = { answer: 'agree' as const };
export const disagree = { answer: 'disagree' as const, says: 'The injury healed within a week.' };

export function answered(from: Situation, ...answers: (readonly [Actor, typeof agree | typeof disagree])[]): Situation {
  return answers.reduce(
    (now, [by, content]) => now.when({ type: 'AnswerWording', wording: wordingOf(now), content }, by).recorded(),
    from,
  );
}
