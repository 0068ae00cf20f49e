/** The register: every case considered, with where it stands. Rows are folded from entries. */
import { isRetrospective } from './reopen.ts';
import type { CaseRoom, CaseStatus } from './room.ts';
import { disagreeing, statusOf } from './room.ts';

export type RegisterRow = {
  ref: string;
  openedAt: string;
  raisedBy: string;
  whatHappened: string;
  notifyBy: string;
  status: CaseStatus;
  decidedAt: string | null;
  /** Decided to notify after the authority had first decided not to. */
  retrospective: boolean;
  /** Agencies that disagree, by name: at equal weight with the outcome. */
  disagreeing: string[];
};

export function registerRow(state: CaseRoom): RegisterRow {
  return {
    ref: state.case.ref,
    openedAt: state.case.openedAt,
    raisedBy: state.case.openedBy.agency.name,
    whatHappened: state.case.details.whatHappened,
    notifyBy: state.case.notifyBy,
    status: statusOf(state),
    decidedAt: state.decision?.at ?? null,
    retrospective: isRetrospective(state),
    disagreeing: disagreeing(state),
  };
}
