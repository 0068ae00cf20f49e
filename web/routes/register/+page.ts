/** The register as this person may see it. */
import { unlessSignedOut } from '#lib/load.ts';
import { readRegister } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { reached } = await parent();
  return { register: reached ? unlessSignedOut(await readRegister(), url) : null };
};
