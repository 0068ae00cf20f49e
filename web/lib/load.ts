/** What every screen's `load` does with an answer of the service. */
import { redirect } from '@sveltejs/kit';
import { isRefused, type Answer } from './service.ts';
import { session } from './session.svelte.ts';

/** Where signing in leads back to. Only a path of this service, never another address. */
export function signInFrom({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string {
  const from = pathname + search;
  return from === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(from)}`;
}

/** The path that `to` names, if it is one of ours; My work if not. */
export function pathAfterSignIn(to: string | null, origin: string): string {
  if (!to?.startsWith('/') || !URL.canParse(to, origin)) return '/';
  const url = new URL(to, origin);
  return url.origin === origin ? url.pathname + url.search : '/';
}

/** Hands the answer on, unless it is that nobody is signed in: then to the sign-in page, and back here after. */
export function unlessSignedOut<Value extends object>(answer: Answer<Value>, from: URL): Answer<Value> {
  if (isRefused(answer) && answer.refused === 'SignedOut') {
    session.end();
    redirect(303, signInFrom(from));
  }
  return answer;
}
