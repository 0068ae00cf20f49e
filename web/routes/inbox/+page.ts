/** What this person was told. */
import { unlessSignedOut } from '#lib/load.ts';
import { readNotices } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url, depends }) => {
  depends('candour:work');
  const { reached } = await parent();
  return { told: reached ? unlessSignedOut(await readNotices(), url) : null };
};
