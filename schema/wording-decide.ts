/** The rules of testing a wording: who answers, once, before the others' answers can be read. */
import type { Actor } from './actor.ts';
import type { Facts } from './facts.ts';
import { refuse, type Refusal } from './refusal.ts';
import { answering, answersFor, type Session } from './session-evolve.ts';
import type { SessionCommand } from './session.ts';
import { notAnswered, underTest, type AnswerContent, type Wording, type WordingEvent } from './wording.ts';

type WordingCommand = Extract<
  SessionCommand,
  { type: 'PutWording' | 'AnswerWording' | 'EnterAnswer' | 'OpenAnswers' | 'AskAgain' | 'CheckVoiceAnswer' }
>;

export function decideWording(
  command: WordingCommand,
  session: Session,
  by: Actor,
  facts: Facts,
): WordingEvent[] | Refusal {
  switch (command.type) {
    case 'PutWording':
      if (session.now?.step !== 'test') return refuse('NotTheStep', { step: 'test' });
      if (underTest(session.wordings)) return refuse('AnswersStillSealed');
      return [{ type: 'WordingPut', item: session.now.item, text: command.text }];
    case 'AnswerWording': {
      if (session.status === 'paused') return refuse('SessionIsPaused');
      const agency = answersFor(session, by.person);
      if (!agency) return refuse('NoAnswerToGive');
      const wording = tested(session, command.wording);
      if (!wording) return refuse('AnswersAlreadyOpen');
      return answered(session, wording, agency, command.content, facts, false);
    }
    case 'EnterAnswer': {
      const agency = answering(session).find(({ id }) => id === command.agency);
      if (!agency) return refuse('NoAnswerToGive', { field: 'agency' });
      const wording = tested(session, command.wording);
      if (!wording) return refuse('AnswersAlreadyOpen');
      if (wording.answers.some((answer) => answer.agency.id === agency.id && !answer.voice))
        return refuse('AlreadyAnswered', { field: 'agency', agency: agency.name });
      return answered(session, wording, agency, command.content, facts, true);
    }
    case 'OpenAnswers':
      if (!tested(session, command.wording)) return refuse('AnswersAlreadyOpen');
      return [{ type: 'AnswersOpened', wording: command.wording, because: 'chair', reason: command.reason }];
    case 'AskAgain': {
      const wording = tested(session, command.wording);
      if (!wording) return refuse('AnswersAlreadyOpen');
      const agencies = notAnswered(wording, answering(session));
      return [{ type: 'AnswersAskedAgain', wording: wording.seq, agencies }];
    }
    case 'CheckVoiceAnswer':
      return check(command, session, by);
  }
}

function tested(session: Session, seq: number): Wording | null {
  const wording = underTest(session.wordings);
  return wording?.seq === seq ? wording : null;
}

/** The last answer opens them all, in the same act: nobody reads another's while their own may still change. */
function answered(
  session: Session,
  wording: Wording,
  agency: Wording['answers'][number]['agency'],
  content: AnswerContent,
  facts: Facts,
  byVoice: boolean,
): WordingEvent[] | Refusal {
  if (content.answer === 'need-more-information' && content.by < facts.today)
    return refuse('DateInThePast', { field: 'content.by' });
  const waitingFor = notAnswered(wording, answering(session)).filter(({ id }) => id !== agency.id);
  return [
    ...(byVoice ? [{ type: 'AnswerToldByVoice' as const, wording: wording.seq, agency }] : []),
    { type: 'WordingAnswered', wording: wording.seq, agency, content },
    ...(waitingFor.length === 0
      ? [{ type: 'AnswersOpened' as const, wording: wording.seq, because: 'all-in' as const, reason: '' }]
      : []),
  ];
}

/** An answer that the Chair entered stands as entered; its agency says whether that is what it said. */
function check(
  command: Extract<WordingCommand, { type: 'CheckVoiceAnswer' }>,
  session: Session,
  by: Actor,
): WordingEvent[] | Refusal {
  const agency = answersFor(session, by.person);
  if (!agency) return refuse('NoAnswerToGive');
  const wording = session.wordings.find(({ seq }) => seq === command.wording);
  const answer = wording?.answers.find((each) => each.agency.id === agency.id);
  if (!wording || !answer?.voice) return refuse('NoVoiceAnswer');
  if (answer.voice.checked) return refuse('AlreadyChecked');
  return [{ type: 'VoiceAnswerChecked', wording: wording.seq, agency, right: command.right, says: command.says }];
}
