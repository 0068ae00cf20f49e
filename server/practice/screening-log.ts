/** The practice screening logs: one case not presented, which the Chair asks about, and one agency that had none. */
import { newId } from '#schema/id.ts';
import { isRefusal } from '#schema/refusal.ts';
import { screeningCommand, type ScreeningCommand } from '#schema/screening.ts';
import type { Sender } from '../command.ts';
import { createFolds } from '../ledger.ts';
import { createScreening } from '../screening.ts';
import type { Database } from '../store.ts';
import { workingDaysAgo, type Stage } from './stage.ts';

export async function screeningLogs(db: Database, { cast, today }: Pick<Stage, 'cast' | 'today'>): Promise<void> {
  const screening = createScreening({ db, folds: createFolds() });
  async function log(by: Sender, command: ScreeningCommand): Promise<number> {
    const result = await screening.carryOut({ id: newId(), command: screeningCommand.parse(command) }, by);
    if (isRefusal(result)) throw new Error(`${command.type} was refused: ${result.refused}`);
    return result.firstSeq;
  }
  const screened = await log(cast.health, {
    type: 'LogScreening',
    content: {
      consideredOn: workingDaysAgo(today, 6),
      whatHappened: 'seriously-harmed',
      account: 'A child of nine was brought in with a scald to the hand from a kettle and stayed for two nights.',
      consideredBy: 'Named nurse and consultant paediatrician',
      whyNot: 'no-abuse-or-neglect',
      reason:
        'Both parents and an older brother gave the same account, and the scald fits it. A second scald, or another account, would change our view.',
      instead: 'The health visitor goes to see the kitchen this week.',
    },
  });
  await log(cast.chair, {
    type: 'SampleScreening',
    agency: cast.health.actor.agency.id,
    screened,
    view: 'ask',
    note: 'Was the child asked, and alone?',
  });
  await log(cast.police, {
    type: 'LogNoneConsidered',
    from: workingDaysAgo(today, 20),
    to: workingDaysAgo(today, 1),
  });
}
