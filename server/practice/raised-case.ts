/**
 * A practice case that Police have just raised, about two children: the Chair and the partners are told, nothing is said
 * yet, and who the children are is still to be put into the vault.
 */
import type { Stage } from './stage.ts';

export async function raisedCase({ open, act, cast, today }: Stage): Promise<void> {
  const room = await open(
    {
      awareOn: today,
      incidentOn: today,
      whatHappened: 'seriously-harmed',
      account:
        'Officers were called to a flat after a fire. Two children were alone there and were taken to hospital, one of them unconscious from smoke.',
      incidentPlace: 'this-area',
      homePlace: 'this-area',
      lookedAfter: 'not-known',
      initials: 'T.O.',
      age: 4,
      otherChildren: [{ initials: 'M.O.', age: 7 }],
      toldBy: 'Response officers, Northbeck Police',
      toldByDetail: '',
    },
    cast.police,
  );
  await act(room, cast.police, {
    type: 'LetColleagueIn',
    person: cast.works.actor.person,
    why: 'Took the first call, and gathers what Police know.',
  });
}
