/** What every screen's `load` does with an answer of the service. */
import { redirect } from '@sveltejs/kit';
import { isRefused, type Answer } from './service.ts';
import { session } from './session.svelte.ts';
import { hashOf, signInFrom } from './way-in.ts';

/** Hands the answer on, unless it is that nobody is signed in: then to the sign-in page, and back here after. */
export function unlessSignedOut<Value extends object>(answer: Answer<Value>, from: URL): Answer<Value> {
  if (isRefused(answer) && answer.refused === 'SignedOut') {
    session.end();
    redirect(303, signInFrom(from, hashOf(from)));
  }
  return answer;
}
