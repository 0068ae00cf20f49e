/** What an outcome of resolution gives an agency to do: asked of it, said by it alone, once. */
import { describe, expect, test } from 'vitest';
import { tell } from '#lib/deliberation/tell.ts';
import { agreedActions } from '#schema/agreed-action.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import { running, sessionOf } from '../support/sessions.ts';
import {
  amara,
  given,
  health,
  holidays,
  joan,
  mina,
  opened,
  outcomeRecorded,
  police,
  positionsDiffer,
  priya,
  resolutionAsked,
  resolutionOpened,
  type Happened,
} from '../support/rules.ts';

type Situation = Pick<ReturnType<typeof given>, 'state'>;

const share = { what: 'Share the X-rays', owner: { agency: health.id, name: 'Health' }, by: '2026-11-25' };
const visit = { what: 'Visit the home', owner: { agency: police.id, name: 'Police' }, by: '2026-11-24' };
const recorded = outcomeRecorded('not-agreed');
const outcome: Happened = {
  ...recorded,
  event: recorded.event.type === 'OutcomeRecorded' ? { ...recorded.event, actions: [share, visit] } : recorded.event,
};
/** Stage 3, begun by entry 8, came to this as entry 10. */
const agreed = () => given(opened(), positionsDiffer(), resolutionAsked(), resolutionOpened, outcome);
const report = { type: 'ReportAction', stage: 8, number: 1, says: 'Sent to Police at noon.' } as const;

function asks({ state }: Situation, actor: typeof amara) {
  if (!hasCase(state)) throw new Error('No case was opened');
  return needsOf(state, actor, { holidays }).filter(({ what }) => /Do what was/.test(what));
}

describe('[M25] who does what, by when', () => {
  test('is asked of whoever speaks for the agency, by its day, until it is said what was done', () => {
    const need = { what: 'Do what was agreed: Share the X-rays', place: 'resolution', due: '2026-11-25' };
    expect(asks(agreed(), amara)).toEqual([need]);
    expect(asks(agreed(), priya)).toMatchObject([{ due: '2026-11-24' }]);
    for (const other of [mina, joan]) expect(asks(agreed(), other)).toEqual([]);
    const said = agreed().when(report, amara).recorded();
    expect(asks(said, amara)).toEqual([]);
    expect(asks(said, priya)).toHaveLength(1);
    expect(agreedActions(said.state)[0]?.report).toMatchObject({ says: report.says, by: amara });
  });
  test('is not for another agency to say, nor twice, nor of what nobody agreed', () => {
    agreed().when(report, priya).isRefused('NotYoursToReport', { agency: 'Health' });
    agreed()
      .when({ ...report, number: 3 }, amara)
      .isRefused('NoSuchAction');
    agreed()
      .when({ ...report, stage: 9 }, amara)
      .isRefused('NoSuchAction');
    agreed().when(report, amara).recorded().when(report, amara).isRefused('ActionAlreadyDone');
  });
  test('reads in the history as which action of which stage', () => {
    const { entries } = agreed().when(report, amara).recorded();
    const last = entries.at(-1);
    expect(last && tell(last, entries)).toMatchObject({
      title: 'Health said what was done of what was agreed',
      lines: [{ words: 'Action 1 of stage 3, Resolution session' }, { words: report.says }],
    });
  });
  test('what a session resolved is asked for by its minutes, not a second time by the outcome that repeats it', () => {
    const resolved = [{ text: share.what, owner: health.id, due: share.by }];
    const item = {
      type: 'RecordItem',
      item: 1,
      outcome: 'noted',
      commonGround: '',
      pointsAtIssue: '',
      resolved,
    } as const;
    const ended = running()
      .when(item, joan)
      .recorded()
      .when({ type: 'EndSession', leftOver: 'Time.' }, joan)
      .recorded();
    expect(sessionOf(ended).status).toBe('ended');
    const actions = [
      { what: share.what, owner: health.id, by: share.by },
      { what: visit.what, owner: police.id, by: visit.by },
    ];
    const attendance = [...sessionOf(ended).plan.attending].map(({ agency }) => ({
      agency: agency.id,
      who: 'attended' as const,
    }));
    const said = {
      outcome: 'not-agreed',
      commonGround: 'The place.',
      pointsAtIssue: 'The harm.',
      attendance,
      actions,
    } as const;
    const settled = ended.when({ type: 'RecordOutcome', ...said }, joan).recorded();
    expect(asks(settled, amara)).toMatchObject([{ what: 'Do what was resolved in the session, a)' }]);
    expect(asks(settled, priya)).toMatchObject([{ what: 'Do what was agreed: Visit the home' }]);
  });
});
