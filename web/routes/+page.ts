/** My work, read again whenever its room says that something changed. */
import { unlessSignedOut } from '#lib/load.ts';
import { readWork } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends('candour:work');
  const { reached } = await parent();
  return { work: reached ? unlessSignedOut(await readWork(), url) : null };
};
