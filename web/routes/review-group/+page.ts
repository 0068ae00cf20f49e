/** The cases this person may see: what the review and advisory group works from. */
import { unlessSignedOut } from '#lib/load.ts';
import { readRegister } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { reached } = await parent();
  return { register: reached ? unlessSignedOut(await readRegister(), url) : null };
};
