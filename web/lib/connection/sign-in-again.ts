/** Signing in without leaving the page, for somebody whose time ran out. */
import type { PersonId } from '#schema/id.ts';
import { api } from '../server.ts';

/** Who signed in, or what to say and do. */
export async function signInAgain(
  email: string,
  password: string,
): Promise<{ person: PersonId } | { problem: string }> {
  try {
    const answer = await api['sign-in'].$post({ json: { email: email.trim(), password } });
    if (answer.status === 200) {
      const { signedIn } = await answer.json();
      if (signedIn) return { person: signedIn.actor.person };
    }
    if (answer.status === 429) return { problem: 'There were too many attempts. Wait a few minutes, then try again.' };
    return { problem: 'Enter the email address and password you signed in with' };
  } catch (error) {
    // `fetch` rejects with a TypeError when there is no way to the service.
    if (!(error instanceof TypeError)) throw error;
    return { problem: 'The service could not be reached. What you typed is still on this page. Try again.' };
  }
}
