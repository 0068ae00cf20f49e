/** What time will do: moments at which something in a room is due, each of which happens once. */
import { endOf, type Day, type Holidays, type Instant } from './calendar.ts';
import { alertKinds, alertsOf, clocksOf, isRunning, type AlertKind } from './clocks.ts';
import type { ClockCommand } from './command.ts';
import { isAccepted } from './hand-over.ts';
import { positionsBy } from './ladder.ts';
import { awaitsNotification, hasPassed, type PassLimit } from './limit.ts';
import { informationAgreed, informationEnded } from './outcome.ts';
import { escalatesAfter, nextEscalation } from './rationale.ts';
import { clockBegan } from './reopen.ts';
import { currentStage } from './resolution.ts';
import type { CaseRoom } from './room.ts';

/**
 * Something due at a moment. `kind` says who handles it (`server/worker.ts`), `subject` which of its
 * kind: the two name it within its room for ever, so that it happens once however often it is found.
 * `command` is what the service's clock then sends, where that is all there is to do.
 */
export type Due = { kind: string; subject: string; at: Instant; command?: ClockCommand };

/** Everything that is still to come in a case as it stands, by the bank holidays of today. Worked out anew with each of its entries. */
export function duesOf(state: CaseRoom, { holidays }: { holidays: Holidays }): Due[] {
  return [
    ...notifyLimit(state),
    ...positionsLimit(state, holidays),
    ...stageLimit(state),
    ...informationLimit(state),
    ...overdueReasons(state, holidays),
    ...alerts(state, holidays),
  ];
}

/**
 * The alerts of the clocks that are running: half-way, on the last full day, on the last morning. A
 * clock that ends has none any more, since what is to come is worked out with each entry.
 */
function alerts(state: CaseRoom, holidays: Holidays): Due[] {
  // Another authority has the duty: nobody here owes anything by these clocks.
  if (isAccepted(state)) return [];
  return clocksOf(state, { holidays })
    .filter(isRunning)
    .flatMap((clock) =>
      alertsOf(clock).map(({ kind, at }) => ({
        kind: 'alert',
        subject: `${clock.id} ${kind} of ${clock.deadline.due}, round of entry ${clockBegan(state)}`,
        at,
      })),
    );
}

/** Which clock an alert is of, and which of its alerts it is: the first two words of its subject. */
export function alertNamed(subject: string): { clock: string; kind: AlertKind } | null {
  const [clock = '', word] = subject.split(' ');
  const kind = alertKinds.find((each) => each === word);
  return kind ? { clock, kind } : null;
}

function notifyLimit(state: CaseRoom): Due[] {
  const { notifyBy } = state.case;
  if (!awaitsNotification(state) || isAccepted(state) || hasPassed('notify', state)) return [];
  // By its day: one that passed and was then recounted to a later day may pass again.
  return [limit(state, 'notify', notifyBy, `notify by ${notifyBy}`)];
}

function positionsLimit(state: CaseRoom, holidays: Holidays): Due[] {
  const day = positionsBy(state.case, holidays);
  const isOver = state.decision || state.positions.opened || isAccepted(state) || hasPassed('positions', state);
  return day === null || isOver ? [] : [limit(state, 'positions', day, `positions by ${day}`)];
}

function informationLimit(state: CaseRoom): Due[] {
  const agreed = informationAgreed(state);
  if (!agreed || state.decision || isAccepted(state) || informationEnded(state)) return [];
  return [limit(state, 'information', agreed.due, `information agreed in the stage of entry ${agreed.stage.seq}`)];
}

function limit({ reopened }: CaseRoom, limit: PassLimit['limit'], day: Day, what: string): Due {
  const subject = `${what}, round of entry ${reopened?.seq ?? 1}`;
  return { kind: 'clock', subject, at: endOf(day), command: { type: 'PassLimit', limit } };
}

/** A request for reasons that stays unanswered goes a step further when its day has ended. */
function overdueReasons({ case: opened, requests }: CaseRoom, holidays: Holidays): Due[] {
  return requests.flatMap((request) => {
    const to = request.answered ? undefined : nextEscalation(request);
    if (!to) return [];
    const at = endOf(escalatesAfter(request, opened, { holidays }));
    const command = { type: 'EscalateRationaleRequest' as const, request: request.seq };
    return [{ kind: 'clock', subject: `reasons of entry ${request.seq}, ${to}`, at, command }];
  });
}

/** Silence escalates by itself: the end of the last day of the stage that a disagreement has reached. */
function stageLimit(state: CaseRoom): Due[] {
  const stage = currentStage(state.resolutions);
  if (state.decision || isAccepted(state) || !stage?.limit) return [];
  const command = { type: 'PassStageLimit', stage: stage.seq } as const;
  return [
    { kind: 'clock', subject: `stage of entry ${stage.seq}, to ${stage.limit}`, at: endOf(stage.limit), command },
  ];
}
