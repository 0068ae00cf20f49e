/** My work, read again whenever its room says that something changed. */
import { unlessSignedOut } from '#lib/load.ts';
import { isRefused, isWrong, readNotices, readWork } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends('candour:work');
  const { reached } = await parent();
  const [work, told] = reached ? await Promise.all([readWork(), readNotices()]) : [null, null];
  const notices = told && !isRefused(told) && !isWrong(told) ? told.notices : [];
  return { work: work && unlessSignedOut(work, url), notices };
};
