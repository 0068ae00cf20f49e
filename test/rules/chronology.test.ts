/** The chronology: rows that agencies give, that sort themselves, and whose earlier wordings stay readable. */
import { describe, expect, test } from 'vitest';
import {
  addToChronology,
  correctChronology,
  inOrder,
  sayWhen,
  timeAsTyped,
  withdrawnRows,
  type ChronologyEvent,
} from '#schema/chronology.ts';
import { packOf } from '#schema/pack.ts';
import { hasCase } from '#schema/room.ts';
import { amara, denis, given, health, idris, joan, mina, opened, otto, priya, today } from '../support/rules.ts';

const add = {
  type: 'AddToChronology',
  on: '2026-09-28',
  time: '07:40',
  what: 'The ambulance service was called.',
  source: 'Hospital record',
} as const;
const added: ChronologyEvent = {
  type: 'ChronologyAdded',
  on: '2026-09-28',
  time: '07:40',
  what: 'The ambulance service was called.',
  source: 'Hospital record',
};
/** Health's row is entry 4. */
const first = given(opened()).when(add, amara).recorded();
const correct = {
  ...add,
  type: 'CorrectChronology',
  row: 4,
  read: 4,
  time: '07:20',
  why: 'The recording says so.',
} as const;
const withdraw = { type: 'WithdrawFromChronology', row: 4, read: 4, why: 'It was another child.' } as const;

describe('[M15] a row of the chronology', () => {
  test('those who work on the case for an agency add it, with its source', () => {
    for (const by of [amara, priya]) given(opened()).when(add, by).gives(added);
    given(opened([amara, idris]))
      .when(add, idris)
      .gives(added);
  });

  test('the Chair, advisers, the decision-maker and people of no part in the case do not', () => {
    for (const by of [joan, mina, denis, otto])
      given(opened([amara, mina, denis]))
        .when(add, by)
        .isRefused('NotYourRole');
  });

  test('the time is left out where it is not known', () => {
    given(opened())
      .when({ ...add, time: '' }, amara)
      .gives({ ...added, time: null });
  });

  test('the same row of the same agency is not added twice; another agency may say the same', () => {
    first.when(add, amara).isRefused('RowAlreadyAdded');
    first.when(add, priya).gives(added);
  });

  test('what has not happened yet is not added', () => {
    const on = (on: string, time = '') => given(opened()).when({ ...add, on, time }, amara);
    on('2026-11-24').isRefused('DateInTheFuture', { field: 'on' });
    on('2026-12').isRefused('DateInTheFuture', { field: 'on' });
    on('2027').isRefused('DateInTheFuture', { field: 'on' });
    on(today, '23:59').isRefused('TimeInTheFuture', { field: 'time' });
    on('2026-11').gives({ ...added, on: '2026-11', time: null });
  });

  test('a day, or only its month and year, or only its year; a time only with its day', () => {
    const problems = (change: object) =>
      (addToChronology.safeParse({ ...add, ...change }).error?.issues ?? []).map(({ path }) => path.join('.'));
    for (const on of ['2026-09-28', '2026-09', '2026']) expect(problems({ on, time: '' }), on).toEqual([]);
    for (const on of ['', '2026-9', '2026-13', '2026-02-30', '2026--28', '-09-28', '26']) {
      expect(problems({ on, time: '' }), on).toEqual(['on']);
    }
    expect(problems({ on: '2026-09', time: '07:40' })).toEqual(['time']);
    expect(problems({ time: 'early' })).toEqual(['time']);
    expect(problems({ what: ' ', source: '' })).toEqual(['what', 'source']);
  });

  test.each([
    ['7:40am', '07:40'],
    ['7.40 PM', '19:40'],
    ['0740', '07:40'],
    ['12am', '00:00'],
    ['12:05pm', '12:05'],
    ['7', null],
    ['13pm', null],
    ['24:00', null],
    ['07:60', null],
  ])('a time typed as %s is read as %s', (typed, time) => {
    expect(timeAsTyped(typed)).toBe(time);
  });
});

describe('[M15] correcting and withdrawing', () => {
  test('the new wording holds, and the earlier one stays readable with who said it', () => {
    const { type: _, read: __, ...given } = correct;
    first.when(correct, amara).gives({ type: 'ChronologyCorrected', ...given });
    const { state } = first.when(correct, amara).recorded();
    expect(state.chronology).toMatchObject([
      {
        row: 4,
        latest: { time: '07:20', why: 'The recording says so.', seq: 5 },
        earlier: [{ time: '07:40', seq: 4 }],
      },
    ]);
  });

  test('only the agency that gave it corrects or withdraws it', () => {
    for (const command of [correct, withdraw]) {
      first.when(command, priya).isRefused('NotYourRow', { agency: health.name });
    }
  });

  test('on a stale view it is refused, so that nothing is overwritten unread', () => {
    const corrected = first.when(correct, amara).recorded();
    for (const command of [correct, withdraw]) {
      corrected.when(command, amara).isRefused('RowCorrectedMeanwhile', { by: amara.name });
    }
    corrected.when({ ...withdraw, read: 5 }, amara).gives({ type: 'ChronologyWithdrawn', row: 4, why: withdraw.why });
  });

  test('a correction that changes nothing, or of a row that is not there, is refused', () => {
    first.when({ ...correct, time: '07:40' }, amara).isRefused('NothingChanged');
    first.when({ ...correct, row: 3 }, amara).isRefused('NoSuchRow');
    expect(correctChronology.safeParse({ ...correct, why: '' }).error?.issues).toMatchObject([{ path: ['why'] }]);
  });

  test('a withdrawn row no longer stands, stays readable with its reason, and is not withdrawn twice', () => {
    const after = first.when(withdraw, amara).recorded();
    expect(inOrder(after.state.chronology)).toEqual([]);
    expect(withdrawnRows(after.state.chronology)).toMatchObject([
      { latest: { what: add.what }, withdrawn: { why: withdraw.why, by: amara } },
    ]);
    for (const command of [correct, withdraw]) after.when(command, amara).isRefused('RowWithdrawn');
    after.when(add, amara).gives(added);
  });
});

describe('[M15] the order', () => {
  test('a year stands before its months, a month before its days, a day before its times', () => {
    let situation = given(opened());
    for (const [on, time] of [
      ['2026-09-28', '19:00'],
      ['2026-10', ''],
      ['2026-09-28', '07:40'],
      ['2026-09', ''],
      ['2026-09-28', ''],
      ['2026', ''],
    ] as const) {
      situation = situation.when({ ...add, on, time }, amara).recorded();
    }
    expect(inOrder(situation.state.chronology).map(({ latest }) => sayWhen(latest))).toEqual([
      '2026',
      'September 2026',
      'Monday 28 September 2026',
      'Monday 28 September 2026, 7:40am',
      'Monday 28 September 2026, 7pm',
      'October 2026',
    ]);
  });

  test('the notification pack holds the rows that stand, in their order', () => {
    const { state } = first.when({ ...add, on: '2025', time: '', what: 'Earlier concern.' }, priya).recorded();
    if (!hasCase(state)) throw new Error('No case was opened');
    const field = packOf(state)
      .flatMap(({ fields }) => fields)
      .find(({ label }) => label === 'Chronology');
    expect(field?.words).toBe(
      '2025: Earlier concern. Source: Hospital record (Police).\nMonday 28 September 2026, 7:40am: The ambulance service was called. Source: Hospital record (Health).',
    );
  });
});
