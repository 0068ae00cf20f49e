/** What every field shares: its words, where they stand, and which of them describe it. */

export type FieldWords = {
  /** The path of the value in what is sent, such as `details.awareOn`: errors find their field by it. */
  id: string;
  hint?: string | undefined;
  error?: string | undefined;
};

export type Size = 's' | 'm' | 'l' | 'xl';

/** One answer of radios, checkboxes or a select. */
export type Option<Value extends string = string> = { value: Value; label: string; hint?: string | undefined };

/** `aria-describedby` for a field: its hint, its error and anything else, where they exist. */
export function describedBy({ id, hint, error }: FieldWords, ...others: (string | undefined)[]): string | undefined {
  const ids = [hint ? `${id}-hint` : undefined, error ? `${id}-error` : undefined, ...others];
  return ids.filter((each) => each !== undefined).join(' ') || undefined;
}

/** The id of the nth of several controls of one field: the first has the field's own, so that errors lead to it. */
export function nthId(id: string, index: number): string {
  return index === 0 ? id : `${id}-${index + 1}`;
}
