/** Every event an entry may hold, with its parser. */
import { z } from 'zod';
import { administrationEvents } from './administration.ts';
import { caseOpened, chairTold, partnersTold } from './case.ts';
import { chronologyEvents } from './chronology.ts';
import { correctionEvents } from './correction.ts';
import { decisionDeferred, decisionSigned } from './decision.ts';
import { colleagueEvents } from './colleague.ts';
import { commentEvents } from './comment.ts';
import { deathTold } from './death-in-care.ts';
import { documentEvents } from './document.ts';
import { dissentAnswered, dissentRecorded, dissentReviewed } from './dissent.ts';
import { outsideAdviceEvents } from './outside-advice.ts';
import { elementAnswered } from './elements.ts';
import { handedOver, handOverAccepted, takenBack } from './hand-over.ts';
import { harmAssessed } from './harm.ts';
import { identityEvents } from './identity.ts';
import { leadViewGiven } from './lead-view.ts';
import { limitPassed } from './limit.ts';
import { learningActionAdded, learningActionDone, learningClosed, learningRouteChosen } from './learning.ts';
import { notificationEnded, notificationRecorded } from './notification.ts';
import { panelLetterRecorded, panelReplyRecorded } from './panel.ts';
import {
  practiceReviewBegun,
  publicationPlanned,
  reportSent,
  reviewDelayRecorded,
  reviewPublished,
  reviewViewGiven,
} from './practice-review.ts';
import {
  rapidReviewSent,
  rapidReviewSigned,
  rapidReviewStarted,
  returnGiven,
  sufficiencyGiven,
} from './rapid-review.ts';
import { rationaleRequestAnswered, rationaleRequested, rationaleRequestEscalated } from './rationale.ts';
import { rationaleServed, receiptConfirmed } from './served.ts';
import { legalAdviceTaken } from './legal-advice.ts';
import { notesEvents } from './notes.ts';
import { outcomeRecorded } from './outcome.ts';
import { passkeyEvents } from './passkey.ts';
import { positionsOpened, positionSubmitted } from './position.ts';
import { privateSessionClosed, privateSessionOpened } from './private-session.ts';
import { clockRecounted } from './recount.ts';
import { actionReported } from './agreed-action.ts';
import { outcomeFollowedUp } from './follow-up.ts';
import { decisionLookedAt } from './look-again.ts';
import { practiceReviewDeclined } from './no-review.ts';
import { caseReopened, decisionReopened } from './reopen.ts';
import { questionAnswered, questionAsked, questionWithdrawn } from './question.ts';
import {
  leadPartnersTold,
  resolutionEscalated,
  resolutionOpened,
  resolutionRequested,
  stageLimitPassed,
} from './resolution.ts';
import { screeningEvents } from './screening.ts';
import { sessionEvents } from './session.ts';
import { roomOpened } from './side-room.ts';
import { successionEvents } from './succession.ts';
import { toldOfCase } from './work.ts';

export const event = z.discriminatedUnion('type', [
  caseOpened,
  chairTold,
  partnersTold,
  ...notesEvents,
  legalAdviceTaken,
  positionSubmitted,
  positionsOpened,
  questionAsked,
  questionAnswered,
  questionWithdrawn,
  dissentRecorded,
  dissentAnswered,
  dissentReviewed,
  resolutionRequested,
  resolutionEscalated,
  resolutionOpened,
  stageLimitPassed,
  outcomeRecorded,
  decisionDeferred,
  leadPartnersTold,
  leadViewGiven,
  decisionSigned,
  rationaleServed,
  receiptConfirmed,
  rationaleRequested,
  rationaleRequestAnswered,
  rationaleRequestEscalated,
  notificationRecorded,
  notificationEnded,
  rapidReviewStarted,
  returnGiven,
  sufficiencyGiven,
  rapidReviewSigned,
  rapidReviewSent,
  panelLetterRecorded,
  panelReplyRecorded,
  reviewViewGiven,
  practiceReviewBegun,
  reviewDelayRecorded,
  publicationPlanned,
  reportSent,
  reviewPublished,
  learningRouteChosen,
  learningActionAdded,
  learningActionDone,
  learningClosed,
  caseReopened,
  decisionReopened,
  decisionLookedAt,
  outcomeFollowedUp,
  actionReported,
  practiceReviewDeclined,
  ...administrationEvents,
  ...passkeyEvents,
  clockRecounted,
  ...successionEvents,
  ...colleagueEvents,
  ...correctionEvents,
  elementAnswered,
  harmAssessed,
  deathTold,
  ...outsideAdviceEvents,
  ...chronologyEvents,
  ...documentEvents,
  handedOver,
  handOverAccepted,
  takenBack,
  limitPassed,
  privateSessionOpened,
  privateSessionClosed,
  roomOpened,
  ...commentEvents,
  ...identityEvents,
  ...screeningEvents,
  toldOfCase,
  ...sessionEvents,
]);
export type Event = z.infer<typeof event>;
export type EventType = Event['type'];
