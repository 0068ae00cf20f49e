/** The arrangements as forms hold them: numbers and days as they are typed. Pure. */
import type { ArrangementPart, AdministrationCommand } from '#schema/administration.ts';
import type { Arrangements } from '#schema/arrangements.ts';

type Typed<Part> = Part extends number
  ? string
  : Part extends readonly (infer Each)[]
    ? Typed<Each>[]
    : Part extends object
      ? { [Name in keyof Part]: Typed<Part[Name]> }
      : Part;

/** Every part as it is typed; a form shows one of them. */
export type PartValues = Typed<
  Pick<
    Arrangements,
    'chairTitle' | 'charter' | 'criteria' | 'elements' | 'review' | 'ladder' | 'clocks' | 'calendar' | 'retention'
  >
>;

/** The numbers of an object as text, all the way down. */
export function typed<Part>(part: Part): Typed<Part> {
  if (typeof part === 'number') return String(part) as Typed<Part>;
  if (Array.isArray(part)) return part.map((each) => typed(each)) as Typed<Part>;
  if (typeof part === 'object' && part !== null) {
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, typed(value)])) as Typed<Part>;
  }
  return part as Typed<Part>;
}

/** A whole number as it was typed; what is none comes out as one that no rule takes. */
export function whole(text: string): number {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;
}

type Change = Extract<AdministrationCommand, { type: 'ChangeArrangements' }>['change'];

/** What is sent for one part. */
export function changeOf(part: ArrangementPart, values: PartValues): Change {
  const { chairTitle, charter, criteria, elements, review, ladder, clocks, calendar, retention } = values;
  switch (part) {
    case 'chair':
      return { part, chairTitle };
    case 'charter':
      return { part, charter };
    case 'criteria':
      return {
        part,
        criteria: { ...criteria, criteria: criteria.criteria.map((each) => ({ ...each, number: whole(each.number) })) },
      };
    case 'elements':
      return { part, elements: elements.map((each) => ({ ...each, number: whole(each.number) })) };
    case 'review':
      return { part, review };
    case 'ladder':
      return {
        part,
        ladder: ladder.map((stage, index) => ({ ...stage, number: index + 1, byDay: whole(stage.byDay) })),
      };
    case 'clocks':
      return {
        part,
        clocks: {
          ...clocks,
          rationaleWithin: whole(clocks.rationaleWithin),
          dissentWithin: whole(clocks.dissentWithin),
          returnsWithin: whole(clocks.returnsWithin),
          requestEscalatesWithin: whole(clocks.requestEscalatesWithin),
          tellChairWithin: whole(clocks.tellChairWithin),
          firstLookWithin: whole(clocks.firstLookWithin),
        },
      };
    case 'calendar':
      return { part, calendar };
    case 'retention':
      return { part, retention: retention.map((rule) => ({ ...rule, years: whole(rule.years) })) };
  }
}

export function isPart(part: string | undefined, parts: readonly ArrangementPart[]): part is ArrangementPart {
  return parts.some((each) => each === part);
}
