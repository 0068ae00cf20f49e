/** Signing in without leaving the page, for somebody whose time ran out. */
import type { PersonId } from '#schema/id.ts';
import { isRefused, isWrong, practiceSignIn, signIn } from '../service.ts';
import { session } from '../session.svelte.ts';
import { sayRefusal } from '../words.ts';

type Again = { person: PersonId } | { problem: string };

/** Who signed in, or what to say and do. */
export async function signInAgain(email: string, password: string): Promise<Again> {
  return begun(await signIn(email.trim(), password));
}

/** The same in a practice service, where nobody has a password to remember. */
export async function practiceAgain(person: PersonId): Promise<Again> {
  return begun(await practiceSignIn(person));
}

function begun(answer: Awaited<ReturnType<typeof signIn | typeof practiceSignIn>>): Again {
  if (isWrong(answer)) return { problem: Object.values(answer.errors)[0] ?? 'Enter your email address and password' };
  if (isRefused(answer)) return { problem: sayRefusal(answer) };
  session.begin(answer);
  return { person: session.actor.person };
}
