/** Every reason to say no, as a sentence that says what to do next. */
import { roleWords, type Role } from '#schema/agency.ts';
import { identifyingWords, type Identifying } from '#schema/anonymous.ts';
import { sayDay, sayMoment, sayTime } from '#schema/calendar.ts';
import { allowedWords } from '#schema/document.ts';
import { inWords } from '#schema/in-words.ts';
import type { RefusalFacts, RefusalName } from '#schema/refusal.ts';
import type { Refused, ServiceRefusal } from './service.ts';

const words: Record<RefusalName | ServiceRefusal, (facts: RefusalFacts) => string> = {
  // who is asking
  NotYourRole: ({ role }) =>
    `Your role${isRole(role) ? ` (${roleWords[role]})` : ''} cannot do this. Ask the person who speaks for your agency, or the coordinator.`,
  OnlyTheAuthorityDecides: () =>
    "Only the local authority's decision-maker can do this. Record disagreement if you do not agree.",
  OnlyTheChair: () => 'Only the Independent Chair can do this. Ask the Chair.',
  NoPositionToGive: () =>
    'Only the people who speak for a partner can give its position. Select someone who speaks for that agency.',
  OnlyTheAuthorityNotifies: () =>
    'Only the local authority notifies the Panel, so only its people record the notification. Ask them to.',
  NotServedOnYou: () =>
    'Receipt is confirmed by the people who speak for the agencies this decision was served on, and by the Chair.',
  NotYourRow: ({ agency }) =>
    `${typeof agency === 'string' ? agency : 'Another agency'} gave this row, so only its people correct or withdraw it. If you have it otherwise, add a row of your own.`,
  NotYourDocument: ({ agency }) =>
    `${typeof agency === 'string' ? agency : 'Another agency'} owns this document, so only its people remove it. Ask them to.`,
  NotYourDissent: () => 'This disagreement belongs to another agency. Only that agency can say whether it stands.',

  // what has happened
  CaseAlreadyOpened: ({ ref }) => `This case is open already${ref ? `: ${ref}` : ''}. Find it in My work.`,
  CaseNotOpened: () => 'This case has not been opened yet. Open it from My work.',
  PositionsStillSealed: () => 'Positions are still sealed. You can do this once they have opened.',
  PositionsAlreadyOpen: () => 'Positions are open already. Read them on the Positions page.',
  NothingToOpen: () => 'No partner has given a position yet, so there is nothing to open. Wait for the first one.',
  WhatChangedMissing: () => 'Select what changed since your agency gave its position.',
  NotAReplacement: () =>
    'This is the first position your agency gives, so nothing has changed yet. Reload the page and give it as a first position.',
  PositionGivenMeanwhile: ({ by, at }) =>
    `${typeof by === 'string' ? by : 'Somebody'} gave your agency's position${onWhen(at)}, after you opened this form. Your words are kept. Read that position, then decide whether to change it.`,
  QuestionAlreadyAsked: () => 'Your agency has asked this already, and it is not answered yet.',
  NoSuchQuestion: () => 'This question is not in the record. Reload the page and try again.',
  QuestionAlreadyAnswered: ({ at }) => `This question was answered${onWhen(at)}. Reload the page to read the answer.`,
  QuestionWithdrawn: () => 'This question was withdrawn, so no answer is needed.',
  NotYourQuestion: ({ agency }) => `This is for ${typeof agency === 'string' ? agency : 'another agency'} to do.`,
  ViewsDoNotDiffer: () => 'Views do not differ now, so there is nothing to resolve. Go to the decision.',
  ResolutionAlreadyAsked: ({ at }) => `Resolution was asked for already${onWhen(at)}. Read it on the Positions page.`,
  ResolutionNotAsked: () => 'Nobody has asked for resolution yet. A partner has to ask for it first.',
  ResolutionNotOpen: () => 'The resolution step is not open. Open it before you record what it settled.',
  ResolutionAlreadyOpen: ({ at }) => `The resolution step is open already${sinceWhen(at)}. Go on from there.`,
  NoSuchDissent: () => 'This disagreement is not in the record. Reload the page and try again.',
  DissentAlreadyAnswered: () => 'This disagreement has been answered already. Reload the page to read the answer.',
  DissentUnanswered: ({ agencies }) =>
    `Respond to the disagreement of ${Array.isArray(agencies) ? inWords(agencies.map(String)) : 'each partner'} before you sign.`,
  DisagreementAwaitsReasons: ({ agencies }) =>
    `The local authority has not responded to the disagreement of ${named(agencies)}. Ask it to, then close learning.`,
  DissentTooLate: ({ until }) =>
    `Disagreement could be recorded until ${typeof until === 'string' ? sayDay(until) : 'five working days after signing'}. Contact the coordinator.`,
  DissentNotAnswered: () =>
    'The local authority has not responded to this disagreement yet. You can say whether it stands once it has.',
  DissentWithdrawn: () => 'This disagreement has been withdrawn. To disagree again, record a new one.',
  AlreadyDecided: ({ at }) => `The local authority signed its decision${onWhen(at)}. Read it on the Decision page.`,
  SomethingChanged: () =>
    'A position or a disagreement was added while you were reading. Read it, then sign. Your words have been kept.',
  NotesAreEmpty: () => 'The notes are empty, so there is no version to name.',
  NameTaken: ({ at }) =>
    `A version was given this name ${typeof at === 'string' ? sayMoment(at) : 'before'}. Enter another name`,
  AdviceAlreadyRecorded: () =>
    'Your agency has recorded that it took legal advice on this day. Enter another date, if it was taken again',
  NoSuchComment: () => 'This comment is not in the record. Reload the page and try again.',
  CommentIsClosed: ({ at, by }) =>
    `This was closed${typeof by === 'string' ? ` by ${by}` : ''}${onWhen(at)}. Your reply has been kept. Post it and reopen?`,
  QuestionToYourself: () => 'Select an agency other than your own.',
  PrivateSessionStillOpen: ({ at }) => `A private session is open${sinceWhen(at)}. Close it before you open another.`,
  NoSuchPrivateSession: () => 'This private session is not in the record. Reload the page and try again.',
  PrivateSessionAlreadyClosed: ({ at }) => `This private session was closed${onWhen(at)}.`,
  DateInTheFuture: ({ field }) =>
    field === 'details.awareOn'
      ? 'Date the local authority became aware must be today or in the past'
      : 'Date must be today or in the past',
  DateInThePast: () => 'Date must be in the future',
  TooFarAhead: ({ until }) => `Enter a date on or before ${saidDay(until, 'a year from today')}`,
  NotDecided: () => 'The local authority has not signed a decision yet. You can do this once it has.',
  NotificationStands: ({ at }) =>
    `The local authority decided${onWhen(at)} to notify, and that stands. Tell the decision-maker what is new: until it is sent, they can decide again.`,
  KnownBeforeDecision: ({ decidedOn }) =>
    `Enter a date on or after ${typeof decidedOn === 'string' ? sayDay(decidedOn) : 'the decision'}, when the local authority decided. What it knew before belongs to that decision.`,
  AwareBeforeKnown: () => 'Date the local authority became aware must be on or after the date it became known',
  ReadBeyondRecord: () => 'This page is not in step with the record. Reload it, read what is new, then sign.',
  OutsideTheClock: ({ notifyBy }) =>
    `Enter a date on or before ${saidDay(notifyBy, 'the last day to notify')}: the time to notify never pauses.`,
  ReceiptAlreadyConfirmed: ({ at }) => `Your agency confirmed receipt already${onWhen(at)}.`,
  NoSuchRequest: () => 'This request is not in the record. Reload the page and try again.',
  RequestAlreadyAnswered: ({ at }) =>
    `This request was answered already${onWhen(at)}. Reload the page to read the answer.`,
  RequestAlreadyEscalated: () => 'The Chair and the lead partners have this request already.',
  NotOverdue: ({ due }) =>
    `This can be taken further after ${saidDay(due, 'its due date')}, if it is not answered by then.`,
  DecidedNotToNotify: ({ at }) =>
    `The local authority decided${onWhen(at)} not to notify. If there is new information, reopen the case.`,
  AlreadyNotified: ({ reference }) =>
    `The notification is in the record already${reference ? `: ${reference}` : ''}. Read it under What happens next, where the authority also records what became of it.`,
  NotNotified: () => 'No notification is in the record yet. Record that it was sent first.',
  NotificationAlreadyEnded: ({ at }) =>
    `This notification ended already${onWhen(at)}. Read it under What happens next.`,
  BeforeItCouldBe: ({ from }) => `Enter a date on or after ${saidDay(from, 'the day it follows')}`,
  SufficiencyMissing: ({ agencies }) =>
    `Give ${named(agencies)}'s decision on whether there is enough learning before you sign off.`,
  SignOffMissing: ({ agencies }) => `${named(agencies)} has not signed off. Say why the review goes without it.`,
  DifferingUnanswered: ({ agencies }) =>
    `${listed(agencies, 'A partner')} did not decide this, or did not agree with all of it. Answer each: say why the review goes to the Panel with this outcome.`,
  ReviewAlreadySigned: () => 'Your agency has signed off this review already.',
  ReviewAlreadySent: ({ at }) => `The rapid review went to the Panel already${onWhen(at)}.`,
  NoSuchLetter: () => 'This letter is not in the record. Reload the page and try again.',
  LetterAlreadyAnswered: ({ at }) => `The reply to this letter is in the record already${onWhen(at)}.`,
  PracticeReviewBegun: ({ at }) => `The practice review began already${onWhen(at)}. Go on from there.`,
  PracticeReviewNotBegun: () => 'No practice review has begun yet. Begin it first.',
  ReviewViewsMissing: ({ agencies }) =>
    `${named(agencies)} has not given its view. Say why this is decided without it.`,
  OpposedUnanswered: ({ agencies }) =>
    `${listed(agencies, 'A partner')} would not hold a review. Say why it begins all the same`,
  PartnersDecidedOtherwise: ({ agencies }) =>
    `${listed(agencies, 'A partner')} said otherwise, and no statutory partner agrees with this. Only somebody who speaks for a statutory partner can decide it, and says why.`,
  ReviewAlreadyDeclined: ({ at }) =>
    `The partners decided${onWhen(at)} not to hold a review. If they decide otherwise now, begin one.`,
  WantedUnanswered: ({ agencies }) => `${listed(agencies, 'A partner')} would hold a review. Say why none is held`,
  ServesAnotherAgency: ({ agency }) =>
    `They serve ${typeof agency === 'string' ? agency : 'another agency'} then, and nobody acts for two agencies at a time. End that role first, or enter dates that do not overlap`,
  OnlyPartnersTakeTurns: () =>
    'Only the three statutory partners chair in rotation. Select one of them, or the role of Independent Chair',
  TurnIsTaken: ({ name, from, until }) =>
    `${name ?? 'Somebody else'} chairs in rotation ${typeof until === 'string' ? `until ${sayDay(until)}` : `from ${saidDay(from, 'then')}, with no last day`}. Enter days outside that turn, or end it first`,
  DeciderTakesNoTurn: () =>
    'Nobody decides for the local authority and chairs on the same days. Select somebody else, or enter days that do not overlap',
  NothingToFollowUp: () =>
    'Nothing is left to follow from this outcome. Read where resolution stands, then go on from there.',
  AlreadyFollowedUp: ({ at }) => `What came of it is in the record already${onWhen(at)}.`,
  DelayReasonMissing: ({ due }) =>
    `The review is due to be published by ${saidDay(due, 'six months on')}. Record the delay and its reason first.`,
  ReportNotSent: () => 'Record that the report was sent to the Panel and the Secretary of State first.',
  ReportAlreadySent: ({ at }) => `That the report was sent is in the record already${onWhen(at)}.`,
  ReportSentTooLate: ({ sendBy }) =>
    `The report had to be sent by ${saidDay(sendBy, 'seven working days before')}. Give the reason it was published sooner.`,
  WhyNotPublishedMissing: () => 'Give the reason that publishing the report itself would not be right',
  ReviewAlreadyPublished: ({ at }) => `The practice review was published already${onWhen(at)}.`,
  NotOnThisCase: () => 'Select an agency that takes part in this case',
  LearningRouteMissing: () => 'Choose how learning will be taken from this case first.',
  LearningAlreadyClosed: ({ at }) => `Learning from this case was closed${onWhen(at)}.`,
  NoSuchAction: () => 'This action is not in the record. Reload the page and try again.',
  ActionAlreadyDone: ({ at }) => `This action was recorded as done already${onWhen(at)}.`,
  ActionsStillOpen: () => 'Some actions are not done yet. Record what was done before you close.',
  AwareBeforeItHappened: () => 'The day it happened must be the day the authority became aware, or earlier',
  MoreThanTheChildren: ({ children }) =>
    `This case has ${children === 1 ? 'one child' : `${children} children`}. Keep no more than that.`,
  NotYoursToCorrect: () =>
    'Whoever raised the case corrects it, or the people who speak and decide for the local authority, or the business unit. Tell one of them what is wrong.',
  NoSuchCorrection: () => 'There is no such correction. Open “How it was raised” again.',
  CorrectionAlreadyRead: ({ at }) => `That you have read this is in the record already${onWhen(at)}.`,
  ChairAlreadyTold: () => 'The Chair was told already. See “How it was raised”.',
  NoChairToTell: () =>
    'No Chair is set up in this partnership. Ask its business unit to add one, then tell the Chair here.',
  SomeWereConsidered: () =>
    'Your log holds cases considered on these days. Choose days without any, or leave this page: the log speaks for itself.',
  NoSuchScreening: () => 'There is no such case in this log. Open the log again.',
  NothingAsked: () => 'The Chair has asked nothing that is still to be answered here.',
  NotOnTheCaseNamed: () => 'Enter the code of a case you are on, like SI-2026-7KQ4, or leave it empty',
  NoLocalAuthority: () =>
    "Nobody is set up to decide for the local authority. Ask the coordinator to add the authority's decision-maker.",

  PartnerLeftOut: ({ agencies }) =>
    `Select ${Array.isArray(agencies) ? inWords(agencies.map(String)) : 'every statutory partner'}: no statutory partner may be left out.`,

  OnlyLeadPartners: () =>
    'Only the lead partners (the heads of the three statutory partners) give a view at this stage. Ask yours.',
  NoSuchStage: () => 'Select a stage of your partnership’s ladder.',
  UrgentReasonMissing: () => 'Give a reason for starting at a higher stage',
  NoStageAbove: () =>
    'There is no stage above this one. Record that the partners did not agree: the local authority then decides.',
  AttendanceMissing: ({ agencies }) => `Select who took part for ${listed(agencies, 'each partner')}`,
  AbsenceUnexplained: ({ agencies }) =>
    `Say why the stage went on without ${listed(agencies, 'a partner that must take part')}`,
  DateAfterTheClock: ({ until }) =>
    `Date must be on or before ${typeof until === 'string' ? sayDay(until) : 'the last day to notify'}: the time to notify does not move`,
  NotWithLeadPartners: () =>
    'The disagreement is not with the lead partners now, so there is no view to give. Read where it stands on the Resolution page.',
  LimitNotPassed: ({ until }) =>
    `There is still time${typeof until === 'string' ? `, until the end of ${sayDay(until)}` : ''}. Nothing has been missed yet.`,
  LimitAlreadyPassed: () => 'That this was missed is in the record already. Read it in the history.',
  // the Chair's session
  NotInTheChair: () => 'Only the person in the chair can do this. Ask to speak if it should be done.',
  OnlyTheDeputy: () => 'Only the deputy named for this session can take the chair. Wait for the Chair to return.',
  NoAnswerToGive: () =>
    'Only the person called to speak for a statutory partner, or their deputy, answers for it in this session.',
  NotYoursToReport: ({ agency }) => `This is for ${agency ?? 'another agency'} to report.`,
  NoSession: () => 'No session has been called. The Chair calls it once resolution has been asked for.',
  NobodyToAttend: ({ agencies }) =>
    `${listed(agencies, 'A partner')} ${isOne(agencies) ? 'has' : 'have'} no one named to attend. Choose who attends, or record why you will go on without ${isOne(agencies) ? 'it' : 'them'}.`,
  CannotTakeTheChair: () =>
    'Select somebody else to take the chair: not yourself, and not the person who decides for the local authority.',
  ChairSpeaksForNobody: ({ agency }) =>
    `Whoever chairs gives no answer. Select somebody else to speak for ${agency ?? 'their agency'}, or record why you will go on without it.`,
  SessionAlreadyStarted: () => 'The session has started already. Go to it and go on from there.',
  SessionPastTheClock: ({ due }) =>
    `That is after the last day to notify${typeof due === 'string' ? `, ${sayDay(due)}` : ''}. Choose an earlier time, or give a reason.`,
  SessionNotRunning: () => 'The session is not running now.',
  SessionIsPaused: () => 'The session is paused. You can do this when it goes on.',
  SessionNotPaused: () => 'The session is not paused.',
  SessionMovedOn: () => 'The session has moved on since this page was shown. Read where it stands now, then go on.',
  SessionNotEnded: () => 'The session has not ended. The minutes can be corrected once it has.',
  NoSuchItem: () => 'That item is not on the agenda. Reload the page to read the agenda.',
  NotTheStep: () => 'This belongs to another step. Open that step first.',
  NotOnTheCase: () => 'That person or agency is not on this case. Select another.',
  AlreadyOnTheCase: () => 'They are on this case already. Select somebody else, or nobody.',
  NotYourColleague: ({ agency }) =>
    `Select a contributor, a legal adviser or somebody of the business unit who serves in ${agency ?? 'your agency'}. Anyone else comes by their role, or by acting cover: ask the coordinator.`,
  AlreadyPresent: () => 'You are recorded as present already.',
  NotPresent: () => 'Join the session first.',
  ChairCannotLeave: () => 'You are in the chair. Pause, adjourn or end the session instead.',
  AlreadyAskedToSpeak: () => 'You have asked to speak already. The Chair can see it.',
  NotAskedToSpeak: () => 'You have not asked to speak.',
  NobodySpeaks: () => 'Nobody has been called to speak.',
  AlreadyReady: () => 'Your agency has said that it is ready already.',
  AnswersStillSealed: () =>
    'Answers to the wording are still sealed. Wait for all partners to answer, or open the answers with a reason.',
  AnswersAlreadyOpen: () => 'The answers to this wording are open already. Ask the Chair to test a wording again.',
  AlreadyAnswered: ({ agency }) => `${agency ?? 'That agency'} has answered already.`,
  NoVoiceAnswer: () => 'The Chair has entered no answer for your agency to this wording.',
  AlreadyChecked: () => 'Your agency has said already whether this is what it said.',
  ItemAlreadyRecorded: () => 'What came of this item is in the record already. Go on to the next item.',
  NoWordingTested: () => 'Nothing can be agreed before a wording is tested. Test a wording first.',
  NotAllAgree: ({ agencies }) =>
    `${listed(agencies, 'Not every partner')} did not agree to the wording. Record “Not agreed”, or change the wording and test it again.`,
  PartnerAbsent: ({ agencies }) =>
    `You cannot record an outcome without ${listed(agencies, 'every partner')} present. Record why you are going on.`,
  ItemsNotRecorded: () => 'Some items are not recorded yet. Record them, or say why they are left over.',
  AlreadyInTheChair: () => 'You are in the chair already.',
  ChairIsHere: () => 'The Chair has not lost connection, so nobody takes the chair.',
  ChairMayReturn: ({ at }) =>
    `The Chair may still return. You can take the chair ${typeof at === 'string' ? `from ${sayTime(at)}` : 'two minutes after the session paused'}.`,
  MinutesClosed: ({ until }) =>
    `The minutes could be corrected until ${typeof until === 'string' ? sayDay(until) : 'the day after the session'}. Add a comment on the case instead.`,
  NothingResolved: () => 'That resolution is not in the minutes. Reload the page to read them.',
  AssessmentUnchanged: ({ at }) =>
    `Your agency recorded just this already${onWhen(at)}. To look at it again, set a later day or say what is different.`,
  NoDeathInCare: () =>
    'Nothing here says that a looked-after child or a care leaver has died. Answer element 9 or 10 first.',
  DeathAlreadyTold: ({ at }) => `That they were told is in the record already${onWhen(at)}.`,
  NotAnonymous: ({ found }) =>
    `These words hold ${named(Array.isArray(found) ? found.map((each) => identifyingWords[each as Identifying]) : [])} of a child on this case. Take it out: what is sent outside must not say who the child is`,
  OutsideAdviceAlreadyAsked: ({ at }) =>
    `The same question to the same adviser was recorded already${onWhen(at)}, and its answer is waited for.`,
  NoSuchOutsideAdvice: () => 'This request for advice is not in the record. Reload the page and try again.',
  OutsideAdviceAlreadyGiven: ({ at }) => `What was advised is in the record already${onWhen(at)}.`,
  OutsideAdviceAlreadyEnded: ({ at }) => `This request was ended already${onWhen(at)}.`,

  // the chronology
  RowAlreadyAdded: ({ at }) => `Your agency added just this row already${onWhen(at)}. It is in the chronology.`,
  NoSuchRow: () => 'This row is not in the chronology. Go back and choose it there.',
  RowWithdrawn: ({ at }) => `This row was withdrawn${onWhen(at)}. If it happened after all, add it again.`,
  RowCorrectedMeanwhile: ({ by, at }) =>
    `${typeof by === 'string' ? by : 'Somebody'} corrected this row${onWhen(at)}, after you opened this form. Your words are kept. Read what it says now in the chronology, then correct it again if you need to.`,
  TimeInTheFuture: () => 'Time must be in the past',

  // documents
  DocumentTooLarge: () => 'The selected file must be 25 MB or smaller. Make it smaller, or add it in parts',
  DocumentIsEmpty: () => 'The selected file is empty. Check it, then choose it again',
  DocumentCutShort: () =>
    'The document did not arrive whole, so nothing was added. Check your connection and send it again.',
  DocumentKindNotAllowed: () =>
    `The selected file must be a ${allowedWords}, without macros. Save it as one of these, then choose it again`,
  VirusFound: ({ virus }) =>
    `The selected file contains a virus${typeof virus === 'string' ? ` (${virus})` : ''} and was not added. Tell your IT service`,
  ScannerAway: () => 'The document could not be checked for viruses, so it was not added. Try again in a few minutes.',
  TooManyUploads: () => 'Several documents are being added just now. Try again in a minute.',
  TooManyDocuments: ({ most }) =>
    `This case holds ${typeof most === 'number' ? most : 'as many'} documents, as many as it can. Remove one that is no longer needed first.`,
  DocumentAlreadyAdded: ({ name, at }) =>
    `This document is on the case already${onWhen(at)}${typeof name === 'string' ? `, as “${name}”` : ''}.`,
  NoSuchDocument: () => 'This document is not on the case. Go back and choose it there.',
  DocumentAlreadyRemoved: ({ at }) => `This document was removed${onWhen(at)}.`,
  StillToBeKept: ({ until }) =>
    typeof until === 'string' && until !== ''
      ? `It is kept until ${sayDay(until)}. Select another reason, or remove it after that day`
      : 'It is kept as long as the case’s record. Select another reason, or leave it',
  DocumentDamaged: () =>
    'The stored document is not what the record says of it, so it was not given to you. Tell the coordinator.',

  // handing over to another authority
  AlreadyHandedOver: ({ authority }) =>
    `This case was handed over to ${authority ?? 'another authority'} already. Take it back first if that was wrong.`,
  NotHandedOver: () => 'This case is not handed over to another authority now. Reload the page to see where it stands.',
  AlreadyAccepted: ({ authority }) =>
    `The acceptance of ${authority ?? 'the other authority'} is in the record already. Read it on the Criteria page.`,
  AcceptedBeforeAsked: ({ on }) =>
    `Date they accepted must be on or after ${typeof on === 'string' ? sayDay(on) : 'the day you spoke to them'}, when you spoke to them`,

  // looking after the partnership
  ArrangementsMovedOn: ({ version }) =>
    `Somebody else recorded version ${version ?? 'a new version'} while you were writing. Open this page in another tab, read it, then make your change to it.`,
  NothingChanged: () => 'Nothing is different from what stands now. Change something, or go back.',
  BeginsInThePast: () => 'First day must be today or in the future',
  EarlierThanPlanned: ({ from }) =>
    `A version is planned already. Enter ${typeof from === 'string' ? sayDay(from) : 'its day'} or a later day`,
  EndsBeforeItBegins: () => 'Last day must be the first day or a later one',
  AgencyExists: () => 'An agency with this name is here already. Enter another name',
  NoSuchAgency: () => 'Select an agency of this partnership',
  NoSuchPerson: () => 'Select somebody who is in this partnership, or add them',
  NoSuchRole: () => 'That role has ended already. Reload the page to see who serves now.',
  NoSuchCover: () => 'That cover has ended already. Reload the page to see who covers now.',
  EmailTaken: () => 'Somebody signs in with this address already. Enter their own work address',
  LastBusinessUnit: () =>
    'This is the last person of the business unit. Add another before this role ends, or nobody could let anybody in.',
  RoleNotCovered: () =>
    'Cover is for people who speak for an agency, decide for the local authority, lead a partner, are the Chair or chair in rotation. Select one',
  CoverAcrossAgencies: ({ agency }) => `Select somebody of ${agency ?? 'the same agency'}`,
  CoverOfOneself: () => 'Select somebody else to cover this role',
  PasswordOfOneself: () => 'Ask somebody else of the business unit to give you a new password',

  // signing
  NoSuchPasskey: () =>
    'This passkey is not yours, or has been removed. See which ones you have on your account page, or record this without it.',
  PasskeyNotMade: () => 'Your device did not finish making the passkey, or took too long. Try again.',
  PasskeyKnown: () =>
    'This device has a passkey of yours already. Use another device or key, or remove that one first.',
  PasskeyNameTaken: () => 'You have a passkey with this name. Enter another name',
  TooManyPasskeys: ({ most }) =>
    `You have ${most ?? 'as many'} passkeys, which is as many as can be kept. Remove one first.`,
  PasskeyTooNew: ({ from }) =>
    `This passkey signs from ${typeof from === 'string' ? sayMoment(from) : 'a day after it was added'}. Until then record this without it.`,
  NotWhatWasSigned: () =>
    'Your passkey signed something other than what was sent, so nothing was recorded. Reload the page, check what it says, and try again.',

  // how it was sent
  CommandIdReused: () =>
    'This form was sent before with other words, and those were recorded. Reload the page to see them.',

  // the way in
  SignedOut: () =>
    'You have been signed out. Sign in again in another tab, then come back and try again. Nothing on this page has been lost.',
  NotFound: () => 'We could not find this. Check the case code, or contact the coordinator.',
  WrongPassword: () => 'Enter the email address and password you were given. This pair does not match.',
  TooManyTries: () => 'There have been too many tries. Wait 15 minutes, or contact the coordinator.',
  TooOften: () => 'You have asked for this many times in a short while. Wait a minute, then try again.',
  Busy: () =>
    'Many people are signing in at this moment, and this needs its turn. Nothing on this page has been lost. Wait a minute, then try again.',
  DraftSavedMeanwhile: ({ name, at }) =>
    `${typeof name === 'string' ? name : 'A colleague'} saved this draft${typeof at === 'string' ? ` at ${sayTime(at)}` : ''}, after you opened it. Your words are kept on this page.`,
  NotFromHere: () => 'This form came from another address. Open this service again from its own address.',
  OurFault: () =>
    'Sorry, there is a problem with the service. Nothing on this page has been lost. Try again in a few minutes, or contact the coordinator.',
  DiskFull: () =>
    'The service has run out of space, so nothing can be saved just now. Nothing on this page has been lost. Keep it open, tell the coordinator, and try again later.',
  Unreachable: () =>
    'We could not reach the service. Nothing on this page has been lost. Check your connection and try again.',
};

/** The sentence for a refusal. */
export function sayRefusal({ refused, facts }: Refused): string {
  return words[refused](facts);
}

/** "Police and Health", or other words where the service named nobody. */
function listed(names: unknown, otherwise: string): string {
  return Array.isArray(names) && names.length > 0 ? inWords(names.map(String)) : otherwise;
}

function isOne(names: unknown): boolean {
  return !Array.isArray(names) || names.length === 1;
}

function isRole(value: unknown): value is Role {
  return typeof value === 'string' && value in roleWords;
}

/** "Health and Police", or "A partner". */
function named(agencies: unknown): string {
  return Array.isArray(agencies) ? inWords(agencies.map(String)) : 'A partner';
}

function saidDay(day: unknown, otherwise: string): string {
  return typeof day === 'string' ? sayDay(day) : otherwise;
}

function onWhen(at: unknown): string {
  return typeof at === 'string' ? ` on ${sayMoment(at)}` : '';
}

function sinceWhen(at: unknown): string {
  return typeof at === 'string' ? ` since ${sayMoment(at)}` : '';
}
