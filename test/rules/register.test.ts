/** The register: every case considered, with its outcome and its dissent at equal weight. */
import { expect, test } from 'vitest';
import { registerRow } from '#schema/register.ts';
import { hasCase } from '#schema/room.ts';
import {
  amara,
  decisionSigned,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  given,
  opened,
  positionFor,
  positionGiven,
  positionsDiffer,
  priya,
  ref,
} from '../support/rules.ts';

function row(...history: Parameters<typeof given>) {
  const { state } = given(opened(), ...history);
  if (!hasCase(state)) throw new Error('No case was opened');
  return registerRow(state);
}

test('[M6] a case is in the register from the moment it is raised', () => {
  expect(row()).toEqual({
    ref,
    openedAt: '2026-11-23T09:00:01.000Z',
    raisedBy: 'Health',
    whatHappened: 'seriously-harmed',
    notifyBy: '2026-11-27',
    acceptedBy: null,
    status: 'in-discussion',
    decidedAt: null,
    retrospective: false,
    practiceReview: null,
    learning: null,
    disagreeing: [],
  });
});

test('[M20] a sealed position shows only that there is one', () => {
  const [sealedNotify, sealedNot] = (['notify', 'do-not-notify'] as const).map((view) =>
    row(positionGiven(amara, positionFor(view))),
  );
  expect(sealedNotify).toEqual(sealedNot);
  expect(sealedNotify?.status).toBe('positions-sealed');
});

test('[M22] a decision stands beside the agencies that disagree, also those that disagree later', () => {
  const dissent = [positionsDiffer(), dissentRecorded(priya), dissentAnswered(8)];
  expect(row(...dissent, decisionSigned([8], 'do-not-notify'))).toMatchObject({
    status: 'not-notified',
    decidedAt: '2026-11-23T09:00:10.000Z',
    disagreeing: ['Police'],
  });
  expect(row(positionsDiffer(), decisionSigned(), dissentRecorded(priya), dissentRecorded(amara))).toMatchObject({
    status: 'notified',
    disagreeing: ['Police', 'Health'],
  });
});

test('[M22] a withdrawn dissent is no longer shown as disagreement', () => {
  expect(
    row(positionsDiffer(), dissentRecorded(priya), dissentAnswered(8), dissentReviewed(priya, 8, 'withdrawn')),
  ).toMatchObject({ disagreeing: [] });
});
