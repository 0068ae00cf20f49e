/** How a case was raised, put right: old and new in the record, the clock counted again, the Chair told. */
import { describe, expect, test } from 'vitest';
import { correctedDetails } from '#lib/raise/correct.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  amara,
  beth,
  caseReopened,
  decisionSigned,
  denis,
  details,
  given,
  holidays,
  idris,
  joan,
  opened,
  priya,
  tomas,
} from '../support/rules.ts';

const correct = (other: object = {}) =>
  ({
    type: 'CorrectRaised',
    details: { ...details, ...other },
    reason: 'The hospital told us the day before.',
  }) as const;
const earlier = correct({ awareOn: '2026-11-19' });

describe('[CK1] [M7] how a case was raised is corrected', () => {
  test('a mistyped day of awareness counts the time to notify again, and both stay in the record', () => {
    const after = given(opened()).when(earlier, amara);
    after.givesTypes('RaisedCorrected', 'ClockRecounted');
    const { state, entries } = after.recorded();
    expect(state.case).toMatchObject({ details: { awareOn: '2026-11-19' }, notifyBy: '2026-11-26' });
    expect(entries.at(-2)?.body).toMatchObject({ before: details, details: earlier.details });
    expect(entries.at(-1)?.body).toMatchObject({
      before: '2026-11-27',
      notifyBy: '2026-11-26',
      why: 'The authority became aware on Thursday 19 November 2026, not on Friday 20 November 2026. The hospital told us the day before.',
    });
  });

  test('an age, initials or a place leave the clock alone', () => {
    given(opened())
      .when(correct({ age: 3, incidentPlace: 'elsewhere-in-england' }), tomas)
      .givesTypes('RaisedCorrected');
  });

  test('by who raised it, those who answer for the authority, and the business unit on the case; by nobody else', () => {
    for (const by of [amara, tomas, denis]) {
      given(opened()).when(earlier, by).givesTypes('RaisedCorrected', 'ClockRecounted');
    }
    const withUnit = opened([amara, tomas, priya, denis, beth, idris]);
    given(withUnit).when(earlier, beth).givesTypes('RaisedCorrected', 'ClockRecounted');
    for (const by of [priya, joan, idris]) given(withUnit).when(earlier, by).isRefused('NotYoursToCorrect');
  });

  test('not with nothing changed, so not twice; not with a day that cannot be', () => {
    given(opened()).when(correct(), amara).isRefused('NothingChanged');
    given(opened()).when(earlier, amara).recorded().when(earlier, amara).isRefused('NothingChanged');
    given(opened())
      .when(correct({ awareOn: '2026-11-24' }), amara)
      .isRefused('DateInTheFuture', { field: 'details.awareOn' });
    given(opened())
      .when(correct({ incidentOn: '2026-11-21' }), amara)
      .isRefused('AwareBeforeItHappened', { field: 'details.incidentOn' });
    expect(() => given(opened()).when({ ...earlier, reason: '' }, amara)).toThrow();
  });

  test('[M36] not once it is decided; once it is reopened, to no day before that decision', () => {
    given(opened(), decisionSigned()).when(earlier, amara).isRefused('AlreadyDecided');
    const again = given(opened(), decisionSigned([], 'do-not-notify'), caseReopened(4));
    const on = (awareOn: string) => again.when(correct({ awareOn }), amara, { today: '2028-11-21' });
    on('2026-11-20').isRefused('KnownBeforeDecision', { field: 'details.awareOn' });
    on('2028-11-21').givesTypes('RaisedCorrected', 'ClockRecounted');
  });

  test('the Chair is told in their work until they say that they have read it, once', () => {
    const asked = (situation: ReturnType<typeof given>) => {
      if (!hasCase(situation.state)) throw new Error('No case');
      return needsOf(situation.state, joan, { holidays }).filter(({ place }) => place === 'raised');
    };
    const corrected = given(opened()).when(earlier, amara).recorded();
    expect(asked(corrected)).toMatchObject([
      { what: 'Health corrected how the case was raised: read it', at: 'correction-4' },
    ]);
    const read = { type: 'ReadCorrection', correction: 4 } as const;
    corrected.when(read, amara).isRefused('OnlyTheChair');
    corrected.when({ ...read, correction: 3 }, joan).isRefused('NoSuchCorrection');
    const seen = corrected.when(read, joan).recorded();
    expect(asked(seen)).toEqual([]);
    seen.when(read, joan).isRefused('CorrectionAlreadyRead');
  });
});

test('[M7] what is typed becomes the details, without what was left empty', () => {
  const typed = {
    initials: 'J.D.',
    age: '17',
    careLeaver: '',
    incidentOn: '',
    otherChildren: { 0: { initials: 'K.D.', age: '4' } },
  };
  expect(correctedDetails(typed)).toEqual({ initials: 'J.D.', age: 17, otherChildren: [{ initials: 'K.D.', age: 4 }] });
  expect(correctedDetails({ initials: 'J.D.', age: '', careLeaver: 'no', incidentOn: '' })).toMatchObject({
    age: Number.NaN,
  });
});
