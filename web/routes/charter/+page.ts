/** Every wording of the charter there has been or is planned. */
import { unlessSignedOut } from '#lib/load.ts';
import { readCharters } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { reached } = await parent();
  return { charters: reached ? unlessSignedOut(await readCharters(), url) : null };
};
