/** What a heading of the notes is called on the page, and what to write under the ones a case starts with. Pure. */
import { caseHeadings } from '#schema/notes.ts';

/** The element id of the heading with this place among the headings, from 0. */
export function headingId(index: number): string {
  return `notes-heading-${index}`;
}

/** The hint of one of the headings that a case starts with; none for a heading people made. */
export function hintOf(title: string): string | undefined {
  return caseHeadings.find((heading) => heading.title === title.trim())?.hint;
}
