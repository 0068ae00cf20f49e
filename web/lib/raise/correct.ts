/** A correction as it is typed, as the details of a case that it becomes. Pure. */
import type { Fields } from '../deliberation/fields.ts';

/** As far as it is filled in: the service's parser says what is missing. What was left empty and may be is left out. */
export function correctedDetails({ age, careLeaver, incidentOn, otherChildren, ...said }: Fields): object {
  const others = Object.values((otherChildren ?? {}) as Record<string, Fields>);
  return {
    ...said,
    age: years(age),
    ...(careLeaver === '' || years(age) < 16 ? {} : { careLeaver }),
    ...(incidentOn === '' ? {} : { incidentOn }),
    ...(others.length > 0 ? { otherChildren: others.map((other) => ({ ...other, age: years(other['age']) })) } : {}),
  };
}

function years(typed: Fields[string] | undefined): number {
  return typeof typed === 'string' && typed.trim() !== '' ? Number(typed) : Number.NaN;
}
