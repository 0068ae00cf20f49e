/** The link of a mail: leads to where it was about, for the person it was sent to. */
import { redirect } from '@sveltejs/kit';
import { unlessSignedOut } from '#lib/load.ts';
import { screens } from '#lib/screens.ts';
import { isRefused, isWrong, readPlace } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, params, url }) => {
  const { reached } = await parent();
  const place = reached ? unlessSignedOut(await readPlace(params.code), url) : null;
  if (place && !isRefused(place) && !isWrong(place)) redirect(303, `/cases/${place.ref}${screens[place.place]}`);
  return {};
};
