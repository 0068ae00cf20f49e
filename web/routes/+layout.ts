/** Before any screen: what the service is, and who is signed in. */
import { redirect } from '@sveltejs/kit';
import { hashOf, signInFrom } from '#lib/way-in.ts';
import { session } from '#lib/session.svelte.ts';
import type { LayoutLoad } from './$types';

/** The pages are built as files; a person's screens are made in their browser only. */
export const ssr = false;

/** What may be read without signing in. */
const open = new Set(['/sign-in', '/accessibility', '/check']);

export const load: LayoutLoad = async ({ url }) => {
  const reached = await session.load();
  if (reached && !session.signedIn && !open.has(url.pathname)) redirect(303, signInFrom(url, hashOf(url)));
  return { reached };
};
