/** How each agency sees the harm: recorded with its source, and looked at again on the day that was set. */
import { describe, expect, test } from 'vitest';
import { assessHarm, harmByAgency, harmKinds, harmNeeds, type HarmEvent } from '#schema/harm.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import { amara, denis, given, joan, opened, otto, priya, holidays } from '../support/rules.ts';

const longTerm = {
  physical: 'likely',
  'mental-health': '',
  intellectual: '',
  emotional: '',
  social: '',
  behavioural: '',
  'life-threatening': '',
  'serious-crime': '',
} as const;
const assess = {
  type: 'AssessHarm',
  kinds: ['physical'] as 'physical'[],
  longTerm,
  severity: 'The arm is in plaster.',
  source: 'Consultant',
  recovered: 'no',
  revisitOn: '2027-03-01',
  whyNotAgain: '',
} as const;
const recorded: HarmEvent = {
  type: 'HarmAssessed',
  harms: [{ kind: 'physical', longTerm: 'likely' }],
  severity: 'The arm is in plaster.',
  source: 'Consultant',
  recovered: 'no',
  revisitOn: '2027-03-01',
  whyNotAgain: '',
};

describe('[M14] the harm and what will last of it', () => {
  test('those who work on the case for an agency assess it', () => {
    given(opened()).when(assess, amara).gives(recorded);
    for (const by of [joan, denis, otto]) given(opened()).when(assess, by).isRefused('NotYourRole');
  });

  test('each kind chosen says how likely it is to last, and a day or a reason why not again is given', () => {
    const problems = (change: object) =>
      assessHarm.safeParse({ ...assess, ...change }).error?.issues.map(({ path }) => path.join('.'));
    expect(problems({ kinds: [...harmKinds] })).toEqual(harmKinds.slice(1).map((kind) => `longTerm.${kind}`));
    expect(problems({ revisitOn: '' })).toEqual(['revisitOn']);
    expect(problems({ recovered: '', kinds: ['social'], revisitOn: '' })).toEqual([
      'recovered',
      'longTerm.social',
      'revisitOn',
    ]);
    expect(problems({ kinds: 5, longTerm: null })).toEqual(['kinds', 'longTerm']);
    expect(problems({ revisitOn: '', whyNotAgain: 'The child has died.' })).toBeUndefined();
  });

  test('what was typed for a kind that is not chosen is left out', () => {
    given(opened())
      .when({ ...assess, kinds: [] }, amara)
      .gives({ ...recorded, harms: [] });
  });

  test('it is looked at again on a day that lies ahead', () => {
    for (const revisitOn of ['2026-11-23', '2026-11-22'])
      given(opened())
        .when({ ...assess, revisitOn }, amara)
        .isRefused('DateInThePast', { field: 'revisitOn' });
  });

  test('sent twice, it is refused; another agency may say the same', () => {
    const assessed = given(opened()).when(assess, amara).recorded();
    assessed.when(assess, amara).isRefused('AssessmentUnchanged');
    assessed.when(assess, priya).gives(recorded);
  });

  test('the latest of an agency holds; its earlier ones stay', () => {
    const { state } = given(opened())
      .when(assess, amara)
      .recorded()
      .when({ ...assess, recovered: 'yes' }, amara)
      .recorded()
      .when(assess, priya)
      .recorded();
    const [health, police] = harmByAgency(state.harm);
    expect([health?.latest.recovered, health?.earlier.map(({ recovered }) => recovered)]).toEqual(['yes', ['no']]);
    expect(police?.earlier).toEqual([]);
  });

  test('from the day it set, the agency is asked, nobody else, until it has looked again', () => {
    const { state } = given(opened()).when(assess, amara).recorded();
    if (!hasCase(state)) throw new Error('No case was opened');
    const need = { place: 'criteria', due: '2027-03-01', from: '2027-03-01' };
    expect(harmNeeds(state, amara)).toMatchObject([need]);
    expect(needsOf(state, amara, { holidays })).toContainEqual(expect.objectContaining(need));
    expect(harmNeeds(state, priya)).toEqual([]);
    const again = given(opened())
      .when(assess, amara)
      .recorded()
      .when({ ...assess, revisitOn: '', whyNotAgain: 'Healed.' }, amara)
      .recorded();
    expect(hasCase(again.state) && harmNeeds(again.state, amara)).toEqual([]);
  });
});
