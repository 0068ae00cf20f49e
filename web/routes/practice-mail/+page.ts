/** The mails of a practice service, which go nowhere. */
import { unlessSignedOut } from '#lib/load.ts';
import { isRefused, isWrong, readPracticeMail } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { reached } = await parent();
  const read = reached ? unlessSignedOut(await readPracticeMail(), url) : null;
  return { mails: !read || isRefused(read) || isWrong(read) ? [] : read.mails };
};
