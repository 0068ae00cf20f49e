/** The entries of resolution in words: who asked, what each stage came to, what was missed and what followed. Pure. */
import type { LadderStage } from '#schema/arrangements.ts';
import { sayDay, sayMoment } from '#schema/calendar.ts';
import { viewWords } from '#schema/criteria.ts';
import type { Entry } from '#schema/ledger.ts';
import type { ActionEvent } from '#schema/agreed-action.ts';
import type { FollowUpEvent } from '#schema/follow-up.ts';
import { stageNumbered } from '#schema/ladder.ts';
import type { LeadViewEvent } from '#schema/lead-view.ts';
import { attendedWords, detailAsked, outcomeWords, type OutcomeEvent } from '#schema/outcome.ts';
import { inWords } from '#schema/in-words.ts';
import { triedWords, type LeadPartnersTold, type Resolution, type ResolutionEvent } from '#schema/resolution.ts';
import { lower, upper } from '../letters.ts';
import { linesOfPeople, sayEntry, type Line, type Told } from './tell.ts';

type Said = Omit<Told, 'sealed'>;

export function tellResolution(
  event: ResolutionEvent | LeadPartnersTold | LeadViewEvent | FollowUpEvent | ActionEvent,
  entry: Entry,
  entries: readonly Entry[],
): Said {
  const who = entry.actor.agency.name;
  switch (event.type) {
    case 'ResolutionRequested': {
      const stage = sayStage(event.stage, entries);
      return {
        title: `${who} asked for resolution`,
        lines: [
          { term: 'What it should settle', words: event.question },
          { term: 'Tried already', words: event.tried.map((way) => triedWords[way]).join('\n') },
          ...(stage ? [{ term: 'Stage', words: stage }] : []),
          ...(event.limit ? [{ term: 'Last day of the stage', words: sayDay(event.limit) }] : []),
          ...(event.urgentReason ? [{ term: 'Why it starts at this stage', words: event.urgentReason }] : []),
        ],
      };
    }
    case 'ResolutionEscalated':
      return {
        title: `Passed on to ${sayStage(event.stage, entries)}`,
        lines: [
          { term: 'Why', words: becauseWords[event.because] },
          { term: 'It comes from', words: sayEntry(event.from) },
          { term: 'Last day of the stage', words: sayDay(event.limit) },
        ],
      };
    case 'ResolutionOpened':
      return { title: 'The Chair opened the resolution step', lines: [] };
    case 'StageLimitPassed':
      return {
        title: `${sayStageOf(event.stage, entries)} ended without an outcome`,
        lines: [
          { term: 'Its last day was', words: sayDay(event.day) },
          { term: 'What was missed', words: sayMissed(event) },
        ],
      };
    case 'OutcomeRecorded':
      return {
        title: `Resolution step ended: ${lower(outcomeWords[event.outcome]).replace(':', ',')}`,
        lines: linesOfOutcome(event),
      };
    case 'OutcomeFollowedUp':
      return {
        title: `What came of ${lower(sayStageOf(event.stage, entries))}`,
        lines: [{ term: 'The Chair', words: event.said }],
      };
    case 'ActionReported':
      return {
        title: `${who} said what was done of what was agreed`,
        lines: [
          { term: 'Agreed as', words: `Action ${event.number} of ${lower(sayStageOf(event.stage, entries))}` },
          { term: 'What was done', words: event.says },
        ],
      };
    case 'LeadPartnersTold':
      return event.people.length === 0
        ? { title: 'There was no lead partner to tell', lines: [] }
        : { title: 'The lead partners were told', lines: linesOfPeople(event.people) };
    case 'LeadViewGiven':
      return {
        title: `${who}'s lead partner gave a view`,
        lines: [
          { term: 'View', words: viewWords[event.view] },
          { term: 'Reason', words: event.reason },
        ],
      };
  }
}

const becauseWords: Record<Resolution['because'], string> = {
  asked: 'It was asked for.',
  silence: 'The stage before it ended without an outcome, so the service passed it on.',
  outcome: 'The partners passed it on.',
};

/** Why a stage began, as a sentence. */
export function sayBecause(because: Resolution['because']): string {
  return becauseWords[because];
}

/** What a stage did not bring, as sentences. */
export function sayMissed({ undone, silent }: Pick<NonNullable<Resolution['lapsed']>, 'undone' | 'silent'>): string {
  const chair =
    undone === 'not-opened' ? 'The step was not opened in time.' : 'It was opened, and no outcome was recorded.';
  const leads = `${inWords(silent)} gave no view.`;
  return silent.length > 0 ? `${chair} ${leads}` : chair;
}

/** What came of a stage, part by part. */
export function linesOfOutcome(outcome: Omit<OutcomeEvent, 'type' | 'stage'>): Line[] {
  const { attendance, wentOnBecause, detail, due, actions } = outcome;
  const asked = detailAsked[outcome.outcome];
  return [
    { term: 'Outcome', words: outcomeWords[outcome.outcome] },
    ...(asked && detail ? [{ term: asked.replace(/^Say w/, 'W'), words: detail }] : []),
    ...(due ? [{ term: 'By', words: sayDay(due) }] : []),
    { term: 'Common ground', words: outcome.commonGround },
    { term: 'Points at issue', words: outcome.pointsAtIssue },
    ...(attendance.length > 0 ? [{ term: 'Who took part', words: attendance.map(sayAttended).join('\n') }] : []),
    ...(wentOnBecause ? [{ term: 'Why it went on without a partner', words: wentOnBecause }] : []),
    ...(actions.length > 0 ? [{ term: 'Who does what', words: actions.map(sayAction).join('\n') }] : []),
  ];
}

function sayAttended({ name, who, deputy }: OutcomeEvent['attendance'][number]): string {
  return `${name}: ${lower(attendedWords[who])}${deputy ? `, ${deputy}` : ''}`;
}

function sayAction({ what, owner, by }: OutcomeEvent['actions'][number]): string {
  return `${owner.name}: ${what}, by ${sayDay(by)}`;
}

/** "stage 4, Lead safeguarding partners", by the ladder the case was opened under; empty where there is none. */
function sayStage(number: number | null, entries: readonly Entry[]): string {
  const opened = entries[0]?.body;
  const ladder: readonly LadderStage[] = opened?.type === 'CaseOpened' ? opened.arrangements.ladder : [];
  const stage = number === null ? null : stageNumbered(ladder, number);
  return stage ? nameStage(stage) : '';
}

/** "stage 4, Lead safeguarding partners". */
export function nameStage({ number, title }: { number: number; title: string }): string {
  return `stage ${number}, ${title}`;
}

/** "Stage 3, Resolution session", for the stage that an entry began. */
function sayStageOf(began: number, entries: readonly Entry[]): string {
  const body = entries.find(({ seq }) => seq === began)?.body;
  const number = body?.type === 'ResolutionRequested' || body?.type === 'ResolutionEscalated' ? body.stage : null;
  return upper(sayStage(number, entries) || 'the stage');
}

/** Where a stage stands, in a sentence or two. */
export function sayStageStands(stage: Resolution): string {
  const name = upper(nameStage(stage.stage));
  const until = stage.limit ? ` It ends at the end of ${sayDay(stage.limit)}.` : '';
  switch (stage.status) {
    case 'asked':
      return stage.because === 'asked'
        ? `${stage.askedBy.agency.name} asked for resolution on ${sayMoment(stage.askedAt)}. The Chair has not opened the step yet.${until}`
        : `${name}, began on ${sayMoment(stage.askedAt)}. ${becauseWords[stage.because]} The Chair has not opened the step yet.${until}`;
    case 'preparing':
      return `The Chair is preparing ${nameStage(stage.stage)}.${until}`;
    case 'running':
      return `The Chair opened ${nameStage(stage.stage)}${stage.openedAt ? ` on ${sayMoment(stage.openedAt)}` : ''}. Its outcome is not recorded yet.${until}`;
    case 'recorded':
      return stage.outcome
        ? `${name}, ended on ${sayMoment(stage.outcome.at)}. ${outcomeWords[stage.outcome.outcome]}.`
        : `${name}, has ended.`;
    case 'lapsed':
      return stage.lapsed
        ? `${name}, ended on ${sayDay(stage.lapsed.day)} without an outcome. ${sayMissed(stage.lapsed)}`
        : name;
  }
}
