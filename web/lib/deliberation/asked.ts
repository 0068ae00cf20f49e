/** A form said as its questions: what each asks, what it holds, and how an answer reads when it is checked. Pure. */
import { plainDate, sayDay } from '#schema/calendar.ts';
import type { Fields } from './fields.ts';

/** One question. Its path is the command's, so that each problem finds its field. */
export type Question = {
  path: string;
  label: string;
  hint?: string;
  /** A line, running text, a date, one of some answers, several of them, or one picked from a list. */
  as: 'line' | 'text' | 'day' | 'one' | 'some' | 'pick';
  options?: readonly { value: string; label: string; hint?: string }[];
  optional?: boolean;
  rows?: number;
  /** What it starts with. */
  starts?: string;
  /** A heading above it, where a group of questions begins. */
  heading?: string;
  /** Asked only while this holds of the other answers. */
  when?: (values: Fields) => boolean;
};

/** What an empty form of these questions holds. */
export function emptyOf(questions: readonly Question[]): Fields {
  const values: Fields = {};
  for (const { path, as, starts } of questions) {
    const parts = path.split('.');
    const last = parts.pop() ?? path;
    let within = values;
    for (const part of parts) {
      within[part] ??= {};
      within = within[part] as Fields;
    }
    within[last] = as === 'some' ? [] : (starts ?? '');
  }
  return values;
}

function holder(values: Fields, path: string): { within: Fields; last: string } {
  const parts = path.split('.');
  const last = parts.pop() ?? path;
  return { within: parts.reduce((at, part) => at[part] as Fields, values), last };
}

/** The text that stands at a path; empty where there is none. */
export function textAt(values: Fields, path: string): string {
  const { within, last } = holder(values, path);
  const value = within[last];
  return typeof value === 'string' ? value : '';
}

/** The answers chosen at a path. */
export function listAt(values: Fields, path: string): string[] {
  const { within, last } = holder(values, path);
  const value = within[last];
  return Array.isArray(value) ? value : [];
}

export function writeAt(values: Fields, path: string, value: string | string[]): void {
  const { within, last } = holder(values, path);
  within[last] = value;
}

/** The questions that are asked as the answers stand. */
export function shownOf(questions: readonly Question[], values: Fields): Question[] {
  return questions.filter(({ when }) => !when || when(values));
}

/** An answer as it reads on the page that checks it. */
export function sayAnswer(question: Question, values: Fields): string {
  const { path, as, options = [], optional } = question;
  const word = (value: string) => options.find((option) => option.value === value)?.label ?? value;
  if (as === 'some') return listAt(values, path).map(word).join('\n') || 'None';
  const text = textAt(values, path);
  if (text === '') return optional ? 'Nothing entered' : '';
  if (as === 'day') return plainDate(text) ? sayDay(text) : text;
  return as === 'one' || as === 'pick' ? word(text) : text;
}

/** Text, or null where nothing was entered: for a date that may be left out. */
export function orNull(text: unknown): string | null {
  return typeof text === 'string' && text !== '' ? text : null;
}
