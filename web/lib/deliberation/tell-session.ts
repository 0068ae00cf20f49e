/** The entries of the Chair's session in words. Pure. */
import { nameOf } from '#schema/actor.ts';
import { sayDay, sayMoment } from '#schema/calendar.ts';
import { sayContent } from '#schema/minutes.ts';
import { letterOf } from '#schema/session-evolve.ts';
import { factStandingWords, itemOutcomeWords, isSessionEvent, stepWords, type SessionEvent } from '#schema/session.ts';
import { inWords } from '#schema/in-words.ts';
import type { Entry } from '#schema/ledger.ts';
import { wordingAnswerWords } from '#schema/wording.ts';
import type { Line } from './tell.ts';

/** Of a session, the steps are spoken as others' doings are; what needs this person is said by the session's own page. */
const spoken: ReadonlySet<string> = new Set([
  'SessionCalled',
  'SessionStarted',
  'StepOpened',
  'AnswersOpened',
  'SessionAdjourned',
  'SessionEnded',
]);

/** Whether an entry of this kind is not spoken: it can be read on the page. */
export function isQuiet(type: string): boolean {
  return isSessionEvent({ type }) && !spoken.has(type);
}

type Told = { title: string; lines: Line[] };

export function tellSession(event: SessionEvent, { actor }: Pick<Entry, 'actor'>): Told {
  const who = actor.agency.name;
  const plain = (title: string): Told => ({ title, lines: [] });
  switch (event.type) {
    case 'SessionCalled':
      return { title: `The Chair called a session for ${sayMoment(event.startsAt)}`, lines: linesOfPlan(event) };
    case 'SessionStarted':
      return plain('The session started');
    case 'SessionJoined':
      return plain(`${nameOf(event.who)} joined the session`);
    case 'SessionLeft':
      return plain(`${nameOf(actor)} left the session`);
    case 'StepOpened':
      return plain(`The Chair moved to item ${event.item}, ${stepWords[event.step]}`);
    case 'ReadySaid':
      return plain(`${who} is ready for the next step`);
    case 'FactNoted':
      return { title: 'A fact was noted', lines: [{ term: factStandingWords[event.standing], words: event.text }] };
    case 'SpeakingAsked':
      return plain(event.wants === 'speak' ? `${who} asked to speak` : `${who} asked the legal adviser to speak`);
    case 'SpeakingWithdrawn':
      return plain(`${who} no longer asks to speak`);
    case 'SpeakerCalled':
      return plain(`The Chair called ${nameOf(event.who)} to speak`);
    case 'SpeakerFinished':
      return plain('The speaker finished');
    case 'WordingPut':
      return { title: 'The Chair put a wording', lines: [{ term: 'Wording', words: event.text }] };
    case 'AnswerToldByVoice':
      return plain(`${event.agency.name} gave its answer by voice`);
    case 'WordingAnswered':
      return {
        title: `${event.agency.name} answered the wording`,
        lines: [
          {
            term: 'Answer',
            words: [wordingAnswerWords[event.content.answer], sayContent(event)].filter(Boolean).join('\n'),
          },
        ],
      };
    case 'AnswersOpened':
      return {
        title: 'Answers to the wording opened',
        lines: event.reason ? [{ term: 'Reason', words: event.reason }] : [],
      };
    case 'AnswersAskedAgain':
      return plain(`The Chair asked ${inWords(event.agencies.map(({ name }) => name))} again for an answer`);
    case 'VoiceAnswerChecked':
      return {
        title:
          event.right === 'yes'
            ? `${event.agency.name} confirmed its answer given by voice`
            : `${event.agency.name} did not confirm its answer given by voice`,
        lines: event.says ? [{ term: 'It says', words: event.says }] : [],
      };
    case 'ItemRecorded':
      return {
        title: `Item ${event.item} recorded: ${itemOutcomeWords[event.outcome].toLowerCase()}`,
        lines: linesOfItem(event),
      };
    case 'SessionPaused':
      return plain(
        event.because === 'chair' ? 'The Chair paused the session' : 'Paused. The Chair has lost connection',
      );
    case 'SessionResumed':
      return plain('The session went on');
    case 'ChairTaken':
      return plain(
        event.back ? `${actor.name} took the chair back` : `${actor.name}, the named deputy, took the chair`,
      );
    case 'SessionAdjourned':
      return {
        title: `The session was adjourned until ${sayMoment(event.until)}`,
        lines: event.reason ? [{ term: 'Reason', words: event.reason }] : [],
      };
    case 'SessionEnded':
      return {
        title: 'The session ended',
        lines: [
          ...(event.leftOver ? [{ term: 'Not reached', words: event.leftOver }] : []),
          { term: 'Minutes can be corrected until', words: sayDay(event.correctionsBy) },
        ],
      };
    case 'MinutesCorrected':
      return { title: `${who} corrected the minutes`, lines: [{ term: 'Correction', words: event.text }] };
    case 'ResolvedReported':
      return {
        title: `${who} reported on resolution ${letterOf(event.number)}`,
        lines: [{ term: 'What was done', words: event.says }],
      };
  }
}

function linesOfPlan(event: Extract<SessionEvent, { type: 'SessionCalled' }>): Line[] {
  return [
    { term: 'Where people talk', words: event.meeting },
    {
      term: 'Must attend',
      words: event.attending
        .map(
          ({ agency, speaker, deputy }) => `${agency.name}: ${speaker.name}${deputy ? `, deputy ${deputy.name}` : ''}`,
        )
        .join('\n'),
    },
    ...(event.without.length > 0
      ? [{ term: 'Without', words: event.without.map(({ agency, reason }) => `${agency.name}: ${reason}`).join('\n') }]
      : []),
    { term: 'May take the chair', words: event.deputyChair?.name ?? 'Nobody was named' },
    { term: 'Agenda', words: event.agenda.map(({ title }, index) => `${index + 1}. ${title}`).join('\n') },
    ...(event.papers.length > 0 ? [{ term: 'Papers', words: event.papers.join('\n') }] : []),
    ...(event.groundRules ? [{ term: 'Ground rules', words: event.groundRules }] : []),
    ...(event.reason ? [{ term: 'Why after the last day to notify', words: event.reason }] : []),
  ];
}

function linesOfItem(event: Extract<SessionEvent, { type: 'ItemRecorded' }>): Line[] {
  return [
    ...(event.commonGround ? [{ term: 'Common ground', words: event.commonGround }] : []),
    ...(event.pointsAtIssue ? [{ term: 'Points at issue', words: event.pointsAtIssue }] : []),
    ...(event.resolved.length > 0
      ? [
          {
            term: 'Resolved',
            words: event.resolved
              .map(({ text, owner, due }) => `${text}\n${owner.name}${due ? `, by ${sayDay(due)}` : ''}`)
              .join('\n'),
          },
        ]
      : []),
    ...(event.absent.length > 0
      ? [{ term: 'Went on without', words: `${inWords(event.absent.map(({ name }) => name))}: ${event.goingOn}` }]
      : []),
  ];
}
