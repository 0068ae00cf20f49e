/** Signing in without leaving the page, for somebody whose time ran out. */
import type { PersonId } from '#schema/id.ts';
import { isRefused, isWrong, signIn } from '../service.ts';
import { session } from '../session.svelte.ts';
import { sayRefusal } from '../words.ts';

/** Who signed in, or what to say and do. */
export async function signInAgain(
  email: string,
  password: string,
): Promise<{ person: PersonId } | { problem: string }> {
  const answer = await signIn(email.trim(), password);
  if (isWrong(answer)) return { problem: Object.values(answer.errors)[0] ?? 'Enter your email address and password' };
  if (isRefused(answer)) return { problem: sayRefusal(answer) };
  session.begin(answer);
  return { person: session.actor.person };
}
