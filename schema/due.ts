/** What time will do: moments at which something in a room is due, each of which happens once. */
import { holidaysOf } from './arrangements.ts';
import { endOf, holidaysByDay, type Instant } from './calendar.ts';
import type { ClockCommand } from './command.ts';
import { isAccepted } from './hand-over.ts';
import { escalatesAfter, nextEscalation } from './rationale.ts';
import { currentStage } from './resolution.ts';
import type { CaseRoom } from './room.ts';

/**
 * Something due at a moment. `kind` says who handles it (`server/worker.ts`), `subject` which of its
 * kind: the two name it within its room for ever, so that it happens once however often it is found.
 * `command` is what the service's clock then sends, where that is all there is to do.
 */
export type Due = { kind: string; subject: string; at: Instant; command?: ClockCommand };

/** Everything that is still to come in a case as it stands. Worked out anew with each of its entries. */
export function duesOf(state: CaseRoom): Due[] {
  return [...notifyLimit(state), ...stageLimit(state), ...overdueReasons(state)];
}

function notifyLimit(state: CaseRoom): Due[] {
  const { decision, limits, reopened } = state;
  const { notifyBy } = state.case;
  if (decision || isAccepted(state) || limits.some(({ limit }) => limit === 'notify')) return [];
  const subject = `notify, round of entry ${reopened?.seq ?? 1}`;
  return [{ kind: 'clock', subject, at: endOf(notifyBy), command: { type: 'PassLimit', limit: 'notify' } }];
}

/** A request for reasons that stays unanswered goes a step further when its day has ended. */
function overdueReasons({ case: opened, requests }: CaseRoom): Due[] {
  const holidays = holidaysByDay(holidaysOf(opened.arrangements));
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
  return [{ kind: 'clock', subject: `stage of entry ${stage.seq}`, at: endOf(stage.limit), command }];
}
