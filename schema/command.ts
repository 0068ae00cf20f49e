/** Every command a person may send, with its parser. */
import { z } from 'zod';
import { caseDetails, openCase } from './case.ts';
import { chronologyCommands } from './chronology.ts';
import { correctionCommands } from './correction.ts';
import { deferDecision, signDecision } from './decision.ts';
import { addDocument, removeDocument } from './document.ts';
import { colleagueCommands } from './colleague.ts';
import { commentCommands } from './comment.ts';
import { recordDeathTold } from './death-in-care.ts';
import { answerDissent, recordDissent, reviewDissent } from './dissent.ts';
import { askOutsideAdvice, endOutsideAdvice, recordOutsideAdvice } from './outside-advice.ts';
import { answerElement } from './elements.ts';
import { acceptHandOver, handOver, takeBack } from './hand-over.ts';
import { assessHarm } from './harm.ts';
import { id } from './id.ts';
import { identityCommands, keepIdentity, readIdentity, childIdentities } from './identity.ts';
import { recordLegalAdvice } from './legal-advice.ts';
import { giveLeadView } from './lead-view.ts';
import { passLimit } from './limit.ts';
import { addLearningAction, chooseLearningRoute, closeLearning, completeLearningAction } from './learning.ts';
import { nameVersion } from './notes.ts';
import { endNotification, recordNotification } from './notification.ts';
import { recordOutcome } from './outcome.ts';
import { recordPanelLetter, recordPanelReply } from './panel.ts';
import {
  beginPracticeReview,
  giveReviewView,
  planPublication,
  recordPublication,
  recordReportSent,
  recordReviewDelay,
} from './practice-review.ts';
import { giveReturn, giveSufficiency, sendRapidReview, signRapidReview } from './rapid-review.ts';
import { answerRationaleRequest, escalateRationaleRequest, requestRationale } from './rationale.ts';
import { confirmReceipt } from './served.ts';
import { openPositions, submitPosition } from './position.ts';
import { closePrivateSession, openPrivateSession } from './private-session.ts';
import { answerQuestion, askQuestion, withdrawQuestion } from './question.ts';
import { reportAction } from './agreed-action.ts';
import { followUpOutcome } from './follow-up.ts';
import { lookAgain } from './look-again.ts';
import { declinePracticeReview } from './no-review.ts';
import { reopenCase, reopenDecision } from './reopen.ts';
import { openResolution, passStageLimit, requestResolution } from './resolution.ts';
import { assertion } from './signature.ts';
import { pauseForLostChair, sessionCommands } from './session.ts';
import { tellChair } from './told.ts';

/** Commands to a case's common room. `OpenCase` makes the room, so it has a door of its own. */
export const roomCommand = z.discriminatedUnion('type', [
  submitPosition,
  openPositions,
  askQuestion,
  answerQuestion,
  withdrawQuestion,
  recordDissent,
  answerDissent,
  reviewDissent,
  requestResolution,
  openResolution,
  recordOutcome,
  deferDecision,
  giveLeadView,
  signDecision,
  confirmReceipt,
  requestRationale,
  answerRationaleRequest,
  recordNotification,
  endNotification,
  giveReturn,
  giveSufficiency,
  signRapidReview,
  sendRapidReview,
  recordPanelLetter,
  recordPanelReply,
  giveReviewView,
  beginPracticeReview,
  recordReviewDelay,
  planPublication,
  recordReportSent,
  recordPublication,
  chooseLearningRoute,
  addLearningAction,
  completeLearningAction,
  closeLearning,
  reopenCase,
  reopenDecision,
  lookAgain,
  followUpOutcome,
  reportAction,
  declinePracticeReview,
  openPrivateSession,
  closePrivateSession,
  ...commentCommands,
  nameVersion,
  recordLegalAdvice,
  answerElement,
  assessHarm,
  recordDeathTold,
  askOutsideAdvice,
  recordOutsideAdvice,
  endOutsideAdvice,
  ...chronologyCommands,
  removeDocument,
  handOver,
  acceptHandOver,
  takeBack,
  tellChair,
  ...correctionCommands,
  ...colleagueCommands,
  ...sessionCommands,
]);
export type RoomCommand = z.infer<typeof roomCommand>;
/** As a form holds it, before parsing fills in what may be left out. */
export type RoomCommandInput = z.input<typeof roomCommand>;

/** What only the service's clock sends: no route takes these. */
export const clockCommand = z.discriminatedUnion('type', [
  passLimit,
  passStageLimit,
  pauseForLostChair,
  escalateRationaleRequest,
]);
export type ClockCommand = z.infer<typeof clockCommand>;

export const command = z.discriminatedUnion('type', [
  openCase,
  ...roomCommand.options,
  ...identityCommands,
  addDocument,
  ...clockCommand.options,
]);
export type Command = z.infer<typeof command>;

/** What is posted: the command, an id made once per form so that sending twice is harmless, and the signature of who signed it. */
export const commandRequest = z.strictObject({ id, command: roomCommand, signature: assertion.optional() });
export type CommandRequest = z.infer<typeof commandRequest>;
/** Who the children are comes beside the command: a command leaves a fingerprint, the vault's words leave none. */
export const openCaseRequest = z.strictObject({
  id,
  command: openCase,
  identities: childIdentities.default([]),
});
export type OpenCaseRequest = z.infer<typeof openCaseRequest>;
/** Commands about the identity vault have doors of their own: one answers with what it keeps, one takes what is to be kept. */
export const readIdentityRequest = z.strictObject({ id, command: readIdentity });
export const keepIdentityRequest = z.strictObject({ id, command: keepIdentity, identities: childIdentities.min(1) });
export type KeepIdentityRequest = z.infer<typeof keepIdentityRequest>;
/** What is asked before a case is opened: whether another, which this person is on, may be the same. */
export const alikeRequest = z.strictObject({ details: caseDetails, identities: childIdentities.default([]) });
export type AlikeRequest = z.infer<typeof alikeRequest>;
