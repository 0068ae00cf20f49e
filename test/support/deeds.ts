/** Whatever else people may do to a case: one command of every kind that the model of its life does not foretell. */
import { serviceClock, type Actor } from '#schema/actor.ts';
import { addWorkingDays, type Day } from '#schema/calendar.ts';
import type { Command } from '#schema/command.ts';
import { openActions } from '#schema/learning.ts';
import { isAwaited } from '#schema/outside-advice.ts';
import { hashText } from '#schema/ledger.ts';
import { isOpen } from '#schema/question.ts';
import type { RoomState } from '#schema/room.ts';
import { underTest } from '#schema/wording.ts';
import {
  amara,
  beth,
  denis,
  health,
  holidays,
  idris,
  joan,
  leadHealth,
  otto,
  police,
  priya,
  socialCare,
  tomas,
  wren,
} from './rules.ts';

/** `command` is null where there is nothing that it could be about; `rarely` where it ends what others go on with. */
export type Deed = { by: readonly Actor[]; rarely?: true; command: (state: RoomState, day: Day) => Command | null };

const words = 'Because of what is known.';
const later = (day: Day, days = 1) => addWorkingDays(day, days, holidays).due;
const moment = (day: Day, time: string) => `${day}T${time}:00.000Z`;
const about = <Thing>(thing: Thing | undefined | null, command: (thing: Thing) => Command): Command | null =>
  thing === undefined || thing === null ? null : command(thing);
const partners = [amara, tomas, priya];
const noHarm = {
  physical: '',
  'mental-health': '',
  intellectual: '',
  emotional: '',
  social: '',
  behavioural: '',
  'life-threatening': '',
  'serious-crime': '',
} as const;
const answer = { answer: 'unsure', reason: words } as const;

/** A row of Health's that stands. */
const ownRow = (chronology: RoomState['chronology']) =>
  chronology.find(({ latest, withdrawn }) => !withdrawn && latest.by.agency.id === health.id);

/** What follows a decision, and what may be done at any time. */
export const deeds: readonly Deed[] = [
  { by: [denis], command: (_, day) => ({ type: 'DeferDecision', decideBy: day, waitingFor: words }) },
  { by: [joan, amara], command: (_, day) => ({ type: 'RequestRationale', grounds: words, due: later(day) }) },
  {
    by: [denis],
    command: ({ requests }) =>
      about(
        requests.find(({ answered }) => !answered),
        ({ seq: request }) => ({
          type: 'AnswerRationaleRequest',
          request,
          answer: 'given',
          words,
        }),
      ),
  },
  {
    by: [serviceClock],
    command: ({ requests }) =>
      about(requests.at(-1), ({ seq: request }) => ({ type: 'EscalateRationaleRequest', request })),
  },
  {
    by: [amara, denis],
    command: ({ case: opened, seq }) =>
      about(opened, ({ details }) => ({
        type: 'CorrectRaised',
        details: { ...details, account: `What happened, said again after entry ${seq}.` },
        reason: words,
      })),
  },
  {
    by: [joan],
    command: ({ case: opened }) =>
      about(
        opened?.corrections.find(({ readAt }) => !readAt),
        ({ seq: correction }) => ({ type: 'ReadCorrection', correction }),
      ),
  },
  {
    by: [denis],
    command: (_, day) => ({
      type: 'RecordNotification',
      sentOn: day,
      sentAt: '09:30',
      reference: 'SIN-1',
      sentBy: 'Denis',
    }),
  },
  {
    rarely: true,
    by: [denis],
    command: (_, day) => ({ type: 'EndNotification', how: 'withdrawn', on: day, reason: words, to: '' }),
  },
  {
    by: [amara, priya],
    command: () => ({ type: 'GiveReturn', involvement: words, keyPractice: words, learning: words }),
  },
  {
    by: partners,
    command: () => ({
      type: 'GiveSufficiency',
      view: 'enough-learning',
      reason: words,
      national: 'unsure',
      nationalReason: words,
    }),
  },
  { by: partners, command: () => ({ type: 'SignRapidReview', dissent: '' }) },
  {
    rarely: true,
    by: [denis],
    command: (_, day) => ({
      type: 'SendRapidReview',
      sentOn: day,
      outcome: 'no-local-review',
      without: words,
      answers: {},
    }),
  },
  {
    by: [joan],
    command: (_, day) => ({
      type: 'RecordPanelLetter',
      receivedOn: day,
      says: ['agrees'],
      points: words,
      owner: 'Beth',
      replyBy: null,
    }),
  },
  {
    by: [denis],
    command: ({ panel }, day) =>
      about(panel.at(-1), ({ seq: letter }) => ({ type: 'RecordPanelReply', letter, sentOn: day, words })),
  },
  {
    by: partners,
    command: () => ({
      type: 'GiveReviewView',
      matrix: { L1: answer, L2: answer, L3: answer, L4: answer },
      view: 'hold',
      reason: words,
    }),
  },
  {
    by: [joan],
    command: (_, day) => ({
      type: 'BeginPracticeReview',
      decidedOn: day,
      scope: words,
      without: words,
      against: words,
    }),
  },
  {
    by: [joan],
    command: (_, day) => ({ type: 'RecordReviewDelay', until: later(day, 5), reason: words, panelToldOn: null }),
  },
  {
    rarely: true,
    by: [joan, ...partners],
    command: (_, day) => ({
      type: 'DeclinePracticeReview',
      decidedOn: day,
      reason: words,
      without: words,
      against: words,
    }),
  },
  {
    by: [joan],
    command: ({ resolutions }) =>
      about(resolutions.at(-1), ({ seq: stage }) => ({ type: 'FollowUpOutcome', stage, said: words })),
  },
  {
    by: [amara, priya],
    command: ({ resolutions }) =>
      about(resolutions.at(-1), ({ seq: stage }) => ({ type: 'ReportAction', stage, number: 1, says: words })),
  },
  {
    by: [denis],
    command: (_, day) => ({
      type: 'LookAgain',
      reason: words,
      next: later(day),
      reputation: { formedPart: 'no', explanation: '' },
    }),
  },
  { by: [joan], command: (_, day) => ({ type: 'PlanPublication', publishOn: day }) },
  { by: [joan], command: (_, day) => ({ type: 'RecordReportSent', sentOn: day }) },
  {
    by: [joan],
    command: (_, day) => ({
      type: 'RecordPublication',
      publishedOn: day,
      what: 'report',
      where: words,
      checks: ['anonymised', 'restrictions', 'family', 'learning'],
      reason: words,
    }),
  },
  {
    by: [joan],
    command: () => ({ type: 'ChooseLearningRoute', route: 'audit', owner: police.id, reason: words }),
  },
  {
    by: [joan],
    command: (_, day) => ({ type: 'AddLearningAction', what: words, owner: police.id, due: later(day) }),
  },
  {
    by: [joan, priya],
    command: ({ learning }, day) =>
      about(openActions(learning)[0], ({ seq: action }) => ({
        type: 'CompleteLearningAction',
        action,
        doneOn: day,
        how: words,
      })),
  },
  { rarely: true, by: [joan], command: () => ({ type: 'CloseLearning', learned: words }) },
  {
    by: [joan],
    command: () => ({
      type: 'OpenPrivateSession',
      rules: ['10.4(1)'],
      reason: words,
      publicInterest: words,
      people: [amara.person],
    }),
  },
  {
    by: [joan],
    command: ({ privateSessions }) =>
      about(privateSessions.at(-1), ({ seq: session }) => ({ type: 'ClosePrivateSession', session })),
  },
  {
    by: [amara, idris],
    command: () => ({ type: 'AddComment', about: null, text: words, question: null, mentions: [], agencies: [] }),
  },
  {
    by: [priya],
    command: ({ comments }) =>
      about(comments.at(-1), ({ seq: thread, closed }) => ({
        type: 'ReplyToComment',
        thread,
        text: words,
        mentions: [],
        agencies: [],
        reopen: closed !== null,
      })),
  },
  {
    by: [tomas],
    command: ({ comments }) =>
      about(comments.at(-1), ({ seq: thread }) => ({ type: 'CloseComment', thread, settled: 'answered', note: '' })),
  },
  {
    by: partners,
    command: () => ({
      type: 'AnswerElement',
      content: { element: 'known', answer: 'yes', evidence: words, source: words, missing: '', from: '' },
    }),
  },
  {
    by: [denis],
    command: (_, day) => ({
      type: 'HandOver',
      authority: 'Southmoor',
      spokenTo: 'Ada Flint',
      on: day,
      reference: '',
    }),
  },
  {
    by: [denis],
    command: (_, day) => ({ type: 'RecordAcceptance', acceptedBy: 'Ada Flint', on: day, reference: words }),
  },
  { by: [denis], command: () => ({ type: 'TakeBack', reason: words }) },
  { by: [amara], command: () => ({ type: 'TellChair' }) },
  {
    by: [amara, tomas],
    command: (_, day) => ({
      type: 'AskQuestion',
      about: null,
      question: { what: words, from: police.id, person: '', by: day },
    }),
  },
  {
    by: [amara, tomas],
    command: ({ questions }) =>
      about(questions.findLast(isOpen), ({ seq: question }) => ({ type: 'WithdrawQuestion', question, reason: words })),
  },
  { by: [amara, priya], command: () => ({ type: 'NameVersion', name: words }) },
  { by: [denis, amara], command: (_, day) => ({ type: 'RecordLegalAdvice', on: day }) },
  {
    by: partners,
    command: ({ seq }, day) => ({
      type: 'AddToChronology',
      on: day,
      time: '',
      what: `${words} ${seq}`,
      source: words,
    }),
  },
  {
    by: [amara],
    command: ({ chronology, seq }, day) =>
      about(ownRow(chronology), ({ row, latest: { seq: read } }) => ({
        type: 'CorrectChronology',
        row,
        read,
        on: day,
        time: '',
        what: `${words} ${seq}`,
        source: words,
        why: words,
      })),
  },
  {
    by: [amara],
    command: ({ chronology }) =>
      about(ownRow(chronology), ({ row, latest: { seq: read } }) => ({
        type: 'WithdrawFromChronology',
        row,
        read,
        why: words,
      })),
  },
  {
    by: partners,
    command: ({ seq }) => ({
      type: 'AddDocument',
      document: hashText(`document ${seq}`).slice(0, 32),
      said: { name: `${words} ${seq}`, keep: 'case', keptUntil: '' },
      kind: 'txt',
      size: 10,
      sha256: hashText(`bytes ${seq}`),
      viruses: 'not-checked',
    }),
  },
  {
    by: [amara],
    command: ({ documents }) =>
      about(
        documents.find(({ by, removed }) => !removed && by.agency.id === health.id),
        ({ document }) => ({ type: 'RemoveDocument', document, because: 'wrong-case', why: words }),
      ),
  },
  {
    by: [tomas],
    command: () => ({
      type: 'AnswerElement',
      content: { element: 'looked-after-died', answer: 'yes', evidence: words, source: words, missing: '', from: '' },
    }),
  },
  {
    by: [denis, tomas],
    command: (_, day) => ({ type: 'RecordDeathTold', sentOn: day, reference: 'SIN-2', sentBy: 'Denis' }),
  },
  {
    by: partners,
    command: (_, day) => ({
      type: 'AssessHarm',
      kinds: ['physical'],
      longTerm: { ...noHarm, physical: 'likely' },
      severity: words,
      source: words,
      recovered: 'no',
      revisitOn: later(day),
      whyNotAgain: '',
    }),
  },
  {
    by: [joan, amara],
    command: (_, day) => ({
      type: 'AskOutsideAdvice',
      of: 'panel-chair',
      body: '',
      person: '',
      question: words,
      facts: words,
      sentOn: day,
      replyBy: null,
    }),
  },
  {
    by: [joan, amara],
    command: ({ outsideAdvice }, day) =>
      about(
        outsideAdvice.find(({ reply }) => !reply),
        ({ seq: advice }) => ({ type: 'RecordOutsideAdvice', advice, from: words, receivedOn: day, reply: words }),
      ),
  },
  {
    by: [joan, amara],
    command: ({ outsideAdvice }) =>
      about(outsideAdvice.find(isAwaited), ({ seq: advice }) => ({ type: 'EndOutsideAdvice', advice, reason: words })),
  },
  { by: [amara], command: () => ({ type: 'ReadIdentity', reason: words }) },
  { by: [tomas], command: () => ({ type: 'KeepIdentity', reason: words }) },
  // Before the decision only: what follows it has few chances enough.
  {
    rarely: true,
    by: [joan],
    command: ({ decision }) => (decision ? null : { type: 'LetColleagueIn', person: beth.person, why: words }),
  },
  {
    by: [joan],
    command: ({ decision }) => (decision ? null : { type: 'TakeColleagueOff', person: beth.person, why: words }),
  },
];

const said = { answer: 'agree', says: '', from: '', by: '' } as const;
const current = ({ sessions }: RoomState) => sessions.at(-1);
const wordingOf = (state: RoomState) => underTest(current(state)?.wordings ?? []);

/** A session that the Chair leads: each of its commands. */
export const sessionDeeds: readonly Deed[] = [
  {
    by: [joan],
    command: (_, day) => ({
      type: 'CallSession',
      startsAt: moment(day, '15:00'),
      meeting: 'Room 2',
      attending: [
        { agency: health.id, speaker: amara.person, deputy: null },
        { agency: socialCare.id, speaker: tomas.person, deputy: null },
        { agency: police.id, speaker: priya.person, deputy: otto.person },
      ],
      without: [],
      deputyChair: wren.person,
      agenda: [
        { about: 'death-or-serious-harm', title: 'Was the harm serious?' },
        { about: 'next', title: 'What next?' },
      ],
      papers: [],
      groundRules: '',
      reason: words,
    }),
  },
  { by: [joan], command: () => ({ type: 'StartSession' }) },
  { by: [...partners, otto], command: () => ({ type: 'JoinSession' }) },
  { by: [joan], command: () => ({ type: 'RecordPresent', person: priya.person }) },
  {
    by: [joan],
    command: (state) =>
      about(current(state)?.now, ({ item, seq: after }) => ({
        type: 'OpenStep',
        item: Math.max(1, item),
        step: 'test',
        minutes: 5,
        after,
      })),
  },
  { by: [joan], command: () => ({ type: 'PutWording', text: words }) },
  {
    by: partners,
    command: (state) =>
      about(wordingOf(state), ({ seq: wording }) => ({ type: 'AnswerWording', wording, content: said })),
  },
  {
    by: [joan],
    command: (state) =>
      about(wordingOf(state), ({ seq: wording }) => ({
        type: 'EnterAnswer',
        wording,
        agency: police.id,
        content: said,
      })),
  },
  {
    by: [joan],
    command: (state) =>
      about(wordingOf(state), ({ seq: wording }) => ({ type: 'OpenAnswers', wording, reason: words })),
  },
  {
    by: [joan],
    command: (state) => about(wordingOf(state), ({ seq: wording }) => ({ type: 'AskAgain', wording })),
  },
  {
    by: [priya],
    command: (state) =>
      about(current(state)?.wordings.at(-1), ({ seq: wording }) => ({
        type: 'CheckVoiceAnswer',
        wording,
        right: 'yes',
        says: '',
      })),
  },
  { by: [amara, priya], command: () => ({ type: 'AskToSpeak', wants: 'speak' }) },
  {
    by: [joan],
    command: (state) =>
      about(current(state)?.asking[0], ({ who }) => ({ type: 'CallSpeaker', person: who.person, minutes: 2 })),
  },
  { by: [joan], command: () => ({ type: 'FinishSpeaking' }) },
  { by: [amara, priya], command: () => ({ type: 'WithdrawFromSpeaking' }) },
  {
    by: partners,
    command: (state) => about(current(state)?.now, ({ seq: after }) => ({ type: 'SayReady', after })),
  },
  { by: [joan], command: () => ({ type: 'NoteFact', standing: 'agreed', text: words }) },
  {
    by: [joan],
    command: (state) =>
      about(current(state)?.now, ({ item }) => ({
        type: 'RecordItem',
        item: Math.max(1, item),
        outcome: 'noted',
        commonGround: words,
        pointsAtIssue: '',
        resolved: [{ text: words, owner: police.id, due: '' }],
        goingOn: words,
      })),
  },
  { by: [serviceClock], command: () => ({ type: 'PauseForLostChair' }) },
  { by: [wren, joan], command: () => ({ type: 'TakeChair' }) },
  { rarely: true, by: [joan], command: () => ({ type: 'PauseSession' }) },
  { by: [joan, wren], command: () => ({ type: 'ResumeSession' }) },
  { by: [amara, otto], command: () => ({ type: 'LeaveSession' }) },
  {
    rarely: true,
    by: [joan],
    command: (_, day) => ({ type: 'AdjournSession', until: moment(later(day), '10:00'), reason: words }),
  },
  { rarely: true, by: [joan, wren], command: () => ({ type: 'EndSession', leftOver: words }) },
  { by: [leadHealth, amara], command: () => ({ type: 'CorrectMinutes', text: words }) },
  {
    by: [priya, joan],
    command: ({ sessions }) =>
      about(sessions.at(-1), ({ seq: session }) => ({ type: 'ReportResolved', session, number: 1, says: words })),
  },
];
