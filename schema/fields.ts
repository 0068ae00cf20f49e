/** The small parsers that forms share: text, dates, choices, each with an error that says what to do. */
import { z } from 'zod';
import { plainDate } from './calendar.ts';

/** Longest reason, statement or response, in Unicode code points, as zod counts: an emoji of one sign is one. */
export const longText = 2_000;
export const shortText = 200;

/**
 * Whether the record can hold this text. PostgreSQL's text has no NUL, and half of a surrogate pair
 * has no canonical form to hash (RFC 8785): either would fail after the parser had said yes.
 */
export function isSavable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
const notSavable = 'Remove the character that cannot be saved, or type this again';

/** Required text. `error` is shown when it is missing: "Give a reason for criterion 2". */
export function text(error: string, max = longText) {
  return z
    .string({ error })
    .trim()
    .min(1, error)
    .max(max, `Use ${max.toLocaleString('en-GB')} characters or fewer`)
    .refine(isSavable, notSavable);
}

/** Text that may be left empty. */
export function optionalText(max = longText) {
  return z
    .string()
    .trim()
    .max(max, `Use ${max.toLocaleString('en-GB')} characters or fewer`)
    .refine(isSavable, notSavable)
    .default('');
}

/** One of the given answers. `error` is shown when none is chosen: "Select who will speak for Police". */
export function choice<const T extends readonly [string, ...string[]]>(values: T, error: string) {
  return z.enum(values, { error });
}

/** A day in the calendar, `2026-10-06`. */
export function day(error: string) {
  return z.string({ error }).refine((value) => plainDate(value) !== null, error);
}

/**
 * For a rule across fields that is told together with what is wrong in each of them, and not only
 * once they are in order. Such a rule must bear with fields that hold anything at all.
 */
export const besideFields = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
};

/** Problems by field path (`criteria.harm.reason`), each the words to show beside that field. */
export type FieldErrors = Record<string, string>;

export function fieldErrors(error: z.ZodError): FieldErrors {
  const errors: FieldErrors = {};
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) errors[[...issue.path, key].join('.')] ??= 'This field is not known';
    } else {
      errors[issue.path.join('.') || 'form'] ??= issue.message;
    }
  }
  return errors;
}
