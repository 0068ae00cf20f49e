/** Every reason to say no, by name. `web/lib/words.ts` makes each a sentence. */

/** Facts a person needs to act on the refusal; plain values only, never case text. */
export type RefusalFacts = Record<string, string | number | boolean | readonly (string | number)[]>;

export type RefusalName =
  // who is asking
  | 'NotYourRole'
  | 'OnlyTheAuthorityDecides'
  | 'OnlyTheChair'
  | 'NoPositionToGive'
  | 'OnlyLeadPartners'
  | 'NotYourDissent'
  | 'NotYourQuestion'
  | 'NotInTheChair'
  | 'OnlyTheDeputy'
  | 'NoAnswerToGive'
  | 'NotYoursToReport'
  | 'OnlyTheAuthorityNotifies'
  | 'NotServedOnYou'
  | 'NotYourRow'
  | 'NotYourDocument'
  | 'NotYoursToCorrect'
  // what has happened
  | 'CaseAlreadyOpened'
  | 'CaseNotOpened'
  | 'AwareBeforeItHappened'
  | 'MoreThanTheChildren'
  | 'ChairAlreadyTold'
  | 'NoChairToTell'
  | 'NoSuchCorrection'
  | 'CorrectionAlreadyRead'
  | 'SomeWereConsidered'
  | 'NoSuchScreening'
  | 'NothingAsked'
  | 'NotOnTheCaseNamed'
  | 'PositionsStillSealed'
  | 'PositionsAlreadyOpen'
  | 'NothingToOpen'
  | 'WhatChangedMissing'
  | 'NotAReplacement'
  | 'PositionGivenMeanwhile'
  | 'QuestionAlreadyAsked'
  | 'NoSuchQuestion'
  | 'QuestionAlreadyAnswered'
  | 'QuestionWithdrawn'
  | 'ViewsDoNotDiffer'
  | 'ResolutionAlreadyAsked'
  | 'ResolutionNotAsked'
  | 'ResolutionNotOpen'
  | 'ResolutionAlreadyOpen'
  | 'NoSuchDissent'
  | 'DissentAlreadyAnswered'
  | 'DissentUnanswered'
  | 'DisagreementAwaitsReasons'
  | 'DissentTooLate'
  | 'DissentNotAnswered'
  | 'DissentWithdrawn'
  | 'AlreadyDecided'
  | 'SomethingChanged'
  | 'NotDecided'
  | 'NotificationStands'
  | 'KnownBeforeDecision'
  | 'AwareBeforeKnown'
  | 'ReadBeyondRecord'
  | 'OutsideTheClock'
  | 'ReceiptAlreadyConfirmed'
  | 'NoSuchRequest'
  | 'RequestAlreadyAnswered'
  | 'RequestAlreadyEscalated'
  | 'NotOverdue'
  | 'DecidedNotToNotify'
  | 'AlreadyNotified'
  | 'NotNotified'
  | 'NotificationAlreadyEnded'
  | 'BeforeItCouldBe'
  | 'SufficiencyMissing'
  | 'SignOffMissing'
  | 'DifferingUnanswered'
  | 'ReviewAlreadySigned'
  | 'ReviewAlreadySent'
  | 'NoSuchLetter'
  | 'LetterAlreadyAnswered'
  | 'PracticeReviewBegun'
  | 'PracticeReviewNotBegun'
  | 'ReviewViewsMissing'
  | 'OpposedUnanswered'
  | 'PartnersDecidedOtherwise'
  | 'DelayReasonMissing'
  | 'ReportNotSent'
  | 'ReportAlreadySent'
  | 'ReportSentTooLate'
  | 'WhyNotPublishedMissing'
  | 'ReviewAlreadyPublished'
  | 'ReviewAlreadyDeclined'
  | 'WantedUnanswered'
  | 'NotOnThisCase'
  | 'LearningRouteMissing'
  | 'LearningAlreadyClosed'
  | 'NoSuchAction'
  | 'ActionAlreadyDone'
  | 'ActionsStillOpen'
  | 'DateInTheFuture'
  | 'DateInThePast'
  | 'TooFarAhead'
  | 'NoLocalAuthority'
  | 'PartnerLeftOut'
  | 'NoSuchStage'
  | 'UrgentReasonMissing'
  | 'NoStageAbove'
  | 'AttendanceMissing'
  | 'AbsenceUnexplained'
  | 'DateAfterTheClock'
  | 'NotWithLeadPartners'
  | 'NothingToFollowUp'
  | 'AlreadyFollowedUp'
  | 'LimitNotPassed'
  | 'LimitAlreadyPassed'
  // the Chair's session
  | 'NoSession'
  | 'NobodyToAttend'
  | 'CannotTakeTheChair'
  | 'ChairSpeaksForNobody'
  | 'SessionAlreadyStarted'
  | 'SessionPastTheClock'
  | 'SessionNotRunning'
  | 'SessionIsPaused'
  | 'SessionNotPaused'
  | 'SessionMovedOn'
  | 'SessionNotEnded'
  | 'NoSuchItem'
  | 'NotTheStep'
  | 'AlreadyPresent'
  | 'NotPresent'
  | 'ChairCannotLeave'
  | 'AlreadyAskedToSpeak'
  | 'NotAskedToSpeak'
  | 'NobodySpeaks'
  | 'AlreadyReady'
  | 'AnswersStillSealed'
  | 'AnswersAlreadyOpen'
  | 'AlreadyAnswered'
  | 'NoVoiceAnswer'
  | 'AlreadyChecked'
  | 'ItemAlreadyRecorded'
  | 'NoWordingTested'
  | 'NotAllAgree'
  | 'PartnerAbsent'
  | 'ItemsNotRecorded'
  | 'AlreadyInTheChair'
  | 'ChairIsHere'
  | 'ChairMayReturn'
  | 'MinutesClosed'
  | 'NothingResolved'
  | 'NoSuchComment'
  | 'CommentIsClosed'
  | 'NotesAreEmpty'
  | 'NameTaken'
  | 'AdviceAlreadyRecorded'
  | 'QuestionToYourself'
  | 'PrivateSessionStillOpen'
  | 'NoSuchPrivateSession'
  | 'PrivateSessionAlreadyClosed'
  | 'NotOnTheCase'
  | 'AssessmentUnchanged'
  | 'NoDeathInCare'
  | 'DeathAlreadyTold'
  // advice from outside
  | 'NotAnonymous'
  | 'OutsideAdviceAlreadyAsked'
  | 'NoSuchOutsideAdvice'
  | 'OutsideAdviceAlreadyGiven'
  | 'OutsideAdviceAlreadyEnded'
  // the chronology
  | 'RowAlreadyAdded'
  | 'NoSuchRow'
  | 'RowWithdrawn'
  | 'RowCorrectedMeanwhile'
  | 'TimeInTheFuture'
  // documents
  | 'DocumentTooLarge'
  | 'DocumentIsEmpty'
  | 'DocumentCutShort'
  | 'DocumentKindNotAllowed'
  | 'VirusFound'
  | 'ScannerAway'
  | 'TooManyUploads'
  | 'TooManyDocuments'
  | 'DocumentAlreadyAdded'
  | 'NoSuchDocument'
  | 'DocumentAlreadyRemoved'
  | 'StillToBeKept'
  | 'DocumentDamaged'
  // handing over to another authority
  | 'AlreadyHandedOver'
  | 'NotHandedOver'
  | 'AlreadyAccepted'
  | 'AcceptedBeforeAsked'
  // looking after the partnership
  | 'ArrangementsMovedOn'
  | 'NothingChanged'
  | 'BeginsInThePast'
  | 'EarlierThanPlanned'
  | 'EndsBeforeItBegins'
  | 'AgencyExists'
  | 'NoSuchAgency'
  | 'NoSuchPerson'
  | 'NoSuchRole'
  | 'NoSuchCover'
  | 'EmailTaken'
  | 'LastBusinessUnit'
  | 'RoleNotCovered'
  | 'CoverAcrossAgencies'
  | 'CoverOfOneself'
  | 'ServesAnotherAgency'
  | 'OnlyPartnersTakeTurns'
  | 'TurnIsTaken'
  | 'DeciderTakesNoTurn'
  // how it was sent
  | 'CommandIdReused';

export type Refusal = { readonly refused: RefusalName; readonly facts: RefusalFacts };

export function refuse(refused: RefusalName, facts: RefusalFacts = {}): Refusal {
  return { refused, facts };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** Refusals about who is asking are answered 403; all others are about what has happened: 409. */
const aboutTheAsker: ReadonlySet<RefusalName> = new Set([
  'NotYourRole',
  'OnlyTheAuthorityDecides',
  'OnlyTheChair',
  'NoPositionToGive',
  'OnlyLeadPartners',
  'NotYourDissent',
  'NotYourQuestion',
  'NotInTheChair',
  'OnlyTheDeputy',
  'NoAnswerToGive',
  'NotYoursToReport',
  'OnlyTheAuthorityNotifies',
  'NotServedOnYou',
  'NotYourRow',
  'NotYourDocument',
  'NotYoursToCorrect',
]);

export function statusOf(refusal: Refusal): 403 | 409 {
  return aboutTheAsker.has(refusal.refused) ? 403 : 409;
}
