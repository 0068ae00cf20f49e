/** The thread that works passwords out. */
import { answerAll } from '../thread.ts';
import { hashOf, isRight } from './hash.ts';

export type PasswordQuestion =
  { what: 'hash'; password: string } | { what: 'check'; password: string; stored: string | null };
export type PasswordAnswer = { what: 'hash'; hash: string } | { what: 'check'; isRight: boolean };

answerAll((asked: PasswordQuestion): PasswordAnswer => {
  switch (asked.what) {
    case 'hash':
      return { what: 'hash', hash: hashOf(asked.password) };
    case 'check':
      return { what: 'check', isRight: isRight(asked.password, asked.stored) };
  }
}, 'far');
