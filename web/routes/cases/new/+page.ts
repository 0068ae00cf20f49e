/** Who may be asked to take part in a case. */
import { unlessSignedOut } from '#lib/load.ts';
import { readPeople } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { reached } = await parent();
  return { people: reached ? unlessSignedOut(await readPeople(), url) : null };
};
