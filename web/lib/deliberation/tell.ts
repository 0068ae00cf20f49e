/** Every entry of a case's record in words: what happened, and what was said. Pure. */
import type { z } from 'zod';
import { roleWords } from '#schema/agency.ts';
import type { Actor } from '#schema/actor.ts';
import { isAdministrationEvent } from '#schema/administration.ts';
import { sayDay, sayMoment } from '#schema/calendar.ts';
import {
  placeWords,
  whatHappenedWords,
  yesNoNotKnownWords,
  type CaseDetails,
  type PersonOnCase,
} from '#schema/case.ts';
import { criterionIds, findingWords, viewWords, type CriteriaSet } from '#schema/criteria.ts';
import { decisionOutcomeWords, weighed, weighedWords, type DecisionContent } from '#schema/decision.ts';
import { standingWords, type DissentContent, type Standing } from '#schema/dissent.ts';
import { documentKindWords, removalWords, sayKept, saySize } from '#schema/document.ts';
import { sayWhen, type RowWording } from '#schema/chronology.ts';
import type { Event } from '#schema/event.ts';
import type { Entry } from '#schema/ledger.ts';
import {
  changeReasonWords,
  sayCriteria,
  sayUnspoken,
  type Answers,
  type openedBecause,
  type PositionContent,
  type Reputation,
} from '#schema/position.ts';
import { inWords } from '#schema/in-words.ts';
import type { RestsOn } from '#schema/notes.ts';
import { arrangementsOf } from './agreed.ts';
import { linesOfNeeded, namesIn, saySpeaker, tellQuestion } from './tell-question.ts';
import { tellResolution } from './tell-resolution.ts';
import { linesOfHarm } from '../criteria/harm.ts';
import type { raisedCorrected } from '#schema/correction.ts';
import { sayChildren } from '#schema/identity.ts';
import { tellOutsideAdvice } from '../outside-advice/say.ts';
import { isPasskeyEvent } from '#schema/passkey.ts';
import { isScreeningEvent } from '#schema/screening.ts';
import { isSessionEvent } from '#schema/session.ts';
import { settledWords, type commentAdded } from '#schema/comment.ts';
import { exemptionRuleWords } from '#schema/private-session.ts';
import { sideRoomWords } from '#schema/side-room.ts';
import { tellClock } from './tell-clock.ts';
import { tellCriteria } from './tell-criteria.ts';
import { tellSession } from './tell-session.ts';
import { tellAfter } from './tell-after.ts';

/** One thing said in an entry: what it answers, and the words. */
export type Line = { term: string; words: string };
/** An entry as a person reads it. `sealed` where its words are bound into the record but withheld from this reader. */
export type Told = { title: string; lines: Line[]; sealed: boolean };

/** "Amara Fenwick, Health (speaks for the agency)": who did it, as on that day. */
export function sayActor({ name, agency, role }: Pick<Actor, 'name' | 'agency' | 'role'>): string {
  if (role === 'service') return name;
  return `${name}, ${agency.name} (${roleWords[role]})`;
}

/** "entry 22", as the record numbers it. */
export function sayEntry(seq: number): string {
  return `entry ${seq}`;
}

/** The first part of a fingerprint, in fours so that two people can read it to each other. */
export function shortHash(hash: string): string {
  return inFours(hash.slice(0, 16));
}

/** A whole fingerprint in fours: it breaks across lines at the spaces. */
export function inFours(hash: string): string {
  return hash.match(/.{1,4}/g)?.join(' ') ?? '';
}

/** "notes version 6", or that there were none. */
export function sayRestsOn(cited: RestsOn): string {
  return cited ? `notes version ${cited.version}` : 'no notes';
}

/** What an owner did with its disagreement, for a title: "Police maintained its disagreement". */
export const reviewedWords: Record<Standing, string> = {
  maintained: 'maintained',
  eased: 'eased',
  withdrawn: 'withdrew',
};

const openedWords: Record<(typeof openedBecause)[number], string> = {
  'all-in': 'All partners had given their positions.',
  chair: 'The Chair opened them before all partners had answered.',
  decision: 'They opened with the decision, before all partners had answered.',
};

/** Why positions opened, as a sentence. */
export function sayOpened(because: (typeof openedBecause)[number]): string {
  return openedWords[because];
}

/** "Each criterion and each partner's reasons". */
export function sayWeighed(items: DecisionContent['weighed']): string {
  const said = inWords(weighed.filter((item) => items.includes(item)).map((item) => weighedWords[item]));
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/**
 * What vouches for whose act an entry is: a passkey of theirs, or only that they were signed in, which the
 * service says and nobody else can check. A signature is withheld with the words.
 */
export function sayVouched(entry: Pick<Entry, 'body'> | undefined): string {
  if (entry?.body === null) return 'Whether it is signed with a passkey is withheld with its words';
  return entry?.body?.signature ? 'Signed with a passkey' : 'Attested by the service';
}

/** "Signed with the passkey “Work laptop”, added Monday 5 October 2026, 10am". */
export function sayVouchedInFull(entry: Pick<Entry, 'body'>): string {
  const signature = entry.body?.signature;
  if (!signature) return sayVouched(entry);
  return `Signed with the passkey “${signature.label}”, added ${sayMoment(signature.added)}`;
}

export const reputationTerm = 'Did organisational reputation form any part of this?';

/** "No", or "Yes" with what part it played. */
export function sayReputation({ formedPart, explanation }: Reputation): string {
  return formedPart === 'no' ? 'No' : `Yes: ${explanation}`;
}

/**
 * Tells one entry. `entries` are all those of its room, as this reader has them: an entry that
 * answers another says whose, and a second position is a change.
 */
export function tell(entry: Entry, entries: readonly Entry[]): Told {
  if (entry.body === null) return { title: titleWithheld(entry, entries), lines: [], sealed: true };
  return { ...tellEvent(entry.body, entry, entries), sealed: false };
}

function titleWithheld(entry: Entry, entries: readonly Entry[]): string {
  if (entry.type === 'PositionSubmitted') return titleOfPosition(entry, entries);
  return entry.type === 'WordingAnswered' ? 'An answer to the wording was given' : 'Something was recorded';
}

/** "Police gave its position", or that it changed it. */
function titleOfPosition({ seq, actor }: Entry, entries: readonly Entry[]): string {
  const began = entries.findLast((other) => beginsRound(other) && other.seq < seq)?.seq ?? 0;
  const earlier = entries.some(
    (other) =>
      other.type === 'PositionSubmitted' &&
      other.seq < seq &&
      other.seq > began &&
      other.actor.agency.id === actor.agency.id,
  );
  return `${actor.agency.name} ${earlier ? 'changed' : 'gave'} its position`;
}

function beginsRound({ type }: Entry): boolean {
  return type === 'CaseReopened' || type === 'DecisionReopened';
}

function tellEvent(event: Event, entry: Entry, entries: readonly Entry[]): Omit<Told, 'sealed'> {
  const who = entry.actor.agency.name;
  const set = criteriaSetOf(entries);
  if (isSessionEvent(event)) return tellSession(event, entry);
  if (isScreeningEvent(event)) return { title: 'An entry of a screening log', lines: [] };
  if (isAdministrationEvent(event) || isPasskeyEvent(event))
    return { title: 'The partnership’s arrangements or people were changed', lines: [] };
  switch (event.type) {
    case 'CaseOpened':
      return {
        title: 'Case opened',
        lines: [...linesOfCase(event.details), { term: 'Notify by', words: sayDay(event.notifyBy) }],
      };
    case 'ChairTold':
      return event.people.length === 0
        ? { title: 'There was no Chair to tell', lines: [] }
        : { title: 'The Chair was told', lines: linesOfPeople(event.people) };
    case 'PartnersTold':
      return { title: 'The partners were told', lines: linesOfPeople(event.people) };
    case 'NotesFrozen':
      return {
        title: `Notes version ${event.notes.version} kept as it stood`,
        lines: [
          { term: 'Notes', words: event.notes.text === '' ? 'The notes were empty.' : event.notes.text },
          { term: 'Fingerprint of the notes', words: inFours(event.notes.hash) },
        ],
      };
    case 'LegalAdviceTaken':
      return { title: `${who} took legal advice on ${sayDay(event.on)}`, lines: [] };
    case 'VersionNamed':
      return {
        title: `Notes version ${event.version} was named`,
        lines: [
          { term: 'Name', words: event.name },
          { term: 'Fingerprint of the notes', words: inFours(event.hash) },
        ],
      };
    case 'PositionSubmitted':
      return {
        title: titleOfPosition(entry, entries),
        lines: [
          ...(event.whatChanged ? [{ term: 'What changed', words: changeReasonWords[event.whatChanged] }] : []),
          ...linesOfPosition(event.content, set, namesIn(entries)),
          { term: 'Rests on', words: sayRestsOn(event.restsOn) },
        ],
      };
    case 'PositionsOpened':
      return {
        title: 'Positions opened',
        lines: [
          { term: 'Why', words: sayOpened(event.because) },
          ...(event.reason ? [{ term: 'Reason', words: event.reason }] : []),
        ],
      };
    case 'QuestionAsked':
    case 'QuestionAnswered':
    case 'QuestionWithdrawn':
      return tellQuestion(event, entry, entries);
    case 'DissentRecorded':
      return {
        title: `${who} recorded disagreement${event.decision === undefined ? '' : ' with the decision before'}`,
        lines: [
          ...(event.decision === undefined ? [] : [{ term: 'With', words: sayEntry(event.decision) }]),
          ...linesOfDissent(event.content, set),
        ],
      };
    case 'DissentAnswered':
      return {
        title: `${who} responded to ${ownerOf(event.dissent, entries)}'s disagreement`,
        lines: [
          { term: 'About', words: sayEntry(event.dissent) },
          { term: 'Response', words: event.response },
        ],
      };
    case 'DissentReviewed':
      return {
        title: `${who} ${reviewedWords[event.standing]} its disagreement`,
        lines: [
          { term: 'About', words: sayEntry(event.dissent) },
          { term: 'Answer', words: standingWords[event.standing] },
          { term: 'Reason', words: event.reason },
        ],
      };
    case 'ResolutionRequested':
    case 'ResolutionEscalated':
    case 'ResolutionOpened':
    case 'StageLimitPassed':
    case 'OutcomeRecorded':
    case 'OutcomeFollowedUp':
    case 'ActionReported':
    case 'LeadPartnersTold':
    case 'LeadViewGiven':
      return tellResolution(event, entry, entries);
    case 'DecisionSigned':
      return {
        title: `Decision signed: ${decisionOutcomeWords[event.content.outcome].toLowerCase()}`,
        lines: [
          ...linesOfDecision(event.content, set),
          {
            term: 'Disagreement it was signed with',
            words:
              event.dissents.length === 0
                ? 'None was recorded'
                : event.dissents.map((seq) => `${ownerOf(seq, entries)} (${sayEntry(seq)})`).join('\n'),
          },
          ...(event.unspoken ? [{ term: 'Signed without', words: event.unspoken.map(sayUnspoken).join('\n') }] : []),
          { term: 'Rests on', words: sayRestsOn(event.restsOn) },
        ],
      };
    case 'DecisionDeferred':
      return {
        title: `Decision put off until ${sayDay(event.decideBy)}`,
        lines: [{ term: 'Waiting for', words: event.waitingFor }],
      };
    case 'CaseReopened':
      return {
        title: 'Case reopened with new information',
        lines: [
          { term: 'What is new', words: event.evidence },
          { term: 'When it became known', words: `${sayDay(event.knownOn)}, to ${event.knownBy}` },
          { term: 'The local authority became aware', words: sayDay(event.awareOn) },
          { term: 'Notify by', words: sayDay(event.notifyBy) },
          { term: 'The decision before it', words: `It stands as it was signed (${sayEntry(event.decision)})` },
        ],
      };
    case 'DecisionReopened':
      return {
        title: 'Decision to notify taken up again before it was sent',
        lines: [
          { term: 'What has come to light', words: event.reason },
          { term: 'The decision before it', words: `It stands as it was signed (${sayEntry(event.decision)})` },
          { term: 'Time to notify', words: 'It goes on, from the same day' },
        ],
      };
    case 'CommentAdded':
      return { title: `${who} ${event.question ? 'asked a question' : 'commented'}`, lines: linesOfComment(event) };
    case 'CommentReplied':
      return { title: `${who} replied to a comment`, lines: [{ term: 'Reply', words: event.text }] };
    case 'CommentClosed':
      return {
        title: `${who} closed a comment`,
        lines: [
          { term: 'How it was settled', words: settledWords[event.settled] },
          ...(event.note === '' ? [] : [{ term: 'Note', words: event.note }]),
        ],
      };
    case 'CommentReopened':
      return { title: `${who} opened a comment again`, lines: [] };
    case 'ElementAnswered':
    case 'HandedOver':
    case 'HandOverAccepted':
    case 'TakenBack':
      return tellCriteria(event, entry, arrangementsOf(entries).elements);
    case 'RaisedCorrected':
      return { title: `${who} corrected how the case was raised`, lines: linesOfCorrection(event) };
    case 'CorrectionRead':
      return { title: `${who} read the correction, ${sayEntry(event.correction)}`, lines: [] };
    case 'ClockRecounted':
    case 'LimitPassed':
      return tellClock(event);
    case 'RoleTakenUp':
    case 'RoleLaidDown':
      return {
        title: `${event.name} ${event.type === 'RoleTakenUp' ? 'came onto the case' : 'left a role on the case'}`,
        lines: [
          { term: 'Role', words: `${roleWords[event.role]}, ${event.agency.name}` },
          { term: 'Reason', words: event.why },
          { term: 'Settled by', words: event.authorisedBy },
        ],
      };
    case 'ColleagueLetIn':
      return {
        title: `${who} let a colleague into the case`,
        lines: [...linesOfPeople(event.people), { term: 'Reason', words: event.why }],
      };
    case 'ColleagueTakenOff':
      return { title: `${who} took ${event.name} off the case`, lines: [{ term: 'Reason', words: event.why }] };
    case 'PrivateSessionOpened':
      return {
        title: 'The Chair took the discussion into private session',
        lines: [
          { term: 'Rules', words: event.rules.map((rule) => exemptionRuleWords[rule]).join('; ') },
          { term: 'Reason', words: event.reason },
          { term: 'Public interest', words: event.publicInterest },
        ],
      };
    case 'PrivateSessionClosed':
      return { title: 'The private session ended, and discussion went on in the open record', lines: [] };
    case 'HarmAssessed':
      return { title: `${who} assessed the harm`, lines: linesOfHarm(event) };
    case 'DeathTold':
      return {
        title: 'The Secretary of State and Ofsted were told of the death',
        lines: [
          { term: 'Told on', words: sayDay(event.sentOn) },
          { term: 'Reference', words: event.reference },
          { term: 'Told by', words: event.sentBy },
        ],
      };
    case 'OutsideAdviceAsked':
    case 'OutsideAdviceGiven':
    case 'OutsideAdviceEnded':
      return tellOutsideAdvice(event, who, entries);
    case 'DocumentAdded':
      return {
        title: `${who} added a document: ${event.name}`,
        lines: [
          { term: 'What it is', words: `${documentKindWords[event.kind]}, ${saySize(event.size)}` },
          { term: 'Viruses', words: event.viruses === 'none-found' ? 'None found' : 'Not checked for viruses' },
          { term: 'Kept', words: sayKept(event) },
          { term: 'Fingerprint', words: event.sha256 },
        ],
      };
    case 'DocumentRemoved':
      return {
        title: `${who} removed a document`,
        lines: [
          { term: 'Reason', words: removalWords[event.because] },
          { term: 'Why', words: event.why },
        ],
      };
    case 'ChronologyAdded':
      return { title: `${who} added a row to the chronology`, lines: linesOfRow(event) };
    case 'ChronologyCorrected':
      return {
        title: `${who} corrected the row of ${sayEntry(event.row)} in the chronology`,
        lines: [...linesOfRow(event), { term: 'Why', words: event.why }],
      };
    case 'ChronologyWithdrawn':
      return {
        title: `${who} withdrew the row of ${sayEntry(event.row)} from the chronology`,
        lines: [{ term: 'Why', words: event.why }],
      };
    case 'IdentityRead':
      return { title: 'Who the children are was read', lines: [{ term: 'Why', words: event.reason }] };
    case 'IdentityKept':
      return {
        title: 'Who the children are was added to or corrected',
        lines: [{ term: 'What is new', words: event.reason }],
      };
    case 'RoomOpened':
      return { title: `Room opened: ${sideRoomWords[event.kind]}`, lines: linesOfPeople(event.members) };
    case 'ToldOfCase':
      return { title: `Told of case ${event.ref}`, lines: [] };
    default:
      return tellAfter(event, who, entries);
  }
}

function linesOfCase(details: CaseDetails): Line[] {
  return [
    { term: 'The local authority became aware', words: sayDay(details.awareOn) },
    ...(details.incidentOn ? [{ term: 'When it happened', words: sayDay(details.incidentOn) }] : []),
    { term: 'What happened', words: `${whatHappenedWords[details.whatHappened]}\n${details.account}` },
    { term: 'Where it happened', words: placeWords[details.incidentPlace] },
    { term: 'Where the child normally lives', words: placeWords[details.homePlace] },
    { term: 'Looked after', words: yesNoNotKnownWords[details.lookedAfter] },
    { term: details.otherChildren?.length ? 'Children' : 'Child', words: sayChildren(details) },
    { term: 'Told by', words: [details.toldBy, details.toldByDetail].filter(Boolean).join('\n') },
  ];
}

export function linesOfPeople(people: readonly PersonOnCase[]): Line[] {
  return [{ term: 'Who', words: people.map(sayActor).join('\n') }];
}

/** An answer and its reason on each criterion, in the criteria's order. */
export function linesOfAnswers(answers: Answers, set: CriteriaSet): Line[] {
  const { criteria } = set;
  return criterionIds.map((id) => {
    const criterion = criteria.find((each) => each.id === id);
    const { finding, reason } = answers[id];
    return {
      term: `${criterion?.number ?? ''}. ${criterion?.name ?? id}`,
      words: `${findingWords[finding]}\n${reason}`,
    };
  });
}

/** `names` gives agencies' names by their id: of those from whom something is needed. */
export function linesOfPosition(
  { answers, needed, speaker, overall, reputation }: PositionContent,
  set: CriteriaSet,
  names: ReadonlyMap<string, string>,
): Line[] {
  return [
    ...linesOfAnswers(answers, set),
    { term: 'Overall', words: `${viewWords[overall.view]}\n${overall.reason}` },
    ...linesOfNeeded(needed, set, names),
    ...(speaker?.who === 'other' ? [{ term: 'Who is speaking', words: saySpeaker(speaker) }] : []),
    { term: reputationTerm, words: sayReputation(reputation) },
  ];
}

export function linesOfDissent(
  { about, statement, evidence, whatWouldChangeIt }: DissentContent,
  set: CriteriaSet,
): Line[] {
  return [
    { term: 'About', words: sayCriteria(about, set) },
    { term: 'What we disagree with and why', words: statement },
    ...(evidence ? [{ term: 'Evidence', words: evidence }] : []),
    ...(whatWouldChangeIt ? [{ term: 'What would change our view', words: whatWouldChangeIt }] : []),
  ];
}

export function linesOfDecision(content: DecisionContent, set: CriteriaSet): Line[] {
  return [
    { term: 'Decision', words: decisionOutcomeWords[content.outcome] },
    ...linesOfAnswers(content.answers, set),
    { term: 'Written rationale', words: content.rationale },
    { term: 'Weighed', words: sayWeighed(content.weighed) },
    { term: reputationTerm, words: sayReputation(content.reputation) },
    ...(content.reviewOn ? [{ term: 'To be looked at again on', words: sayDay(content.reviewOn) }] : []),
  ];
}

/** Each thing that was corrected, as it was and as it is now, and why. */
export function linesOfCorrection({
  before,
  details,
  reason,
}: Pick<z.infer<typeof raisedCorrected>, 'before' | 'details' | 'reason'>): Line[] {
  const was = linesOfCase(before);
  const is = linesOfCase(details);
  const terms = [...new Set([...was, ...is].map(({ term }) => term))];
  const said = (lines: readonly Line[], asked: string) => lines.find(({ term }) => term === asked)?.words ?? 'Not said';
  return [
    ...terms
      .filter((term) => said(was, term) !== said(is, term))
      .map((term) => ({ term, words: `It was: ${said(was, term)}\nIt is now: ${said(is, term)}` })),
    { term: 'Reason', words: reason },
  ];
}

/** Whose disagreement an entry holds: its agency's name. */
function ownerOf(dissent: number, entries: readonly Entry[]): string {
  return entries.find(({ seq }) => seq === dissent)?.actor.agency.name ?? 'A partner';
}

/** The wording of the criteria that the case was opened under: it stands in the first entry. */
export function criteriaSetOf(entries: readonly Entry[]): CriteriaSet {
  return arrangementsOf(entries).criteria;
}

function linesOfComment({ about, text, question }: z.infer<typeof commentAdded>): Line[] {
  return [
    ...(about ? [{ term: 'About', words: `“${about.quote}”` }] : []),
    { term: 'Comment', words: text },
    ...(question ? [{ term: 'To be answered by', words: sayDay(question.by) }] : []),
  ];
}

function linesOfRow(row: Pick<RowWording, 'on' | 'time' | 'what' | 'source'>): Line[] {
  return [
    { term: 'When it happened', words: sayWhen(row) },
    { term: 'What happened', words: row.what },
    { term: 'Source', words: row.source },
  ];
}
