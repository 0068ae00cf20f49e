/** The link of a mail: leads to where it was about, for the person it was sent to. */
import { redirect } from '@sveltejs/kit';
import { unlessSignedOut } from '#lib/load.ts';
import { addressOf } from '#lib/screens.ts';
import { isRefused, isWrong, readPlace } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, params, url }) => {
  const { reached } = await parent();
  const place = reached ? unlessSignedOut(await readPlace(params.code), url) : null;
  if (place && !isRefused(place) && !isWrong(place)) redirect(303, addressOf(place.ref, place));
  return {};
};
