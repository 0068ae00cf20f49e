/** Who of one's own agency could be let into the case; none for those who let nobody in. */
import { unlessSignedOut } from '#lib/load.ts';
import { isRefused, isWrong, readColleagues } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { opened } = await parent();
  const answer = unlessSignedOut(await readColleagues(opened.room), url);
  return { colleagues: isRefused(answer) || isWrong(answer) ? [] : answer.colleagues };
};
