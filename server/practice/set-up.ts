/** Sets up the practice partnership, with cases that anyone can rehearse on. */
import { dayOf, type Day, type Instant } from '#schema/calendar.ts';
import { roomCommand, type RoomCommandInput } from '#schema/command.ts';
import { newId, type RoomId } from '#schema/id.ts';
import { isRefusal } from '#schema/refusal.ts';
import { peopleOf } from '../auth/actor.ts';
import type { Commands, Sender } from '../command.ts';
import { databaseNow, type Time } from '../ledger.ts';
import { setUpPartnership } from '../set-up.ts';
import type { Database } from '../store.ts';
import type { Rooms } from '../sync/rooms.ts';
import { decidedCase } from './decided-case.ts';
import { leadPartnersCase } from './lead-partners-case.ts';
import { handedOverCase } from './handed-over-case.ts';
import { learningCase } from './learning-case.ts';
import { liveCase } from './live-case.ts';
import { northbeck, practicePassword } from './northbeck.ts';
import { notifiedCase } from './notified-case.ts';
import { raisedCase } from './raised-case.ts';
import { reopenedCase } from './reopened-case.ts';
import { reviewedCase } from './reviewed-case.ts';
import { screeningLogs } from './screening-log.ts';
import { sentReviewCase } from './sent-review-case.ts';
import type { Stage } from './stage.ts';
import { toNotifyCase } from './to-notify-case.ts';
import { typist } from './typist.ts';

/** Each case of the practice partnership, in the order in which they are played. */
const cases: readonly ((stage: Stage) => Promise<void>)[] = [
  reopenedCase,
  reviewedCase,
  learningCase,
  sentReviewCase,
  notifiedCase,
  toNotifyCase,
  decidedCase,
  liveCase,
  leadPartnersCase,
  handedOverCase,
  raisedCase,
];

type World = {
  db: Database;
  rooms: Rooms;
  /** The road in, at the database's time or at another. Practice alone tells of earlier days. */
  commandsAt: (time?: Time) => Commands;
};

/** Sets up Northbeck and plays its cases by the same road that people's own acts take. */
export async function setUpPractice({ db, rooms, commandsAt }: World): Promise<void> {
  const { partnership: id } = await setUpPartnership(db, northbeck, { practice: true, password: practicePassword });
  const people = await peopleOf(db, id);
  const today = dayOf(await databaseNow(db));
  const named = (name: string): Sender => {
    const actor = people.find((each) => each.name === name);
    if (!actor) throw new Error(`${name} is not in the practice partnership`);
    return { actor, partnership: { id, name: northbeck.name } };
  };
  const cast = {
    health: named('Amara Fenwick'),
    socialCare: named('Tomas Birch'),
    police: named('Priya Lark'),
    decides: named('Denis Marsh'),
    chair: named('Joan Alder'),
    leadHealth: named('Hal Winter'),
    legal: named('Lena Frost'),
    works: named('Sam Heron'),
  };

  /** Acts on the stage by the road that `commands` is. */
  function acting(commands: Commands): Pick<Stage, 'open' | 'act'> {
    const open: Stage['open'] = async (details, by = cast.health): Promise<RoomId> => {
      const speakers = [cast.socialCare, cast.health, cast.police];
      const takingPart = speakers.map(({ actor }) => ({ agency: actor.agency.id, speaker: actor.person }));
      const opened = await commands.openCase({ id: newId(), command: { type: 'OpenCase', details, takingPart } }, by);
      if (isRefusal(opened)) throw new Error(`The practice case was refused: ${opened.refused}`);
      return opened.room;
    };
    const act = async (room: RoomId, by: Sender, command: RoomCommandInput): Promise<number> => {
      const result = await commands.carryOut(room, { id: newId(), command: roomCommand.parse(command) }, by);
      if ('noRoom' in result || isRefusal(result))
        throw new Error(`${command.type} was refused: ${JSON.stringify(result)}`);
      return result.firstSeq;
    };
    return { open, act };
  }

  const on = (day: Day) => acting(commandsAt(from(`${day}T10:00:00Z`)));
  const stage = { ...acting(commandsAt()), on, type: typist(db, rooms), cast, today };
  for (const play of cases) await play(stage);
  await screeningLogs(db, stage);
}

/** A time that begins at `start` and goes on by ten seconds each time it is asked for. */
function from(start: Instant): Time {
  let next = Date.parse(start);
  return async () => {
    next += 10_000;
    return new Date(next).toISOString();
  };
}
