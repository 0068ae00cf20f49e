/** Who may be asked to attend: whoever speaks for an agency today. */
import { unlessSignedOut } from '#lib/load.ts';
import { isRefused, isWrong, readPeople } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { reached } = await parent();
  const people = reached ? unlessSignedOut(await readPeople(), url) : null;
  return { people: !people || isRefused(people) || isWrong(people) ? null : people };
};
